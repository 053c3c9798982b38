"""The console examples of the READMEs and the pages of docs/ show what the program really prints, in their language.

`PYTHONPATH=.:tests python tests/project/test_readme.py --write` renews what they show.
"""

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
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from support.front_ends.commands import called, working_in
from support.library import ROOT

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


ENGLISH, CHINESE = LOCALES = ("C.UTF-8", "zh_CN.UTF-8")


def locale_of(name: str) -> str:
    """The locale of a page's examples."""
    return CHINESE if ".zh-CN." in name else ENGLISH


CHANGING = {"index", "forget", "alias", "watch"}
"""The commands after which others may print something else."""
INDEXED = "podseek index corpus"


class Sessions:
    """Commands one after the other, in a locale. What pages have in common runs once."""

    def __init__(self, place: Path, locale: str) -> None:
        self._place = place / locale
        self._locale = locale
        (self._place / "empty").mkdir(parents=True)
        self.outcome = cache(self._outcome)

    def _outcome(self, history: tuple[str, ...], command: str) -> tuple[str, Path]:
        """What a command prints after those that have changed the index, and the folder where its index is then."""
        before = self.folder(history)
        if command.split()[1] not in CHANGING:
            return run(command, before, self._locale), before
        after = Path(mkdtemp(dir=self._place))
        shutil.copytree(before, after, dirs_exist_ok=True)
        return run(command, after, self._locale), after

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
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sessions]:
    """By locale."""
    place = tmp_path_factory.mktemp("sessions")
    return {locale: Sessions(place, locale) for locale in LOCALES}


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_print_what_the_document_shows(name: str, sessions: dict[str, Sessions]) -> None:
    shown = examples(name)
    if name.startswith("README"):
        assert len(shown) >= 5
    for (command, output), printed in zip(shown, printed_by(name, sessions), strict=True):
        assert printed == output, command


def printed_by(name: str, sessions: dict[str, Sessions]) -> list[str]:
    """What the commands of a page print; those of docs/ come after INDEXED, as the pages say."""
    before = [] if name.startswith("README") or not examples(name) else [INDEXED]
    commands = [*before, *(command for command, _ in examples(name))]
    return list(sessions[locale_of(name)].print(commands))[len(before) :]


PYTHON = re.compile(r"^```python\n(import podseek\n.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_the_python_examples_run(name: str, sessions: dict[str, Sessions]) -> None:
    """On the sample corpus, as they are."""
    for example in PYTHON.findall((ROOT / name).read_text("utf-8")):
        variables = environment(sessions[ENGLISH].folder((INDEXED,)), ENGLISH)
        ran = subprocess.run([sys.executable, "-c", example], cwd=ROOT, env=variables, capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (0, "")


def environment(folder: Path, locale: str) -> dict[str, str]:
    """The variables of a process whose index is in the folder."""
    return {**os.environ, "PODSEEK_INDEX": str(folder / "index"), "PYTHONUTF8": "1", "LANG": locale}


def run(command: str, folder: Path, locale: str) -> str:
    """What a command prints, in the order of a terminal; the index is in the folder. One that changes nothing runs in
    this process, which takes a tenth of the time."""
    program, *arguments = shlex.split(command)
    assert program == "podseek"
    variables = environment(folder, locale)
    if arguments[0] not in CHANGING:
        with working_in(ROOT):
            ran = called(*arguments, merged=True, **variables)
        return ran.out.replace("\r\n", "\n")
    command_line = [sys.executable, "cli.py", *arguments]
    return subprocess.run(
        command_line, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    ).stdout


def _write() -> None:
    """Renews what the examples print in each page."""
    with TemporaryDirectory() as place:
        sessions = {locale: Sessions(Path(place), locale) for locale in LOCALES}
        for name in PAGES:
            printed = iter(printed_by(name, sessions))
            head, *blocks = BLOCK.split((ROOT / name).read_text("utf-8"))
            for at in range(0, len(blocks), 2):  # a block, and the text after it
                blocks[at] = f"```console\n{_renewed(blocks[at], printed)}```"
            (ROOT / name).write_text("".join((head, *blocks)), "utf-8")


def _renewed(block: str, printed: Iterator[str]) -> str:
    """A block with other output after its commands."""
    head, *shown = re.split(r"^\$ ", block, flags=re.MULTILINE)
    commands = [example.partition("\n")[0] for example in shown]
    return head + "".join(f"$ {command}\n{next(printed)}" for command in commands)


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    _write()
