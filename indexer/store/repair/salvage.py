"""Determines which segments of an index are intact, and which episodes the damaged ones held."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from indexer.core.errors import IndexProblem
from indexer.core.files.inflate import inflate
from indexer.core.positions.token_stream import Stream
from indexer.store import schema
from indexer.store.fields.damped_and_titles import unpack_damped, unpack_titles
from indexer.store.fields.text import unpack_text
from indexer.store.fields.times import unpack_times
from indexer.store.fields.word_boundaries import Marks
from indexer.store.segments.checksums import SUFFIX, Sums, is_sums, parse_sums
from indexer.store.segments.columns import BytesColumn
from indexer.store.segments.corruption import FAILURES
from indexer.store.segments.safe_pickle import unpickle
from indexer.store.segments.segment import FILES, LONGEST_RECORD, RUNS, STORED, Segment, open_segment
from indexer.store.segments.toc import NOTHING, SegmentEntry, read_toc

_DAMAGED = (IndexProblem, OSError, *FAILURES)
_STORED_FILE = f".{STORED}.col"


class SalvagedPart(NamedTuple):
    """A segment: id and path of each document (empty if unreadable). `written` is its modification time in seconds, by
    which segments are ordered. `is_sound` tells of all its files but the signature; `unsigned` is the entry of a sound
    segment whose signature is missing or damaged."""

    name: str
    written: float
    episodes: tuple[tuple[str, str], ...]
    deleted: frozenset[int]
    is_sound: bool
    unsigned: SegmentEntry | None

    @property
    def living(self) -> list[tuple[str, str]]:
        """The id and path of each document that is not deleted."""
        return [episode for number, episode in enumerate(self.episodes) if number not in self.deleted]


def examine(folder: Path, generation: int) -> tuple[list[SalvagedPart], bool]:
    """Examines all files of an index. Returns its segments, and whether its table of contents is usable; if not, all
    segments in the folder are returned, including any deleted documents."""
    names = sorted(path.name.removesuffix(_STORED_FILE) for path in folder.glob(f"MAIN_*{_STORED_FILE}"))
    if generation == NOTHING and not names:
        return [], True
    entries = _entries(folder, generation, names)
    if entries is None:
        parts = [_examined(folder, name, None) for name in names]
        return sorted(parts, key=lambda part: part.written), False
    return [_examined(folder, entry.name, entry) for entry in entries if entry.documents], True


def _entries(folder: Path, generation: int, names: Collection[str]) -> Sequence[SegmentEntry] | None:
    """The entries of the table of contents; None if it is damaged or belongs to another index."""
    try:
        entries = read_toc(folder, generation).entries
    except _DAMAGED:
        return None
    is_foreign = bool(entries and names) and not any(entry.name in names for entry in entries)
    return None if is_foreign else entries


def _examined(folder: Path, name: str, entry: SegmentEntry | None) -> SalvagedPart:
    path = folder / f"{name}.{SUFFIX}"
    data = path.read_bytes() if path.is_file() else b""
    is_own = is_sums(data) and (entry is None or zlib.crc32(data) == entry.sums)
    sums = parse_sums(data) if is_own else None
    if entry is None:
        crc = zlib.crc32(data) if sums else None
        entry = SegmentEntry(name, sums.documents if sums else _documents(folder, name), frozenset(), crc)
    episodes = tuple(_episodes(folder, entry, sums)) or (("", ""),)  # unknown number of documents
    written = path.stat().st_mtime if sums else 0.0
    is_sound, is_signed = _soundness(folder, entry) if sums or not data else (False, False)
    unsigned = entry if is_sound and not is_signed else None
    return SalvagedPart(name, written, episodes, entry.deleted, is_sound, unsigned)


def _soundness(folder: Path, entry: SegmentEntry) -> tuple[bool, bool]:
    """Whether all files but the signature match their checksums or, for a segment without checksums, can be decoded;
    and whether the signature matches its own, if it has to have one."""
    try:
        segment = open_segment(folder, entry)
    except _DAMAGED:
        return False, False
    try:
        if any(segment.check(FILES)):
            return False, False
        if entry.sums is None:
            _read_all(segment)
        return True, not any(segment.check((RUNS,)))
    except _DAMAGED:
        return False, False
    finally:
        segment.close()


def _read_all(segment: Segment) -> None:
    """Decodes everything in the segment; raises one of `_DAMAGED` on failure."""
    for number in range(segment.doc_count_all):
        segment.stored(number)
        value = {name: segment.column(name)[number] for name in schema.BYTES}
        stream, times = Stream(value[schema.STREAM]), unpack_times(value[schema.TIMES])
        texts, _ = unpack_text(value[schema.TEXT], stream, times)
        unpack_damped(value[schema.DAMPED], len(times))
        atoms = len(Marks(value[schema.MARKS], segment.atoms[number]).new)
        times.end(len(times) - 1)
        unpack_titles(value[schema.TITLES])
        if not atoms == len(stream) == len(value[schema.SOUNDS]) == times.first[-1] or len(texts) != len(times):
            raise ValueError("the parts of an episode differ")
    for name in (schema.ID, schema.WORDS, schema.CHARS):
        for term in segment.terms(name):
            segment.postings(name, term)


def _episodes(folder: Path, entry: SegmentEntry, sums: Sums | None) -> Iterator[tuple[str, str]]:
    """Yields id and path of each document, from the checksum file or, if that is damaged, from the stored records."""
    paths: list[tuple[str, str]] = []
    if sums is not None:
        with suppress(*_DAMAGED):
            paths = sums.paths()
    if len(paths) == entry.documents:
        yield from paths
        return
    read = None
    with suppress(*_DAMAGED):
        column = BytesColumn((folder / f"{entry.name}{_STORED_FILE}").read_bytes(), entry.documents)
        read = partial(_episode, column)
    for number in range(entry.documents):
        found = "", ""
        if read is not None:
            with suppress(*_DAMAGED):
                found = read(number)
        yield found


def _episode(column: BytesColumn, number: int) -> tuple[str, str]:
    record = unpickle(inflate(column[number], LONGEST_RECORD))[schema.RECORD]
    return str(record["id"]), str(record["path"])


def _documents(folder: Path, name: str) -> int:
    """The number of documents of a segment for which it is recorded nowhere, derived from the record column: the number
    of lengths that add up to the size of the values. 0 if that fails."""
    data = (folder / f"{name}{_STORED_FILE}").read_bytes()
    with suppress(*_DAMAGED):
        end, size = len(data) - 1, array(data[-1:].decode()).itemsize
        total = documents = 0
        while total < end - documents * size:
            documents += 1
            at = end - documents * size
            total += int.from_bytes(data[at : at + size], "big")
        if total == end - documents * size:
            return documents
    return 0
