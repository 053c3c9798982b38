"""Adds checksums to a commit, as the last step before its files are synced and it becomes visible."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes

from indexer.core.errors import IndexProblem
from indexer.store import schema
from indexer.store.manifest import read_manifest
from indexer.store.segments.checksums import IDENTITY, SUFFIX, pack_seal, pack_sums
from indexer.store.segments.corruption import FAILURES
from indexer.store.segments.segment import FILES, open_segment
from indexer.store.segments.toc import SegmentEntry, newest_generation, parse_toc, read_toc

Create = Callable[[str, bytes], object]
"""Writes a file into the index folder as part of the commit."""


def seal(folder: Path, toc: Path, create: Create) -> None:
    """Writes checksum files for segments of a complete commit that have none, and seals its table of contents.

    Segments from before checksums existed are assumed intact.
    """
    contents = toc.read_bytes()
    entries = parse_toc(contents).entries
    sums = [zlib.crc32(_sums_of(folder, entry, create)) if entry.documents else 0 for entry in entries]
    identity = bytes.fromhex(read_identity(folder)) or token_bytes(IDENTITY)
    toc.write_bytes(contents + pack_seal(contents, identity, sums))


def read_identity(folder: Path) -> str:
    """The identity of the index in hex, from its table of contents or, if that is unreadable, its manifest; empty if
    neither has one."""
    with suppress(OSError, *FAILURES):
        if identity := read_toc(folder, newest_generation(folder)).identity:
            return identity
    with suppress(IndexProblem):
        manifest = read_manifest(folder)
        return manifest.identity if manifest else ""
    return ""


def _sums_of(folder: Path, entry: SegmentEntry, create: Create) -> bytes:
    """The checksum file of a segment, created if missing."""
    path = folder / f"{entry.name}.{SUFFIX}"
    if path.exists():
        return path.read_bytes()
    files = {name: folder / f"{entry.name}.{name}" for name in FILES}
    sums = pack_sums(files, entry.documents, _paths(folder, entry))
    create(path.name, sums)
    return sums


def _paths(folder: Path, entry: SegmentEntry) -> list[tuple[str, str]]:
    """The id and path of each document."""
    segment = open_segment(folder, entry)
    try:
        stored = [segment.stored(number) for number in range(segment.doc_count_all)]
    finally:
        segment.close()
    return [(str(fields[schema.ID]), str(fields[schema.RECORD].get("path", ""))) for fields in stored]
