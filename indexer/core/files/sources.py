"""Access to the bytes of a transcript: a file, a compressed one (`.gz`), or a member of an archive (`.zip`).

A member has a path as if its archive were a folder: `talks.zip/2025/01.srt`. All other code passes such paths around
and calls this module to reach the disk.
"""

from __future__ import annotations

import io
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from indexer.core.files.inflate import MOST_RATIO, SMALL
from indexer.core.messages import _

GZIP, ZIP = ".gz", ".zip"
LARGEST_FILE = 64 * 1024 * 1024
"""In bytes. The largest known transcript has 2 MB; much larger files are not transcripts."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A value that changes when a transcript does. For a file: its size in bytes and modification time in nanoseconds.
    For an archive member: size and CRC-32 from the central directory, so that repacking does not count as a change."""

    size: int
    modified: int


def is_archive(path: Path) -> bool:
    """True for an existing zip archive."""
    return path.suffix.lower() == ZIP and path.is_file()


def archive_of(path: Path) -> Path | None:
    """The archive that a path leads into, whether or not it exists; None for a plain file."""
    if ZIP not in str(path).lower():
        return None
    within = (parent for parent in reversed(path.parents) if parent.suffix.lower() == ZIP)
    return next((parent for parent in within if not os.path.isdir(parent)), None)  # noqa: PTH112 - it never raises


def read(path: Path, most: int) -> bytes:
    """Returns the first `most` bytes of a transcript, uncompressed. Raises OSError with the reason."""
    is_packed = path.suffix.lower() == GZIP
    archive = archive_of(path)
    if archive is not None:
        from indexer.core.files.archives import (
            read_member,  # late import: a search handles paths only and needs no zipfile
        )

        data = read_member(archive, path.relative_to(archive).as_posix(), most)
        return unpacked(io.BytesIO(data), most) if is_packed else data
    from indexer.core.files.regular_files import open_regular  # late import, for the same reason

    with open_regular(path) as file:
        return unpacked(file, most) if is_packed else file.read(most)


def unpacked(file: BinaryIO, most: int) -> bytes:
    """Decompresses the first `most` bytes of a gzip file. Raises OSError with the reason, also for a compression
    bomb."""
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
            raise OSError(
                0,
                _("more than {most} times its size when unpacked are too many for a transcript").format(
                    most=MOST_RATIO
                ),
            )
        return data
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise OSError(0, _("not a whole gzip file: {error}").format(error=error)) from None


def state(path: Path) -> FileState:
    """The state of a transcript. Raises OSError if it is missing."""
    archive = archive_of(path)
    if archive is not None:
        from indexer.core.files.archives import find_member

        member = find_member(archive, path.relative_to(archive).as_posix())
        return FileState(member.size, member.crc)
    status = path.stat()
    return FileState(status.st_size, status.st_mtime_ns)


def exists(path: Path) -> bool:
    """True if a transcript exists. Raises OSError if that cannot be determined."""
    if archive_of(path) is None:
        return path.exists()
    try:
        state(path)
    except FileNotFoundError:
        return False
    return True


def names_in(folder: Path) -> list[str]:
    """The names in a folder, on disk or of an archive. Raises OSError if there is none."""
    archive = folder if is_archive(folder) else archive_of(folder)
    if archive is None:
        return [one.name for one in folder.iterdir()]
    from indexer.core.files import archives

    return archives.names_in(archive, folder.relative_to(archive).as_posix())


def folder_of(path: Path) -> Path:
    """The folder on disk that holds a transcript or its archive."""
    return (archive_of(path) or path).parent


def plain_path(path: Path) -> Path:
    """The path without a compression suffix; its suffix then tells the format."""
    return path.with_suffix("") if path.suffix.lower() == GZIP else path
