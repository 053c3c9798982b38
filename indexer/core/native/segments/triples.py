"""Marks in a signature of a segment which three neighbouring units a stream has."""

from __future__ import annotations

import sys
from array import array
from mmap import mmap


def mark_triples(
    data: mmap | bytes, begin: int, end: int, width: int, bits: bytearray, rows: int, document: int
) -> None:
    """Sets a document's bit in the row of each three neighbouring units of its stream. `bits` are so many `rows` of
    equal size. Raises ValueError if they have no bit for the document."""
    size = len(bits) // rows if rows > 0 else 0
    if document < 0 or document >= size * 8:
        raise ValueError("a signature has no such document")
    said = array("H" if width == 2 else "I", data[begin:end])
    if sys.byteorder == "big":
        said.byteswap()
    at, bit = document >> 3, 1 << (document & 7)
    for one, other, third in set(zip(said, said[1:], said[2:], strict=False)):
        bits[row_of_triple(one, other, third, rows) * size + at] |= bit


def row_of_triple(one: int, other: int, third: int, rows: int) -> int:
    """Returns which of so many rows has the bits of the documents with three such units in a row."""
    return (one * 2654435761 + other * 2246822519 + third * 3266489917 & 0xFFFFFFFF) * rows >> 32
