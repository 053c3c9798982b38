"""The terms of a segment: an ordered hash file whose keys are a field's number and a term.

The extra `fieldmap` gives the numbers of the fields, which are two bytes of a key. A value is

| bytes           | value                                                                       |
|-----------------|-----------------------------------------------------------------------------|
| 1               | 0; 1 when the postings are inlined                                          |
| float, unsigned | the sum of the weights; the number of documents                             |
| 1, 1, float     | shortest, longest, highest weight                                           |
| unsigned twice  | first and last document                                                     |
| the rest        | inlined postings; else a long and an int: where they are, their length      |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from search.segments.blocks import Block, read_blocks, read_inlined
from search.segments.hashfile import HashFile
from search.segments.mapped import Data

_FIELD = Struct("!H")
_INFO = Struct("!BfIBBfII")
_EXTENT = Struct("!qi")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms in one file, and their postings in another."""

    table: HashFile
    postings: Data

    @classmethod
    def parse(cls, terms: Data, postings: Data) -> Terms:
        return cls(HashFile.parse(terms), postings)

    def counts(self, field: str, term: bytes) -> tuple[float, int]:
        """The sum of a term's weights, and the number of its documents."""
        info = self._find(field, term)
        if info is None:
            return 0.0, 0
        _, weight, documents, *_ = _INFO.unpack_from(info)
        return weight, documents

    def blocks(self, field: str, term: bytes) -> Iterator[Block]:
        """The postings of a term, block by block; none when it does not occur."""
        info = self._find(field, term)
        if info is None:
            return iter(())
        if info[0]:
            return iter((read_inlined(info[_INFO.size :]),))
        start, length = _EXTENT.unpack_from(info, _INFO.size)
        return read_blocks(self.postings[start : start + length])

    def names(self, field: str, prefix: bytes) -> Iterator[bytes]:
        """The terms of a field that begin with `prefix`, in order."""
        number = self.table.extras["fieldmap"].get(field)
        if number is None:
            return iter(())
        return self.table.keys(_FIELD.pack(number) + prefix, skip=_FIELD.size)

    def _find(self, field: str, term: bytes) -> bytes | None:
        number = self.table.extras["fieldmap"].get(field)
        return None if number is None else self.table.find(_FIELD.pack(number) + term)
