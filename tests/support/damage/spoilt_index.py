"""Two small indexes that have everything an index may have, and ways to damage a copy of one. As a plugin.
PYTEST_DONT_REWRITE"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import indexer
from indexer.core.files.kept_folder import home_of
from indexer.discovery.inbox import store_transcript
from indexer.store.library import feeds as store
from indexer.store.library import seen_moments as seen
from indexer.update import Report
from search import open_library
from support.library import Tools, spaced, write_lines
from support.transcripts.tiny import write_tiny

CUE = "1\n00:00:01,000 --> 00:00:03,000\n{}\n"


def make(tools: Tools, folder: Path, *more: str) -> Path:
    """An index of several segments that has everything an index may have."""
    index = tools.index([write_tiny(folder / "shows")], folder / "index")
    lines = spaced(["我们今天煮水喝茶", *["好的好的"] * 9, "茶叶要新的 Kettle", "谢谢观看", *more])
    write_lines(folder / "more" / "loop.srt", lines)
    chapters = {"chapters": [{"startTime": 0, "title": "烧水的风景"}, {"startTime": 20, "title": "茶叶"}]}
    (folder / "more" / "loop.chapters.json").write_text(json.dumps(chapters), "utf-8")
    tools.index([folder / "more"], index)
    tools.index([store_transcript(home_of(index), CUE.format("收音机没有电池了").encode(), "radio.srt")], index)
    (index / "lexicon.toml").write_text('[[heard]]\nright = "茶叶"\nas = ["茶夜"]\n', "utf-8")
    store.write_store(index, {})
    seen.write_known(index, {})
    return index


@pytest.fixture(scope="session")
def made(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two indexes that differ. Read them, never write them."""
    folder = tmp_path_factory.mktemp("damage").resolve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.store.seal.FEWEST", 2)  # else only segments of many episodes have a signature
        return make(tools, folder / "one"), make(tools, folder / "other", "另外一句话")


@pytest.fixture
def full_index(made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the first."""
    monkeypatch.setattr("indexer.store.segments.contents.sleep", lambda seconds: None)
    return Path(shutil.copytree(made[0], tmp_path.resolve() / "index"))


@pytest.fixture
def rebuild(tools: Tools, full_index: Path) -> Callable[..., Report]:
    def run(*paths: Path, **options: bool) -> Report:
        with tools.loaded():
            return indexer.index_paths(paths, full_index, jobs=1, **{"rebuild": True, **options})

    return run


def part(index: Path, name: str) -> Path:
    """The largest of the files of a kind: that of the first commit."""
    return max(index.glob(f"*{name}"), key=lambda path: path.stat().st_size)


def spoil(path: Path) -> None:
    """Flips a bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def answers(index: Path) -> list[object]:
    """What is found, whatever the order of the episodes in the index."""
    with open_library(index) as library:
        found = {(m.episode.id, m.start, m.end) for m in library.search("茶", limit=None)}
        return [found, *((episode.id, library.read(episode.id)[1]) for episode in library.episodes())]
