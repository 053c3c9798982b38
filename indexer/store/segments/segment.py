"""A segment: the documents of one or more commits, numbered from 0. All its files are opened at once.

The stored fields of a document are a pickled, deflated dictionary in the bytes column `_stored`.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from itertools import compress
from typing import TYPE_CHECKING, Any

from indexer.core import native
from indexer.core.errors import IndexProblem
from indexer.core.files.inflate import inflate
from indexer.core.files.mapped_files import AnyPath, Data, map_file, place, read_file, release_pages, unmap
from indexer.core.messages import _
from indexer.store import schema
from indexer.store.segments.checksums import SUFFIX, Check, Guard, Sums, parse_sums, unchecked
from indexer.store.segments.columns import BytesColumn, parse_numbers
from indexer.store.segments.corruption import Reading, unreadable
from indexer.store.segments.postings_reader import Block
from indexer.store.segments.safe_pickle import unpickle
from indexer.store.segments.terms import Counts, Terms
from indexer.store.segments.toc import SegmentEntry

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits
    from indexer.store.segments.run_signature import RunSignature

_TERMS, _POSTINGS, STORED = "trm", "pst", "_stored"
_COLUMNS = (STORED, schema.ATOMS, *schema.BYTES)
FILES = (_TERMS, _POSTINGS, *(f"{column}.col" for column in _COLUMNS))
"""The file names of a segment, without the segment's name."""
RUNS = "runs"
"""The file of its signature (`run_signature`), which many segments lack. It is made from the streams and only saves
time, so a segment is read without it if it is missing or damaged."""
FEWEST = 64
"""Documents of a segment that gets a signature, and episodes for which a search reads signatures: the streams of fewer
are searched in a millisecond."""
TERMS = (_TERMS, _POSTINGS)
"""The files that are read to delete a document."""
LONGEST_RECORD = 1 << 26
"""Limit on the inflated stored fields of a document, in bytes."""


class Segment:
    """An open segment. Methods raise IndexProblem if the bytes they read are damaged.

    `doc_count_all`, `atoms`, `ids` and columns include `deleted` documents. Terms, frequencies and postings exclude
    them, at a cost only in segments with deletions.
    """

    def __init__(
        self, entry: SegmentEntry, files: Mapping[str, Data], checks: Mapping[str, Check], reading: Reading
    ) -> None:
        self.entry = entry
        self.doc_count_all = entry.documents
        self.deleted = entry.deleted
        self._files = files
        self._checks = checks
        self._reading = reading
        self._terms = Terms(files[_TERMS], files[_POSTINGS], checks[_TERMS], checks[_POSTINGS])
        self._columns: dict[str, BytesColumn] = {}
        self.column(STORED)  # raises if there is not one value per document

    def __eq__(self, other: object) -> bool:
        """True for the same files, whatever has been deleted since: they never change."""
        return isinstance(other, Segment) and self._files is other._files

    def __hash__(self) -> int:
        return id(self._files)

    def with_deleted(self, entry: SegmentEntry) -> Segment:
        """The same segment in a later commit, with more deletions; shares the open files."""
        if self.entry == entry:
            return self
        later = Segment(entry, self._files, self._checks, self._reading)
        # Keep what is read for all documents: the files are the same.
        vars(later).update((name, vars(self)[name]) for name in ("atoms", "ids", "_signature") if name in vars(self))
        return later

    def weight(self, field: str, term: bytes) -> int:
        """The collection frequency of a term in the segment: the sum of its weights."""
        with self._reading:
            counts = self._terms.counts(field, term)
            return sum(self.postings(field, term)[1]) if self._has_deleted(counts) else int(counts.weight)

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[bytes]:
        """Yields the terms of a field that begin with `prefix`, in order."""
        with self._reading:
            if not self.deleted:
                yield from self._terms.names(field, prefix)
                return
            for term, counts in self._terms.items(field, prefix):
                if not self.deleted.issuperset((counts.first, counts.last)) or (
                    counts.documents > 2 and self.postings(field, term)[0]
                ):
                    yield term

    def _has_deleted(self, counts: Counts) -> bool:
        """True if a term may occur in a deleted document: one lies between its first and its last document."""
        at = bisect_left(self._deleted, counts.first)
        return at < len(self._deleted) and self._deleted[at] <= counts.last

    @cached_property
    def _deleted(self) -> list[int]:
        return sorted(self.deleted)

    def postings(self, field: str, term: bytes) -> Block:
        """The documents that contain a term, with its weight and peak in each."""
        with self._reading:
            return self._living(list(self._terms.blocks(field, term)))

    def all_postings(self, field: str) -> Iterator[tuple[bytes, Block]]:
        """The terms of a field in order, each with its `postings`, which are empty if only deleted documents contain
        it."""
        with self._reading:
            for term, blocks in self._terms.postings(field):
                yield term, self._living(list(blocks))

    def _living(self, blocks: list[Block]) -> Block:
        found = blocks[0] if len(blocks) == 1 else _joined(blocks)
        if found[0] and found[0][-1] >= self.doc_count_all:
            raise ValueError("postings name a document that is not there")
        return found if self.deleted.isdisjoint(found[0]) else _without(found, self.deleted)

    def stored(self, number: int) -> Mapping[str, Any]:
        """The stored fields of a document."""
        with self._reading:
            fields: dict[str, Any] = unpickle(inflate(self.column(STORED)[number], LONGEST_RECORD), checked=True)
            return fields

    def column(self, field: str) -> BytesColumn:
        """The bytes column of a field."""
        found = self._columns.get(field)
        if found is None:
            with self._reading:
                name = f"{field}.col"
                found = BytesColumn(self._files[name], self.doc_count_all, self._checks[name])
                self._columns[field] = found
        return found

    @cached_property
    def atoms(self) -> array[int]:
        """The length of each document in atoms."""
        name = f"{schema.ATOMS}.col"
        with self._reading:
            self._checks[name](0, len(self._files[name]))
            return parse_numbers(self._files[name], self.doc_count_all)

    def stream_units(self, numbers: Sequence[int]) -> list[SignedUnits]:
        """Where the units of the numbered streams lie, without signatures; to be passed over at once."""
        with self._reading:
            column = self.column(schema.STREAM)
            column.check_values(numbers)
            return native.stream_units(column.unchecked, column.starts, self.atoms, numbers)

    @cached_property
    def _signature(self) -> RunSignature | None:
        from indexer.store.segments.run_signature import RunSignature

        if RUNS not in self._files:
            return None
        with self._reading:
            return RunSignature(self._files[RUNS], self.doc_count_all, self._checks[RUNS])

    @property
    def is_signed(self) -> bool:
        """True if `holders` may leave out documents."""
        return RUNS in self._files

    def holders(self, atoms: Sequence[str]) -> Iterable[int]:
        """A superset of the documents that hold a run of atoms, in order, told without reading their streams."""
        with suppress(IndexProblem):  # `check` reports it
            if self._signature is not None:
                return self._signature.holders(atoms)
        return range(self.doc_count_all)

    def check(self, names: Collection[str] | None = None) -> Iterator[IndexProblem]:
        """Reads those of its files that are named (None: all) completely; yields an IndexProblem for each damaged
        one."""
        for name in [name for name in self._files if names is None or name in names]:
            try:
                self._checks[name](0, len(self._files[name]))
            except IndexProblem as problem:
                yield self._signature_problem() if name == RUNS else problem

    def _signature_problem(self) -> IndexProblem:
        path = place(self._reading.folder, f"{self.entry.name}.{RUNS}")
        cure = _("make it again with `podseek index --rebuild`")
        return IndexProblem(
            _("{path}: is missing or damaged, so searches take longer: {cure}").format(path=path, cure=cure)
        )

    @cached_property
    def ids(self) -> list[tuple[bytes, int]]:
        """(episode id, document) of each document, deleted ones included, ordered by id."""
        with self._reading:
            found = self._terms.first_documents(schema.ID)
            if len(found) < self.doc_count_all:  # an episode was written twice
                blocks = ((name, self._terms.blocks(schema.ID, name)) for name in self._terms.names(schema.ID, b""))
                found = [(name, at) for name, several in blocks for numbers, _, _ in several for at in numbers]
            if sorted(document for _, document in found) != list(range(self.doc_count_all)):
                raise ValueError("its ids are not those of its documents")
            return found

    def release_pages(self) -> None:
        """Lets go of the memory of what was read of its files."""
        for data in self._files.values():
            release_pages(data)

    def close(self) -> None:
        unmap_all(self._files)


