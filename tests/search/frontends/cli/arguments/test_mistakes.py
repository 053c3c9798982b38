"""Sixty common mistakes: each is answered in one line that says what is wrong and what to do, in both languages.

The list is `mistakes.txt`: a command, its exit code, the line in English and in Chinese. To renew the answers, after
reading them: `PYTHONPATH=.:tests python tests/search/frontends/cli/arguments/test_mistakes.py --write`.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from support.front_ends.commands import called, working_in
from support.library import subrip

LIST = Path(__file__).with_name("mistakes.txt")
SHOWS = set("两杯茶橋上風景")
"""Characters of names in the index, which an answer may list."""
HAN = re.compile(r"[\u4e00-\u9fff]")


class Mistake(NamedTuple):
    """A command, its exit code, and what stderr has in both languages."""

    command: str
    code: int
    english: str
    chinese: str


def mistakes() -> list[Mistake]:
    blocks = LIST.read_text("utf-8").split("\n\n")
    return [Mistake(*_parts(block.strip().split("\n"))) for block in blocks if block.startswith("$ ")]


def _parts(lines: list[str]) -> tuple[str, int, str, str]:
    command, code, english, chinese = (*lines, "", "")[:4] if len(lines) > 1 else (lines[0], "0", "", "")
    return command.removeprefix("$ podseek "), int(code), english, chinese


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a transcript, files that are none, and a folder that is no index."""
    return prepared(tmp_path)


def prepared(folder: Path) -> Path:
    (folder / "talk.srt").write_text(subrip("今天聊茶"), "utf-8")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    (folder / "page.xml").write_text("<html><body>no feed</body></html>", "utf-8")
    (folder / "odd.opml").write_text("<opml><body>", "utf-8")
    (folder / "full").mkdir()
    (folder / "full" / "photo.jpg").write_bytes(b"\xff\xd8")
    (folder / "there.csv").write_text("mine", "utf-8")
    return folder


def answer(command: str, folder: Path, index: Path, language: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command, with the index as INDEX and the home folder as HOME."""
    home = folder / "home"
    homes = {name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    with working_in(folder):
        run = called(*shlex.split(command), index=index, PODSEEK_LANG=language, HOME=str(home), **homes)

    def same(text: str) -> str:
        return text.replace(str(index), "INDEX").replace(str(home), "HOME").replace(str(folder.resolve()), "HERE")

    return run.code, run.out, same(run.err)


def test_there_are_sixty() -> None:
    assert len({mistake.command for mistake in mistakes()}) >= 60


def test_each_mistake_has_one_clear_line_in_both_languages(tiny_index: Path, place: Path) -> None:
    wrong = []
    for mistake in mistakes():
        for language, line in (("en", mistake.english), ("zh", mistake.chinese)):
            code, out, err = answer(mistake.command, place, tiny_index, language)
            if (code, err) != (mistake.code, f"{line}\n") or out:
                wrong.append((mistake.command, language, code, err, out[:80]))
    assert wrong == []


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.command)
def test_a_line_is_in_its_language(mistake: Mistake) -> None:
    typed = set(HAN.findall(mistake.command))
    assert set(HAN.findall(mistake.english)) <= typed | SHOWS
    assert set(HAN.findall(mistake.chinese)) - typed, "has words of Chinese that were not typed"
    assert mistake.code in (1, 2)
    assert "Traceback" not in mistake.english


def write(index: Path, folder: Path) -> Iterator[str]:
    for mistake in mistakes():
        yield f"$ podseek {mistake.command}"
        answers = [answer(mistake.command, folder, index, language) for language in ("en", "zh")]
        yield str(answers[0][0])
        yield from (err.rstrip("\n") for _, _, err in answers)
        yield ""


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    from support.transcripts.tiny import write_tiny

    import indexer

    with tempfile.TemporaryDirectory() as name:
        files, there = Path(name, "files"), Path(name, "here")
        there.mkdir()
        write_tiny(files)
        indexer.index_paths([files], Path(name, "index"), jobs=1)
        LIST.write_text("\n".join(write(Path(name, "index"), prepared(there))), "utf-8")
        os._exit(0)
