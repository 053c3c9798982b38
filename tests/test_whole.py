"""Files that are written whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.whole import write_whole


def test_a_file_takes_the_place_of_the_old_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "稿.json"
    path.write_text("旧", "utf-8")
    write_whole(path, "新的".encode())
    assert path.read_text("utf-8") == "新的"
    assert list(tmp_path.iterdir()) == [path]


def test_where_it_cannot_take_its_place_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    (path / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        write_whole(path, b"1")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["folder", "inside"]
