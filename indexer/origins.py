"""Where the bytes of a transcript are: in a file, in a compressed one (`.gz`), or in an archive (`.zip`).

A member of an archive has a path as if the archive were a folder: `talks.zip/2025/01.srt`. All else about
a transcript goes by such a path; only what touches the disk asks here.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from indexer import archives

GZIP = ".gz"


@dataclass(frozen=True, slots=True)
class State:
    """What tells that nothing changed: bytes, and nanoseconds of the last change, of the file or its archive."""

    size: int
    modified: int


def archive_of(path: Path) -> Path | None:
    """The archive a path leads into; None for a file of its own."""
    if archives.SUFFIX not in str(path).lower():
        return None
    return next((parent for parent in path.parents if archives.is_archive(parent)), None)


def read(path: Path, most: int) -> bytes:
    """The bytes of a transcript, `most` of them. Raises OSError, with what is wrong."""
    archive = archive_of(path)
    if archive is not None:
        return archives.read_member(archive, path.relative_to(archive).as_posix(), most)
    with path.open("rb") as file:
        if path.suffix.lower() != GZIP:
            return file.read(most)
        import gzip

        try:
            return gzip.GzipFile(fileobj=file).read(most)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise OSError(0, f"not a whole gzip file: {error}") from None


def state(path: Path) -> State:
    """The state of a transcript. Raises OSError where it is not there."""
    archive = archive_of(path)
    if archive is not None and not archives.has_member(archive, path.relative_to(archive).as_posix()):
        raise FileNotFoundError(2, "no such member", str(path))
    status = (archive or path).stat()
    return State(status.st_size, status.st_mtime_ns)


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
