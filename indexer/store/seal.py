"""Adds signatures and checksums to a commit, as the last step before its files are synced and it becomes visible."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from secrets import token_bytes

from indexer.core.errors import IndexProblem
from indexer.core.files.atomic_write import write_whole
from indexer.core.positions.token_stream import Stream
from indexer.store import schema
from indexer.store.manifest import read_manifest
from indexer.store.segments.checksums import IDENTITY, SUFFIX, Guard, pack_seal, pack_sums, parse_sums
from indexer.store.segments.corruption import FAILURES
from indexer.store.segments.run_signature import pack
from indexer.store.segments.segment import FEWEST, FILES, RUNS, Segment, open_segment
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


def restore_signature(folder: Path, entry: SegmentEntry) -> bool:
    """Makes the missing or damaged signature of a sound segment again from its streams. Returns False, and removes the
    file, if the new one does not match its checksums, as when another version of podseek wrote them. Raises OSError."""
    path = folder / f"{entry.name}.{RUNS}"
    segment = open_segment(folder, entry)
    try:
        runs = _packed_runs(folder, segment)
    finally:
        segment.close()
    path.unlink(missing_ok=True)
    sums = parse_sums((folder / f"{entry.name}.{SUFFIX}").read_bytes())
    try:
        Guard(folder, path.name, runs, sums.lengths[RUNS], sums.blocks[RUNS])(0, len(runs))
    except IndexProblem:
        return False
    write_whole(path, runs)
    return True


def _sums_of(folder: Path, entry: SegmentEntry, create: Create) -> bytes:
    """The checksum file of a segment, created if missing, then with its signature if it has many documents."""
    path = folder / f"{entry.name}.{SUFFIX}"
    if path.exists():
        return path.read_bytes()
    segment = open_segment(folder, entry)
    try:
        stored = [segment.stored(number) for number in range(segment.doc_count_all)]
        runs = _packed_runs(folder, segment) if segment.doc_count_all >= FEWEST else b""
    finally:
        segment.close()
    files = {name: folder / f"{entry.name}.{name}" for name in FILES}
    if runs:
        files[RUNS] = folder / f"{entry.name}.{RUNS}"
        create(files[RUNS].name, runs)
    paths = [(str(fields[schema.ID]), str(fields[schema.RECORD].get("path", ""))) for fields in stored]
    sums = pack_sums(files, entry.documents, paths)
    create(path.name, sums)
    return sums


_UNDECODABLE = (ValueError, struct.error)
"""What a damaged stream raises. Anything else is a mistake in the program, and ends the commit."""


def _packed_runs(folder: Path, segment: Segment) -> bytes:
    """The signature of a segment; empty if a stream cannot be decoded, as may be in an index without checksums. Streams
    are read, not mapped, as for the checksums."""
    starts = segment.column(schema.STREAM).starts
    with (folder / f"{segment.entry.name}.{schema.STREAM}.col").open("rb") as file, suppress(*_UNDECODABLE):
        streams = (Stream(file.read(end - start)) for start, end in pairwise(starts))
        return pack(streams, segment.doc_count_all, sum(segment.atoms))
    return b""
