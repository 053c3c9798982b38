"""Tells where the units of streams lie in their column, for a pass over many."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from mmap import mmap

from indexer.core.native.streams.signatures import SignedUnits

_HEADER = struct.Struct("<BI")
"""As in `indexer.core.positions.token_stream.Stream`."""


def stream_units(
    data: mmap | bytes, starts: Sequence[int], atoms: Sequence[int], numbers: Sequence[int]
) -> list[SignedUnits]:
    """Returns the units of the numbered streams, without signatures. Stream n is data[starts[n]:starts[n + 1]] and has
    so many `atoms`. Raises ValueError if one is cut off, IndexError if it is not there."""
    found: list[SignedUnits] = []
    for number in numbers:
        if not 0 <= number < min(len(starts) - 1, len(atoms)):
            raise IndexError("a stream that is not there")
        begin, end = starts[number], starts[number + 1]
        width = length = 0
        if 0 <= begin <= end - _HEADER.size and end <= len(data):
            width, length = _HEADER.unpack_from(data, begin)
            begin += _HEADER.size
        if width not in (2, 4) or begin + length > end or length // width != atoms[number]:
            raise ValueError("a stream is cut off")
        found.append((data, begin, begin + length, width, None))
    return found
