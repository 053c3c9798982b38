"""A show of two episodes, its feed, and runs over them: fixtures and helpers, as a plugin. PYTEST_DONT_REWRITE"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import indexer
from indexer.core.types import Episode
from indexer.store.fields.record import from_record
from indexer.store.writer import IndexWriter
from indexer.update import Report
from support.transcripts.feeds import srt

SEA = "<title>海底的光</title><guid isPermaLink='false'>sea</guid><pubDate>Sun, 08 Jun 2025 23:30:00 +0800</pubDate>"
TEA = "<title>一壶好茶</title><guid isPermaLink='false'>tea</guid><pubDate>Sun, 15 Jun 2025 23:30:00 +0800</pubDate>"
NEW = "<title>机器听写</title><guid isPermaLink='false'>new</guid>"


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A show of two episodes; the feed has the one by its title, the other by its date."""
    folder = tmp_path.resolve() / "show"
    folder.mkdir()
    (folder / "海底的光.srt").write_bytes(srt("今天聊海底的光缆", "开源是怎么一回事"))
    (folder / "2025-06-15.srt").write_bytes(srt("一壶好水"))
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "index"


@pytest.fixture
def run(index: Path) -> Callable[..., Report]:
    return lambda *paths, **options: indexer.index_paths(paths, index, jobs=1, **options)


def episodes(index: Path) -> dict[str, Episode]:
    """The episodes of the index by their title."""
    with closing(IndexWriter(index)) as writer:
        found = [from_record(record) for record in writer.records()]
    assert len({episode.title for episode in found}) == len(found)
    return {episode.title: episode for episode in found}


def said(report: Report) -> list[str]:
    return [str(complaint) for complaint in report.complaints]


def counts(report: Report) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "removed", "missing", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
