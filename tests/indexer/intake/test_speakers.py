"""A speaker who is renamed once is renamed everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front_ends.commands import ran

import indexer
import search
from indexer.store.library.renamed_speakers import FILE, Rename, add_rename, read_renames, renamed

pytestmark = pytest.mark.usefixtures("loaded_tools")

Capture = pytest.CaptureFixture[str]


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cues = (f"{n}\n00:00:{n * 4:02},000 --> 00:00:{n * 4 + 3:02},000\n{line}\n" for n, line in enumerate(lines, 1))
    path.write_text("\n".join(cues), "utf-8")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    root = tmp_path.resolve()
    write(root / "tea" / "one.srt", "SPEAKER_00: 今天的茶是热的", "SPEAKER_01: 我们慢慢喝", "SPEAKER_00: 好")
    write(root / "rain" / "one.srt", "SPEAKER_00: 窗外下着小雨", "SPEAKER_01: 是的", "SPEAKER_00: 嗯")
    indexer.index_paths([root / "tea", root / "rain"], root / "library", jobs=1)
    return root / "library"


def speakers(index: Path) -> dict[str, tuple[str, ...]]:
    with search.open_library(index) as library:
        return {episode.show: episode.speakers for episode in library.episodes()}


def test_everywhere_and_in_what_comes_later(index: Path, capsys: Capture) -> None:
    run = ran(capsys, "speakers", "SPEAKER_00", "老周", "--index", str(index))
    assert (run.code, run.err) == (0, "SPEAKER_00 is 老周 in 2 episodes\n")
    assert speakers(index) == {"tea": ("老周", "SPEAKER_01"), "rain": ("老周", "SPEAKER_01")}
    with search.open_library(index) as library:
        assert len(library.search("茶 speaker:老周")) == 1
        assert library.search("茶")[0].cues[0].speaker == "老周"
    tea = index.with_name("tea")
    write(tea / "two.srt", "SPEAKER_00: 第二天", "SPEAKER_01: 茶凉了", "SPEAKER_00: 嗯")
    assert indexer.index_paths([tea], index, jobs=1).added == 1
    assert ran(capsys, "speakers", "--index", str(index)).out == "     3  老周\n     3  SPEAKER_01\n"
    assert indexer.index_paths([tea], index, jobs=1).unchanged == 2


def test_in_one_show_only(index: Path, capsys: Capture) -> None:
    assert ran(capsys, "speakers", "SPEAKER_00", "老周", "--show", "tea", "--index", str(index)).code == 0
    assert speakers(index) == {"tea": ("老周", "SPEAKER_01"), "rain": ("SPEAKER_00", "SPEAKER_01")}


def test_renaming_back_undoes_it(index: Path, capsys: Capture) -> None:
    before = speakers(index)
    for words in (("SPEAKER_00", "老周"), ("老周", "SPEAKER_00")):
        assert ran(capsys, "speakers", *words, "--index", str(index)).code == 0
    assert speakers(index) == before


@pytest.mark.parametrize("words", [("nobody", "x"), ("SPEAKER_00",), ("SPEAKER_00", " "), ("SPEAKER_00", "a\nb")])
def test_what_cannot_be_renamed_is_told(index: Path, capsys: Capture, words: tuple[str, ...]) -> None:
    run = ran(capsys, "speakers", *words, "--index", str(index))
    assert run.code == 2
    assert not (index / FILE).exists()


def test_renames_follow_one_another(tmp_path: Path) -> None:
    add_rename(tmp_path, Rename("a", "b"))
    add_rename(tmp_path, Rename("b", "c"))
    assert renamed("a", read_renames(tmp_path)) == "c"
    add_rename(tmp_path, Rename("a", "d"))
    assert renamed("a", read_renames(tmp_path)) == "d"
