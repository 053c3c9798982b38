"""The console examples of the READMEs and the pages of docs/ show what the program really prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(name: str) -> list[tuple[str, str]]:
    """(command, output) of each example in a document."""
    found = []
    for block in BLOCK.findall((ROOT / name).read_text("utf-8")):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            found.append((command, output))
    return found


PAGES = ["README.md", "README.zh-CN.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))]


CHANGING = {"index", "forget", "alias", "watch"}
"""The commands after which others may print something else."""
INDEXED = "podseek index corpus"


class Sessions:
    """Commands one after the other. What pages have in common, above all those of two languages, runs once."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.outcome = cache(self._outcome)

    def _outcome(self, history: tuple[str, ...], command: str) -> tuple[str, Path]:
        """What a command prints after those that have changed the index, and the folder where its index is then."""
        before = self.folder(history)
        if command.split()[1] not in CHANGING:
            return run(command, before), before
        after = Path(mkdtemp(dir=self._place))
        shutil.copytree(before, after, dirs_exist_ok=True)
        return run(command, after), after

    def folder(self, history: tuple[str, ...]) -> Path:
        """Where the index is after these commands."""
        return self.outcome(history[:-1], history[-1])[1] if history else self._place / "empty"

    def print(self, commands: Iterable[str]) -> Iterator[str]:
        """What each of the commands prints."""
        history: tuple[str, ...] = ()
        for command in commands:
            yield self.outcome(history, command)[0]
            history = (*history, command) if command.split()[1] in CHANGING else history


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    place = tmp_path_factory.mktemp("sessions")
    (place / "empty").mkdir()
    return Sessions(place)


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_print_what_the_document_shows(name: str, sessions: Sessions) -> None:
    shown = examples(name)
    if name.startswith("README"):
        assert len(shown) >= 5
    elif shown:
        shown = [(INDEXED, sessions.outcome((), INDEXED)[0]), *shown]  # as the pages say
    for (command, output), printed in zip(shown, sessions.print(command for command, _ in shown), strict=True):
        assert printed == output, command


PYTHON = re.compile(r"^```python\n(import podseek\n.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_the_python_examples_run(name: str, sessions: Sessions) -> None:
    """On the sample corpus, as they are."""
    for example in PYTHON.findall((ROOT / name).read_text("utf-8")):
        variables = environment(sessions.folder((INDEXED,)))
        ran = subprocess.run([sys.executable, "-c", example], cwd=ROOT, env=variables, capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (0, "")


def environment(folder: Path) -> dict[str, str]:
    """The variables of a process whose index is in the folder."""
    return {**os.environ, "PODSEEK_INDEX": str(folder / "index"), "PYTHONUTF8": "1"}


def run(command: str, folder: Path) -> str:
    """What a command prints; the index is in the folder."""
    program, *arguments = shlex.split(command)
    assert program == "podseek"
    command_line = [sys.executable, "cli.py", *arguments]
    ran = subprocess.run(command_line, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr
