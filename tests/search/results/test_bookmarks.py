"""Bookmarks in a file that is damaged, or no file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from indexer.core.errors import PodseekProblem
from search.results.bookmarks import Bookmark, change_bookmarks, read_bookmarks

ONE = Bookmark("2026-01-02", "", "水", "tea/a", "/a.srt", "tea", "a", None, None, 1.0, 2.0, ((1.0, "", "水"),))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    change_bookmarks(lambda _: [ONE])
    return next(tmp_path.rglob("bookmarks.jsonl"))


@pytest.mark.parametrize(
    "change",
    [
        {"title": 5},
        {"note": []},
        {"date": 2025},
        {"date": "soon"},
        {"date": "2025-13"},
        {"saved": "today"},
        {"start": "1"},
        {"end": float("nan")},
        {"lines": [[-1, "", "x"]]},
    ],
)
def test_a_value_of_another_type_is_told_with_its_line(file: Path, change: dict[str, object]) -> None:
    assert read_bookmarks() == [ONE]
    broken = {**ONE._asdict(), **change}
    file.write_text(f"{json.dumps(ONE._asdict())}\n{json.dumps(broken)}\n", "utf-8")
    with pytest.raises(PodseekProblem, match=r"jsonl:2: is no bookmark"):
        read_bookmarks()


def test_deep_nesting_is_no_bookmark(file: Path) -> None:
    file.write_text("[" * 100_000, "utf-8")
    with pytest.raises(PodseekProblem, match=r"jsonl:1: is no bookmark"):
        read_bookmarks()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes in folders")
def test_a_pipe_in_place_of_the_bookmarks_is_not_waited_for(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(OSError, match="a pipe"):
        read_bookmarks()
