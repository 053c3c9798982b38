"""The recogniser that is chosen, by configuration or because it is installed, and the command it is called with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from indexer.core.configuration.settings_edit import written
from indexer.core.configuration.settings_file import ConfigProblem
from indexer.intake.recogniser import PRESETS, Recogniser, RecogniserProblem, choose, fill


def test_fields_are_filled_once_and_an_option_is_never_made_of_a_name() -> None:
    values = {"audio": "/a/{folder}.mp3", "folder": "/f", "stem": "-rf", "language": "zh"}
    assert fill("{audio} {folder} {other}", values) == "/a/{folder}.mp3 /f {other}"
    recogniser = Recogniser("x", ("asr", "{stem}"))
    with pytest.raises(Exception, match="begins with a dash"):
        recogniser.arguments(values)
    assert Recogniser("x", ("asr", "-o{stem}")).arguments(values) == ["asr", "-o-rf"]
    preset = Recogniser("whisper", PRESETS["whisper"], language=("--language", "{language}"))
    assert preset.arguments(values)[-2:] == ["--language", "zh"]
    assert "--language" not in preset.arguments({**values, "language": "auto"})


def test_a_recogniser_without_a_name_is_refused() -> None:
    with pytest.raises(RecogniserProblem, match="is a variable not set"):
        choose(" ")


class TestConfiguration:
    @pytest.fixture
    def config(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("PODSEEK_CONFIG", str(tmp_path / "config.toml"))
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        (tmp_path / "bin").mkdir()
        return tmp_path / "config.toml"

    def installed(self, config: Path, name: str) -> None:
        program = config.parent / "bin" / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)

    def test_the_first_preset_that_is_installed_is_taken(self, config: Path) -> None:
        with pytest.raises(RecogniserProblem, match="no recogniser is known"):
            choose()
        self.installed(config, "funasr")
        assert choose().language == ()
        self.installed(config, "whisper-ctranslate2")
        assert choose().name == "faster-whisper"
        self.installed(config, "whisper")
        assert choose().name == "whisper"
        with pytest.raises(RecogniserProblem, match="other: no such recogniser: there are whisper, faster-whisper"):
            choose("other")

    def test_a_command_of_the_user_is_taken(self, config: Path) -> None:
        command = [sys.executable, "asr.py", "--in={audio}"]
        config.write_text(
            f'recogniser = "mine"\n[recognisers.mine]\ncommand = {written(command)}\ntimeout = "90m"\n', "utf-8"
        )
        assert choose() == Recogniser("mine", tuple(command), "", 5400.0)
        config.write_text('recogniser = "mine"\n[recognisers.mine]\ncommand = ["gone", "{audio}"]\n', "utf-8")
        with pytest.raises(RecogniserProblem, match="gone is not installed"):
            choose()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('command = ["x"]', r"recognisers\.mine\.command: needs \{audio\}"),
            ('command = ["x", "{audio}", "{model}"]', r"\{model\} is none of \{audio\}"),
            ('command = ["x", "{audio}"]\ntimeout = "soon"', r"timeout: 'soon' is no time"),
        ],
    )
    def test_a_command_that_cannot_be_used_is_told(self, config: Path, text: str, said: str) -> None:
        config.write_text(f"[recognisers.mine]\n{text}\n", "utf-8")
        with pytest.raises(ConfigProblem, match=said):
            choose("mine")
