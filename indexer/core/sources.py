"""Where the bytes of a transcript are: in a file, in a compressed one (`.gz`), or in an archive (`.zip`).

A member of an archive has a path as if the archive were a folder: `talks.zip/2025/01.srt`. All else about
a transcript goes by such a path; only what touches the disk asks here.
"""

from __future__ import annotations

import io
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from indexer.core.inflate import MOST_RATIO, SMALL

GZIP, ZIP = ".gz", ".zip"
LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. The largest transcript known is 2 MB; far larger files are not transcripts."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells that nothing changed. Of a file: its size in bytes, and nanoseconds of the last change. Of a member
    of an archive, which may be packed anew around it: its size and checksum, as the archive lists them."""

    size: int
    modified: int


def is_archive(path: Path) -> bool:
    """True for a zip archive that is there."""
    return path.suffix.lower() == ZIP and path.is_file()


def archive_of(path: Path) -> Path | None:
    """The archive a path leads into, be it there or gone; None for a file of its own."""
    if ZIP not in str(path).lower():
        return None
    within = (parent for parent in reversed(path.parents) if parent.suffix.lower() == ZIP)
    return next((parent for parent in within if not os.path.isdir(parent)), None)  # noqa: PTH112 - it never raises


def read(path: Path, most: int) -> bytes:
    """The bytes of a transcript, unpacked, `most` of them. Raises OSError, with what is wrong."""
    is_packed = path.suffix.lower() == GZIP
    archive = archive_of(path)
    if archive is not None:
        from indexer.core.archives import read_member  # late: a search names paths, and needs no zipfile

        data = read_member(archive, path.relative_to(archive).as_posix(), most)
        return unpacked(io.BytesIO(data), most) if is_packed else data
    from indexer.core.opening import open_regular  # late, for the same reason

    with open_regular(path) as file:
        return unpacked(file, most) if is_packed else file.read(most)


def unpacked(file: BinaryIO, most: int) -> bytes:
    """What a gzip file holds, `most` bytes of it. Raises OSError, with what is wrong, also where it grows too much."""
    import gzip

    try:
        data = gzip.GzipFile(fileobj=file).read(min(most, SMALL))
        if len(data) < SMALL:
            return data
        file.seek(0, os.SEEK_END)
        allowed = max(SMALL, MOST_RATIO * file.tell())
        file.seek(0)
        data = gzip.GzipFile(fileobj=file).read(min(most, allowed + 1))
        if len(data) > allowed:
            raise OSError(0, f"more than {MOST_RATIO} times its size when unpacked are too many for a transcript")
        return data
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise OSError(0, f"not a whole gzip file: {error}") from None


def state(path: Path) -> FileState:
    """The state of a transcript. Raises OSError where it is not there."""
    archive = archive_of(path)
    if archive is not None:
        from indexer.core.archives import find_member

        member = find_member(archive, path.relative_to(archive).as_posix())
        return FileState(member.size, member.crc)
    status = path.stat()
    return FileState(status.st_size, status.st_mtime_ns)


def exists(path: Path) -> bool:
    """True where a transcript is there. Raises OSError where nobody can tell."""
    if archive_of(path) is None:
        return path.exists()
    try:
        state(path)
    except FileNotFoundError:
        return False
    return True


def folder_of(path: Path) -> Path:
    """The folder on the disk in which a transcript, or its archive, is."""
    return (archive_of(path) or path).parent


def plain_path(path: Path) -> Path:
    """The path without the suffix of compression: what is inside is named so."""
    return path.with_suffix("") if path.suffix.lower() == GZIP else path
