"""The size of an index that another process changes meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.results.health import _bytes_in


def test_a_file_that_a_commit_removes_meanwhile_has_no_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("kept", 7), ("gone", 5)):
        (tmp_path / name).write_bytes(bytes(size))
    is_file = Path.is_file

    def and_then_removed(path: Path) -> bool:
        found = is_file(path)
        if path.name == "gone":
            path.unlink()
        return found

    monkeypatch.setattr(Path, "is_file", and_then_removed)
    assert _bytes_in(tmp_path) == 7
