"""The signature of a segment: which of its documents may hold a run of atoms, so that a search for a phrase of common
characters reads the streams of a few documents instead of all.

Each three neighbouring units of a stream set the bit of its document in one row of bits. A document that holds a run
has the bits of all triples of that run; others have them by chance. So a signature only ever excludes.

| bytes            | value                                                                          |
|------------------|--------------------------------------------------------------------------------|
| 8                | `podruns1`                                                                     |
| unsigned         | the number of rows                                                             |
| unsigned         | the number of documents                                                        |
| rows             | a bit for each document, the first in the lowest bit of the first byte         |

Integers are big-endian. The number of rows grows with the mean length of a document, so that a signature takes .15
bytes for each atom, and about half of its bits are set. It is the file `<segment>.runs`, listed and verified with the
segment's checksums; segments of few documents, and those written before signatures existed, have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress, islice
from struct import Struct

from indexer.core import native
from indexer.core.files.mapped_files import Data
from indexer.core.native.segments.triples import row_of_triple
from indexer.core.positions.token_stream import Stream, is_basic
from indexer.store.segments.checksums import Check, unchecked

_MAGIC = b"podruns1"
_HEAD = Struct("!II")
_ROWS_AT = len(_MAGIC) + _HEAD.size
_ROWS_PER_ATOM = 1.2
"""Some 86 % of the triples of an hour of speech differ; with so many rows they set half of the bits."""
_TRIPLES = 16
"""The most of a run that are looked up."""
_ONES = bytes.maketrans(b"01", b"\0\1")


class RunSignature:
    """A signature in a mapped file. Methods raise IndexProblem if `check` finds the bytes damaged; the constructor
    also raises ValueError if it is not of so many documents."""

    def __init__(self, data: Data, documents: int, check: Check = unchecked) -> None:
        check(0, _ROWS_AT)
        self._data = data
        self._check = check
        self._documents = documents
        self._size = _row_size(documents)
        self._rows, signed = _HEAD.unpack_from(data, len(_MAGIC))
        is_whole = len(data) == _ROWS_AT + self._rows * self._size
        if data[: len(_MAGIC)] != _MAGIC or signed != documents or not is_whole or not self._rows:
            raise ValueError("a signature is of another segment")

    def holders(self, atoms: Sequence[str]) -> Iterable[int]:
        """The documents that may hold the atoms, one after the other: ascending, and a superset of those that do."""
        found = (1 << self._documents) - 1
        for row in _rows_of(atoms, self._rows):
            begin = _ROWS_AT + row * self._size
            self._check(begin, begin + self._size)
            found &= int.from_bytes(self._data[begin : begin + self._size], "little")
            if not found:
                return ()
        bits = f"{found:0{self._documents}b}"[::-1].encode().translate(_ONES)
        return compress(range(self._documents), bits)


def pack(streams: Iterable[Stream], documents: int, atoms: int) -> bytes:
    """Encodes the signature of the documents' streams, in order; `atoms` is the length of all of them."""
    rows = max(1, round(atoms * _ROWS_PER_ATOM / documents))
    size = _row_size(documents)
    bits = bytearray(rows * size)
    for number, stream in enumerate(streams):
        native.mark_triples(*stream.packed_units, bits, rows, number)
    return _MAGIC + _HEAD.pack(rows, documents) + bits


def _row_size(documents: int) -> int:
    """The bytes of a row."""
    return (documents + 7) // 8


def _rows_of(atoms: Sequence[str], rows: int) -> list[int]:
    """The rows of a run. Triples with a coded atom have none: their codes differ from document to document."""
    first = islice(_triples(atoms), _TRIPLES)
    return sorted({row_of_triple(*triple, rows) for triple in first})


def _triples(atoms: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    for three in zip(atoms, atoms[1:], atoms[2:], strict=False):
        if all(map(is_basic, three)):
            one, other, third = map(ord, three)
            yield one, other, third
