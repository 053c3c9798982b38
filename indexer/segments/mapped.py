"""Maps a file into memory: opened at once, read only where it is looked at.

A mapped file stays readable when a merge by another process removes it from the folder.
"""

from __future__ import annotations

import mmap
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Data: TypeAlias = "mmap.mmap | bytes"
"""The bytes of a file; slices of it are `bytes`."""


def map_file(path: Path) -> Data:
    with path.open("rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file cannot be mapped
            return b""


def unmap(data: Data) -> None:
    """Closes the file, or leaves it to be closed with the last view of it that someone still holds."""
    if not isinstance(data, bytes):
        with suppress(BufferError):
            data.close()
