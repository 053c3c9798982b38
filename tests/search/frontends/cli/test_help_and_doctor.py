"""`podseek help`, the man page, `podseek doctor`, shell completion, `-V` and `--json`."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import click
import pytest
from support.front_ends.commands import COMMANDS, ran

from cli import podseek
from search.frontends import installation
from search.frontends.cli.arguments.completion import complete
from search.frontends.extras import EXTRAS, install_command

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).resolve().parents[4]


def test_help_shows_what_the_option_shows(capsys: Capture) -> None:
    assert ran(capsys, "help").out == ran(capsys, "--help").out
    assert ran(capsys, "help", "search").out.splitlines()[1:] == ran(capsys, "search", "--help").out.splitlines()[1:]
    assert "config set" in ran(capsys, "help", "config", "set").out.splitlines()[0]
    unknown = ran(capsys, "help", "serch")
    assert (unknown.code, "did you mean search?" in unknown.err) == (2, True)


def test_the_man_page_has_every_command_and_option(capsys: Capture) -> None:
    page = ran(capsys, "help", "--man").out
    for name in COMMANDS:
        assert f'.SS "podseek {name}"' in page
    assert "\\-\\-library" in page
    assert page.startswith('.TH PODSEEK 1 "" "podseek ')
    assert not [line for line in page.splitlines() if re.match(r"['.](?!TH|SH|SS|B |B$|PP|nf|fi|TP)", line)]
    assert ran(capsys, "help", "--man", "search").code == 2


def test_the_version_has_a_short_option(capsys: Capture) -> None:
    assert ran(capsys, "-V") == ran(capsys, "--version")


def test_the_version_is_that_of_the_changelog() -> None:
    setup = re.search(r"^version = (\S+)$", (ROOT / "setup.cfg").read_text("utf-8"), re.MULTILINE)
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert setup and newest
    assert setup[1] == newest[1]


def test_json_is_short_for_its_format(capsys: Capture, sample_index: Path) -> None:
    for words in (["search", "电池", "-n", "1"], ["episodes"]):
        named = [*words, "--index", str(sample_index)]
        short = ran(capsys, *named, "--json")
        assert short.out == ran(capsys, *named, "--format", "jsonl").out
        assert json.loads(short.out.splitlines()[0])["schema"] == 1


class TestDoctor:
    def test_it_tells_what_is_there_and_what_is_not(
        self, capsys: Capture, sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10**12}))
        run = ran(capsys, "doctor", "--json", "--index", str(sample_index))
        assert run.code == 0
        found = {one["what"]: one for one in map(json.loads, run.out.splitlines())}
        assert found["index"]["state"] == "good"
        assert "14 episodes" in found["index"]["found"]
        assert found["ffmpeg"] == {
            "schema": 1,
            "what": "ffmpeg",
            "state": "missing",
            "found": "not installed",
            "cure": "install ffmpeg",
        }
        assert found["recogniser"]["state"] == "missing"
        assert ran(capsys, "doctor", "--index", str(sample_index)).out.count("\n") == len(found)

    def test_what_does_not_work_is_an_error(
        self, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "index"
        folder.mkdir()
        (folder / "podseek.json").write_text("{", "utf-8")
        run = ran(capsys, "doctor", "--index", str(folder))
        assert run.code == 2
        assert "✗ index" in run.out
        config = tmp_path / "config.toml"
        config.write_text('colour = "x"\n', "utf-8")
        monkeypatch.setenv("PODSEEK_CONFIG", str(config))
        assert installation.findings(folder)[2].state == "bad"

    @pytest.mark.parametrize("text", ["[", 'colour = "x"\n', '[search]\nlimit = "many"\n'])
    def test_a_fault_in_the_configuration_is_a_finding_and_leaves_help(
        self, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        config = tmp_path / "config.toml"
        config.write_text(text, "utf-8")
        monkeypatch.setenv("PODSEEK_CONFIG", str(config))
        run = ran(capsys, "doctor", "--index", str(tmp_path / "none"))
        assert run.code == 2
        assert f"✗ configuration  {config}:" in run.out
        assert "✓ podseek" in run.out
        assert ran(capsys, "help", "config").code == 0
        assert ran(capsys, "--index", str(tmp_path / "none"), "episodes").err.startswith(f"{config}:")

    def test_an_index_that_is_not_there_yet_is_no_error(self, capsys: Capture, tmp_path: Path) -> None:
        run = ran(capsys, "doctor", "--index", str(tmp_path / "none"))
        assert run.code == 0
        assert "there is none yet" in run.out


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/home/me/.local/share/pipx/venvs/podseek", "pipx inject podseek watchfiles"),
        ("/home/me/.local/share/uv/tools/podseek", "uv tool install --with watchfiles podseek"),
        (
            "/home/me/.venv",
            "pip install 'podseek[watch]' | pipx inject podseek watchfiles | uv tool install --with watchfiles podseek",
        ),
    ],
)
def test_a_missing_package_is_told_with_the_command_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, prefix: str, command: str
) -> None:
    monkeypatch.setattr(sys, "prefix", prefix)
    assert install_command("watch") == command


def test_the_extras_are_those_of_the_package() -> None:
    setup = (ROOT / "setup.cfg").read_text("utf-8")
    assert {"mcp", "meaning", "plot", "serve", "watch"} == set(EXTRAS)
    for extra in EXTRAS:
        assert re.search(rf"^{extra} =$", setup, re.MULTILINE)


class TestCompletion:
    @pytest.fixture
    def context(self, sample_index: Path) -> click.Context:
        context = click.Context(podseek)
        context.params = {"index": str(sample_index)}
        return click.Context(podseek, parent=context)

    def test_names_are_completed(self, context: click.Context) -> None:
        def named(kind: str, typed: str) -> list[str]:
            return [item.value for item in complete(kind, context, typed)]

        assert named("episode", "corpus/05") == ["corpus/05-speech-recognition"]
        assert named("episode", "speech") == ["corpus/05-speech-recognition"]
        assert named("show", "") == ["回声机房"]
        assert named("speaker", "") == sorted(set(named("speaker", "")), key=named("speaker", "").index)
        assert named("title", "电池") == ["电池这件小事"]
        assert named("source", "")
        assert named("library", "x") == []

    def test_without_an_index_nothing_is(self, tmp_path: Path) -> None:
        context = click.Context(podseek)
        context.params = {"index": str(tmp_path / "none")}
        assert complete("episode", context, "") == []

    def test_the_options_and_arguments_ask_for_it(self) -> None:
        context = click.Context(podseek)
        for name, parameter in (("read", "episode"), ("forget", "names"), ("search", "show"), ("remove", "names")):
            command = podseek.get_command(context, name)
            assert command is not None
            (found,) = [one for one in command.params if one.name == parameter]
            assert found.shell_complete(click.Context(command), "zzz") == []
