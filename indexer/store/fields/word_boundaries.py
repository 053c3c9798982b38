"""Marks: at which atoms of an episode a word begins, and which of these words the dictionary does not know.

Where words begin is looked at in hundreds of episodes by one search, so it is a bit an atom and not deflated: Python's
integers unpack it in half the time. Which words are new is asked for seldom.
"""

from __future__ import annotations

import zlib
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property

from indexer.core.inflate import inflate

INSIDE, WORD, NEW_WORD = range(3)
"""An atom inside a word, the first of a word (characters and names that stand alone are words here), and the first of
several atoms that are no word of the dictionary."""

_BEGINS, _NEW = bytes.maketrans(b"\0\1\2", b"011"), bytes.maketrans(b"\0\1\2", b"001")


class Marks:
    """`begins` has a 1 for each atom that is the first of a word, and a 0 for each that is not."""

    def __init__(self, packed: bytes, atoms: int, reading: AbstractContextManager[object] | None = None) -> None:
        """The packed marks of an episode of so many atoms; `reading` is entered whenever something more is unpacked.
        Raises ValueError for damaged ones."""
        size = (atoms + 7) // 8
        self.begins = _unpack_bits(packed[:size], atoms)
        self._new_packed = packed[size:]
        self._reading = reading or nullcontext()

    @cached_property
    def new(self) -> str:
        """A 1 for each atom that is the first of a word which the dictionary does not know, else a 0."""
        with self._reading:
            atoms = len(self.begins)
            return _unpack_bits(inflate(self._new_packed, (atoms + 7) // 8), atoms)


def pack_marks(marks: bytes) -> bytes:
    """The marks of an episode, one of the above for each atom, as they are stored in the index."""
    return _pack_bits(marks.translate(_BEGINS)) + zlib.compress(_pack_bits(marks.translate(_NEW)), 6)


def _pack_bits(bits: bytes) -> bytes:
    return int(bits or b"0", 2).to_bytes((len(bits) + 7) // 8, "big")


def _unpack_bits(packed: bytes, count: int) -> str:
    # Looked at first: a damaged count may ask for gigabytes.
    if len(packed) == (count + 7) // 8:
        bits = format(int.from_bytes(packed, "big"), f"0{count}b") if count else ""
        if len(bits) == count:
            return bits
    raise ValueError("the marks of words are cut off")
