"""The terms of a segment: an ordered hash file whose keys are a field number and a term.

The extra `fieldmap` maps fields to their numbers, which are two bytes of a key. A value is

| bytes           | value                                                                       |
|-----------------|-----------------------------------------------------------------------------|
| 1               | 0; 1 when the postings are inlined                                          |
| float, unsigned | the sum of the weights; the number of documents                             |
| 1, 1, float     | shortest, longest, highest weight                                           |
| unsigned twice  | first and last document                                                     |
| the rest        | inlined postings; else a long and an int: where they are, their length      |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from struct import Struct
from typing import Any

from indexer.core.files.mapped_files import Data
from indexer.core.named_tuples import NamedTuple
from indexer.store.segments.checksums import Check, unchecked
from indexer.store.segments.hashfile import HashFile
from indexer.store.segments.postings_reader import Block, read_blocks, read_inlined

FIELD = Struct("!H")
INFO = Struct("!BfIBBfII")
EXTENT = Struct("!qi")
_FIRST = Struct("!BfIBBf").size
"""Where the first document is in an INFO."""


class Counts(NamedTuple):
    """The stored statistics of a term, deleted documents included: its collection frequency, its document frequency,
    and its first and last document."""

    weight: float
    documents: int
    first: int
    last: int


_NOWHERE = Counts(0.0, 0, 0, -1)


def _counts(info: Sequence[Any]) -> Counts:
    _, weight, documents, _, _, _, first, last = info
    return Counts(weight, documents, first, last)


class Terms:
    """The terms in one file, and their postings in another."""

    __slots__ = ("_check", "_fields", "_postings", "_table")

    def __init__(
        self, terms: Data, postings: Data, check_terms: Check = unchecked, check_postings: Check = unchecked
    ) -> None:
        self._check = check_postings
        self._table = HashFile(terms, check_terms)
        self._fields: Mapping[str, int] = self._table.extras["fieldmap"]
        self._postings = postings

    def counts(self, field: str, term: bytes) -> Counts:
        """The statistics of a term; zeros if it does not occur."""
        info = self._find(field, term)
        return _NOWHERE if info is None else _counts(INFO.unpack_from(info))

    def blocks(self, field: str, term: bytes) -> Iterator[Block]:
        """The postings of a term, block by block; empty if it does not occur."""
        info = self._find(field, term)
        return iter(()) if info is None else self._blocks(info)

    def postings(self, field: str) -> Iterator[tuple[bytes, Iterator[Block]]]:
        """The terms of a field in order, each with its postings. Reads the file in order, instead of looking up each
        term."""
        number = self._fields.get(field)
        if number is not None:
            for name, info in self._table.values(FIELD.pack(number), FIELD.size):
                yield name, self._blocks(info)

    def _blocks(self, info: bytes) -> Iterator[Block]:
        if info[0]:
            return iter((read_inlined(info[INFO.size :]),))
        start, length = EXTENT.unpack_from(info, INFO.size)
        self._check(start, start + length)
        return read_blocks(self._postings[start : start + length])

    def names(self, field: str, prefix: bytes) -> Iterator[bytes]:
        """The terms of a field that begin with `prefix`, in order."""
        number = self._fields.get(field)
        if number is None:
            return iter(())
        return self._table.keys(FIELD.pack(number) + prefix, skip=FIELD.size)

    def first_documents(self, field: str) -> list[tuple[bytes, int]]:
        """The terms of a field in order, each with its first document. Every search reads those of the ids, so the
        other statistics are not decoded."""
        number = self._fields.get(field)
        return [] if number is None else self._table.numbers(FIELD.pack(number), FIELD.size, _FIRST)

    def items(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, Counts]]:
        """Yields the terms of a field that begin with `prefix`, in order, with their statistics."""
        number = self._fields.get(field)
        if number is not None:
            for name, *info in self._table.items(FIELD.pack(number) + prefix, FIELD.size, INFO):
                yield name, _counts(info)

    def _find(self, field: str, term: bytes) -> bytes | None:
        number = self._fields.get(field)
        return None if number is None else self._table.find(FIELD.pack(number) + term)
