"""A guard verifies a mapped file on first access, and lets go of its pages as it goes."""

from __future__ import annotations

import errno
import mmap
import zlib
from pathlib import Path

import pytest

from indexer.core.errors import IndexProblem
from indexer.core.files.mapped_files import Data, map_file, release_pages, unmap
from indexer.store.segments import checksums
from indexer.store.segments.checksums import BLOCK, Guard


def test_what_was_verified_is_let_go_of_and_can_still_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released: list[Data] = []

    def noted(data: Data) -> None:
        release_pages(data)
        released.append(data)

    monkeypatch.setattr(checksums, "_MOST_RESIDENT", 2)
    monkeypatch.setattr(checksums, "release_pages", noted)
    content = [bytes([number]) * BLOCK for number in range(5)]
    (tmp_path / "file").write_bytes(b"".join(content[:4]) + bytes(BLOCK))
    data = map_file(tmp_path, "file")
    guard = Guard(tmp_path, "file", data, 5 * BLOCK, list(map(zlib.crc32, content)))
    guard(0, BLOCK)
    assert not released
    guard(0, 4 * BLOCK)
    assert released == [data, data]
    assert data[: 4 * BLOCK] == b"".join(content[:4])
    with pytest.raises(IndexProblem, match="damaged"):
        guard(0, 5 * BLOCK)
    unmap(data)


def test_of_several_values_each_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released: list[Data] = []
    monkeypatch.setattr(checksums, "_MOST_OF_VALUES", 2)
    monkeypatch.setattr(checksums, "release_pages", released.append)
    content = [bytes([number]) * BLOCK for number in range(4)]
    data = b"".join(content[:3]) + bytes(BLOCK)
    guard = Guard(tmp_path, "file", data, 4 * BLOCK, list(map(zlib.crc32, content)))
    starts = [0, 5, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 1]
    guard.check_values(starts, [2, 0])
    assert not released  # before they are read
    guard.check_values(starts, [1])
    assert released == [data]
    with pytest.raises(IndexProblem, match="damaged, at byte 24,576"):
        guard.check_values(starts, [0, 3])


def test_pages_that_the_system_keeps_can_still_be_read() -> None:
    class Locked(mmap.mmap):
        """As after mlockall()."""

        def madvise(self, *_arguments: int) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

    with Locked(-1, 1) as data:
        release_pages(data)
        assert data[:] == b"\0"
