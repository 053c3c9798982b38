"""The packed form of a timeline's times, as stored in the index."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from operator import add

from indexer.timeline import Times

_COUNT = struct.Struct("<I")


def pack_times(times: Times) -> bytes:
    """Three arrays, compressed: atoms per cue, milliseconds from the end of one cue to the start of the next, and
    durations.

    Each takes as many bytes a number as its largest needs. Most cues begin where the one before ended, so
    the second is nearly all zeros. About two and a half bytes a cue together.
    """
    atoms = [after - before for before, after in pairwise(times.first)]
    ends = map(add, times.starts, times.durations)
    gaps = [start - end for start, end in zip(times.starts, chain((0,), ends), strict=False)]
    columns = b"".join(map(_pack_integers, (atoms, gaps, times.durations)))
    return zlib.compress(_COUNT.pack(len(times)) + columns, 6)


def unpack_times(packed: bytes) -> Times:
    packed = zlib.decompress(packed)
    (count,) = _COUNT.unpack_from(packed)
    offset = _COUNT.size
    columns = []
    for _ in range(3):
        numbers = _unpack_integers(packed, offset, count)
        offset += 1 + len(numbers) * numbers.itemsize
        columns.append(numbers)
    atoms, gaps, durations = columns
    # Arrays, not lists: a search unpacks hundreds of episodes and looks at few numbers of each.
    return Times(_sums(atoms, initial=0), _sums(map(add, gaps, chain((0,), durations))), durations)


def _sums(numbers: Iterable[int], initial: int | None = None) -> array[int]:
    return array("q", accumulate(numbers, initial=initial))


def _pack_integers(numbers: Sequence[int]) -> bytes:
    low, high = min(numbers, default=0), max(numbers, default=0)
    for code in "BbHhIiq":
        bits = 8 * array(code).itemsize
        limit = 1 << (bits if code.isupper() else bits - 1)
        if (0 if code.isupper() else -limit) <= low and high < limit:
            return code.encode() + _little_endian(array(code, numbers)).tobytes()
    raise OverflowError("a time does not fit into 64 bits")


def _unpack_integers(packed: bytes, offset: int, count: int) -> array[int]:
    numbers = array(chr(packed[offset]))
    start = offset + 1
    numbers.frombytes(packed[start : start + count * numbers.itemsize])
    return _little_endian(numbers)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
