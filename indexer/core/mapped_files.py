"""The files of an index folder, read or mapped into memory; a mapped one is read only where it is looked at.

A mapped file stays readable when a merge by another process removes it from the folder. Folders are given as text or
paths and never made into paths here: a search has no time to import `pathlib` (3 ms).
"""

# ruff: noqa: PTH113, PTH116, PTH118, PTH123
from __future__ import annotations

import mmap
import os
from contextlib import suppress
from typing import TypeAlias

AnyPath: TypeAlias = "str | os.PathLike[str]"
Data: TypeAlias = "mmap.mmap | bytes"
"""The bytes of a file; slices of it are `bytes`."""


def as_text(path: AnyPath) -> str:
    """A path as text, as `pathlib` understands it: a name that is empty is the folder at hand. Raises TypeError for
    what is no path."""
    text = os.fspath(path)
    if not isinstance(text, str):
        raise TypeError(f"a path is text, not {type(text).__name__}")
    return text or os.curdir


def place(folder: AnyPath, name: str) -> str:
    """Where a file of a folder is."""
    return os.path.join(folder, name)


def read_file(folder: AnyPath, name: str) -> bytes:
    """All bytes of a file. Raises OSError."""
    with open(place(folder, name), "rb") as file:
        return file.read()


def written_at(folder: AnyPath, name: str) -> int:
    """When a file was last written, in nanoseconds. Raises OSError."""
    return os.stat(place(folder, name)).st_mtime_ns


def state(path: AnyPath) -> tuple[int, int] | None:
    """What changes when a file is written; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def is_file(path: AnyPath) -> bool:
    return os.path.isfile(path)


def map_file(folder: AnyPath, name: str) -> Data:
    """The file as it can be sliced. Raises OSError."""
    with open(place(folder, name), "rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file cannot be mapped
            return b""


def unmap(data: Data) -> None:
    """Closes the file, or leaves it to be closed with the last view of it that someone still holds."""
    if not isinstance(data, bytes):
        with suppress(BufferError):
            data.close()
