"""The marks column: the atoms at which words begin, and which of these words are not in the dictionary.

A search reads word boundaries in hundreds of episodes, so they are one bit per atom, uncompressed: Python's integers
unpack that in half the time. The new words are rarely needed and compressed.
"""

from __future__ import annotations

import zlib
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property

from indexer.core.files.inflate import inflate

INSIDE, WORD, NEW_WORD = range(3)
"""The marks: an atom inside a word; the first atom of a word (a single character or name counts as a word); the first
of several atoms that form no word of the dictionary."""

_BEGINS, _NEW = bytes.maketrans(b"\0\1\2", b"011"), bytes.maketrans(b"\0\1\2", b"001")


class Marks:
    """The marks of an episode of `atoms` atoms. `packed` has a bit for each, as `indexer.core.native.unbroken` reads
    them: 1 for an atom that begins a word."""

    def __init__(self, packed: bytes, atoms: int, reading: AbstractContextManager[object] | None = None) -> None:
        """Reads the marks of an episode of `atoms` atoms. `reading` is entered whenever the compressed part is
        unpacked later. Raises ValueError if damaged."""
        size = (atoms + 7) // 8
        self.atoms = atoms
        self.packed = packed[:size]
        if len(self.packed) != size or (size and self.packed[0] >> (8 - -atoms % 8)):
            raise ValueError("the marks of words are cut off")
        self._new_packed = packed[size:]
        self._reading = reading or nullcontext()

    @classmethod
    def of_bits(cls, begins: bytes, new: bytes, atoms: int) -> Marks:
        """The marks that these bits are, a bit for each atom: as `packed` and `packed_new`."""
        marks = cls(begins, atoms)
        marks.packed_new = new
        return marks

    @property
    def begins(self) -> str:
        """A string with "1" for each atom that begins a word and "0" for any other. Made anew each time: kept, those of
        all episodes would be eight times the size of `packed`."""
        return _unpack_bits(self.packed, self.atoms)

    @cached_property
    def packed_new(self) -> bytes:
        """A bit for each atom, like `packed`: 1 for one that begins a word which is not in the dictionary."""
        size = (self.atoms + 7) // 8
        with self._reading:
            packed = inflate(self._new_packed, size)
            if len(packed) != size or (size and packed[0] >> (8 - -self.atoms % 8)):
                raise ValueError("the marks of words are cut off")
        return packed

    @property
    def new(self) -> str:
        """A string with "1" for each atom that begins a word which is not in the dictionary, else "0"; made anew each
        time."""
        return _unpack_bits(self.packed_new, self.atoms)


def pack_marks(marks: bytes) -> bytes:
    """Encodes the marks of an episode: one byte per atom, with the values above."""
    return _pack_bits(marks.translate(_BEGINS)) + zlib.compress(_pack_bits(marks.translate(_NEW)), 6)


def _pack_bits(bits: bytes) -> bytes:
    return int(bits or b"0", 2).to_bytes((len(bits) + 7) // 8, "big")


def _unpack_bits(packed: bytes, count: int) -> str:
    # Checked first: a damaged count could request gigabytes.
    if len(packed) == (count + 7) // 8:
        bits = format(int.from_bytes(packed, "big"), f"0{count}b") if count else ""
        if len(bits) == count:
            return bits
    raise ValueError("the marks of words are cut off")
