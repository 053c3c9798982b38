"""Benches refuse what they cannot measure or make, in one line, and make nothing then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.library import PATIENCE

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import growth
import make_corpus
import speed

CUES = "--cues", "5"


@pytest.mark.parametrize(
    ("bench", "words", "told"),
    [
        (make_corpus, ["new", "--cues", "-5"], "--cues is at least 1"),
        (make_corpus, ["new", "--cues", "0"], "--cues is at least 1"),
        (make_corpus, ["new", *CUES, "--from", "nowhere"], "nowhere: has no .srt files"),
        (make_corpus, ["file", *CUES], "file: is a file"),
        (make_corpus, ["new", "--tenth-of", "nowhere"], "nowhere: has no .srt files"),
        (make_corpus, ["new", "--tenth-of", "talks", "--from", "talks"], "--from and --seed are for --cues"),
        (make_corpus, ["new", "--tenth-of", "talks", "--seed", "3"], "--from and --seed are for --cues"),
        (speed, ["nowhere"], "nowhere: is no folder"),
        (speed, ["talks", "--place", "nowhere"], "nowhere: is no folder"),
        (speed, ["talks", "--keep", "file"], "file: is no folder"),
        (speed, [*CUES, "--from", "nowhere"], "nowhere: is no folder"),
        (speed, ["talks", "--queries", "0"], "at least 1"),
        (speed, ["--cues", "0"], "at least 1"),
        (growth, ["talks", "index", "--queries", "0"], "at least 1"),
        (growth, ["talks", "index", "--rounds", "0"], "at least 1"),
        (growth, ["nowhere", "index"], "nowhere: is no folder"),
    ],
)
def test_what_cannot_be_measured_or_made_is_one_line(
    bench: object,
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "1.srt").touch()
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as ended:
        bench.parsed(words)  # type: ignore[attr-defined]
    assert ended.value.code == 2
    assert told in capsys.readouterr().err.splitlines()[-1]
    assert {path.name for path in tmp_path.iterdir()} == {"talks", "file"}


BENCH = Path(__file__).resolve().parents[2] / "bench"
COMMANDS = sorted(BENCH.glob("*.py"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_a_file_of_the_benches_is_a_command_that_says_what_it_is_for(command: Path) -> None:
    """Asked for help it starts nothing: its text goes through a parser, or through what runs a part of a bench."""
    source = command.read_text("utf-8")
    assert 'if __name__ == "__main__":' in source
    assert "ArgumentParser(description=__doc__" in source or "act(__doc__" in source
    assert f"`{command.name}`" in (BENCH / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [(["--help"], 0, "prints files"), ([], 0, "prints files"), (["grow"], 2, "grow: is none of size, warm, read")],
)
def test_a_part_of_a_bench_says_what_it_can_do(words: list[str], code: int, told: str) -> None:
    command = [sys.executable, str(BENCH / "growth_worker.py"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == code
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
