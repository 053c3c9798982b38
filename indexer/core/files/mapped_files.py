"""Reads and memory-maps the files of an index folder.

A mapped file stays readable after another process removes it in a merge. Paths stay strings here: importing `pathlib`
costs a search 3 ms.
"""

# ruff: noqa: PTH113, PTH116, PTH118, PTH123
from __future__ import annotations

import mmap
import os
from contextlib import suppress
from typing import TypeAlias

AnyPath: TypeAlias = "str | os.PathLike[str]"
_LET_GO: int | None = getattr(mmap, "MADV_DONTNEED", None)
Data: TypeAlias = "mmap.mmap | bytes"
"""The contents of a file; slices are `bytes`."""


def as_text(path: AnyPath) -> str:
    """A path as a string; an empty one is the current folder, as in `pathlib`. Raises TypeError for anything but a
    path."""
    text = os.fspath(path)
    if not isinstance(text, str):
        raise TypeError(f"a path is text, not {type(text).__name__}")
    return text or os.curdir


def place(folder: AnyPath, name: str) -> str:
    """The path of a file in a folder."""
    return os.path.join(folder, name)


def read_file(folder: AnyPath, name: str) -> bytes:
    """Returns the contents of a file. Raises OSError."""
    with open(place(folder, name), "rb") as file:
        return file.read()


def written_at(folder: AnyPath, name: str) -> int:
    """The modification time of a file in nanoseconds. Raises OSError."""
    return os.stat(place(folder, name)).st_mtime_ns


def state(path: AnyPath) -> tuple[int, int] | None:
    """A value that changes when the file is written: (modification time in ns, size in bytes); None if it is
    missing."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def is_file(path: AnyPath) -> bool:
    return os.path.isfile(path)


def map_file(folder: AnyPath, name: str) -> Data:
    """Maps a file for slicing. Raises OSError."""
    with open(place(folder, name), "rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file cannot be mapped
            return b""


def release_pages(data: Data) -> None:
    """Lets go of the memory of what was read of a mapped file; what is read again comes from the system's cache. Keeps
    it where the system refuses, as it does for locked pages."""
    if not isinstance(data, bytes) and _LET_GO is not None:
        with suppress(OSError):
            data.madvise(_LET_GO)


def unmap(data: Data) -> None:
    """Closes the mapping, or leaves that to the garbage collector if views of it still exist."""
    if not isinstance(data, bytes):
        with suppress(BufferError):
            data.close()
