"""Snapshots of an index in a folder, apart from the contract of all engines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines

from indexer.core.errors import IndexProblem
from search.backends.embedded.snapshot import EmbeddedSnapshot


def test_there_is_one_line_for_a_place_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="there is no index here"):
        EmbeddedSnapshot(tmp_path)


def test_a_commit_to_a_folder_that_was_still_for_long_is_noticed(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "shows" / "a.srt", spaced(["网络很慢"]))
    folder = tmp_path / "index"
    before = EmbeddedSnapshot(tools.index([tmp_path / "shows"], folder))
    for _ in range(3):
        assert before.is_current()
        os.utime(folder, (1e9, 1e9))  # so the names in it are read no more
    (toc,) = folder.glob("_MAIN_*.toc")
    said = toc.read_bytes()
    toc.write_bytes(said)  # as a copy into the folder does, of which the folder shows nothing
    os.utime(toc, (1e9, 1e9))
    assert not before.is_current()
    after = before.newest()
    assert after.is_current() and after.is_current()
    write_lines(tmp_path / "shows" / "aa.srt", spaced(["网络学习"]))
    tools.index([tmp_path / "shows"], folder)
    assert not after.is_current()