def open_segment(folder: AnyPath, entry: SegmentEntry) -> Segment:
    """Opens a segment. All files are opened at once, because a merge in another process may remove them later.

    Raises OSError or IndexProblem if a file is missing or has the wrong length; for the signature `Segment.check`
    reports that.
    """
    files = map_segment(folder, entry.name)
    try:
        sums = _read_sums(folder, entry)
        checks: dict[str, Check] = dict.fromkeys(files, unchecked)
        if sums is not None:
            checks = {name: _guard(folder, entry, name, data, sums) for name, data in files.items()}
            if RUNS in sums.lengths:
                files[RUNS], checks[RUNS] = _map_signature(folder, entry, sums)
        return Segment(entry, files, checks, Reading(folder))
    except BaseException:
        unmap_all(files)
        raise


def map_segment(folder: AnyPath, name: str) -> dict[str, Data]:
    """Maps the files of a segment."""
    files: dict[str, Data] = {}
    try:
        for file in FILES:
            files[file] = map_file(folder, f"{name}.{file}")
    except BaseException:
        unmap_all(files)
        raise
    return files


def unmap_all(files: Mapping[str, Data]) -> None:
    for data in files.values():
        unmap(data)


def _read_sums(folder: AnyPath, entry: SegmentEntry) -> Sums | None:
    """The checksums of a segment; None for an index without any. Raises ValueError if they are not the right ones."""
    if entry.sums is None:
        return None
    data = read_file(folder, f"{entry.name}.{SUFFIX}")
    if zlib.crc32(data) != entry.sums:
        raise ValueError(f"{entry.name}.{SUFFIX} is damaged")
    return parse_sums(data)


def _guard(folder: AnyPath, entry: SegmentEntry, name: str, data: Data, sums: Sums) -> Check:
    return Guard(folder, f"{entry.name}.{name}", data, sums.lengths[name], sums.blocks[name])


def _map_signature(folder: AnyPath, entry: SegmentEntry, sums: Sums) -> tuple[Data, Check]:
    """The signature of a segment and its check, which refuses everything if the file is missing or has the wrong
    length."""
    data: Data = b""
    try:
        data = map_file(folder, f"{entry.name}.{RUNS}")
        return data, _guard(folder, entry, RUNS, data, sums)
    except (OSError, IndexProblem) as error:
        return data, partial(_refuse, folder, str(error))


def _refuse(folder: AnyPath, reason: str, begin: int, end: int) -> None:
    raise unreadable(folder, ValueError(reason))


def _joined(blocks: list[Block]) -> Block:
    joined = array("I"), array("I"), array("I")
    for block in blocks:
        for whole, part in zip(joined, block, strict=True):
            whole += part
    return joined


def _without(block: Block, deleted: frozenset[int]) -> Block:
    kept = [number not in deleted for number in block[0]]
    numbers, weights, peaks = (array("I", compress(part, kept)) for part in block)
    return numbers, weights, peaks
