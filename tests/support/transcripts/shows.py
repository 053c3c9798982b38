"""Two shows of two episodes and their index, as a plugin. PYTEST_DONT_REWRITE"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import indexer
from indexer.core.positions.tokens import split_atoms
from indexer.store.writer import IndexWriter
from indexer.update import Report
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.sources import WordSource

WriteSrt = Callable[..., Path]


@pytest.fixture
def shows(tmp_path: Path, write_srt: WriteSrt) -> Path:
    """Two shows of two episodes."""
    root = tmp_path.resolve() / "shows"
    write_srt(root / "tea" / "one.srt", "今天的茶是热的", "我们慢慢喝")
    write_srt(root / "tea" / "two.srt", "语音识别的原理")
    write_srt(root / "rain" / "one.srt", "窗外下着小雨")
    write_srt(root / "rain" / "two.srt", "GPU训练1.5B的模型")
    return root


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "index"


def run(index: Path, *paths: Path, **options: Any) -> Report:
    return indexer.index_paths(paths, index, jobs=1, **options)


def counts(report: Report) -> dict[str, int]:
    """The counts of a report that are not zero."""
    names = ("added", "changed", "unchanged", "removed", "without_cues", "failed", "missing")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def records(index: Path) -> dict[str, dict[str, Any]]:
    """path -> record. Fails when two episodes share a path or an id."""
    with closing(IndexWriter(index)) as writer:
        found = writer.records()
    assert len({record["id"] for record in found}) == len({record["path"] for record in found}) == len(found)
    return {record["path"]: record for record in found}


def places(snapshot: EmbeddedSnapshot, word: str, episode: int) -> list[int]:
    """The positions of a word in an episode."""
    return WordSource(snapshot, split_atoms(word)).positions(episode)


def ids(index: Path) -> set[str]:
    return {record["id"] for record in records(index).values()}


@pytest.fixture
def opened(index: Path) -> Callable[[], EmbeddedSnapshot]:
    return lambda: EmbeddedSnapshot(index)
