"""Finds a run of atoms in many token streams.

A stream is named by its place: (data, begin, end, width, signature), its units of `width` bytes being data[begin:end].
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import pairwise
from mmap import mmap
from typing import TypeAlias

from indexer.core.native.streams.runs import find

SignedUnits: TypeAlias = "tuple[mmap | bytes, int, int, int, bytes | None]"
"""The data of a stream, where its units begin and end in it, their width, and its signature, None without one."""

_ROW_BITS = 12
_BLOCK = 1024
"""Atoms."""
_PAIRS = 8
"""Pairs of a run that are looked up."""


def sign(data: mmap | bytes, begin: int, end: int, width: int) -> bytes:
    """Returns the signature of a stream: a row of bits for each hash of two neighbouring atoms, a bit for each block of
    1,024 atoms, 1 where a run that begins in the block may have two such atoms among its first nine."""
    said = array("H" if width == 2 else "I", data[begin:end])
    size = (-(-len(said) // _BLOCK) + 7) // 8
    rows = bytearray(size << _ROW_BITS)
    for at, (one, other) in enumerate(pairwise(said)):
        row = ((one * 2654435761 + other * 2246822519 & 0xFFFFFFFF) >> (32 - _ROW_BITS)) * size
        block, offset = divmod(at, _BLOCK)
        rows[row + (block >> 3)] |= 1 << (block & 7)
        if block and offset < _PAIRS - 1:  # of a run that begins in the block before
            rows[row + (block - 1 >> 3)] |= 1 << (block - 1 & 7)
    return bytes(rows)


def find_in_all(streams: Iterable[SignedUnits], narrow: bytes, wide: bytes) -> list[tuple[int, list[int]]]:
    """Returns (number, positions) of each of the numbered streams in which a run of atoms occurs, which is `narrow` in
    units of two bytes, `wide` in units of four. Signatures only save time, and here none."""
    needles = {2: narrow, 4: wide}
    found = (find(data, begin, end, width, needles[width], None) for data, begin, end, width, _ in streams)
    return [(number, at) for number, at in enumerate(found) if at]
