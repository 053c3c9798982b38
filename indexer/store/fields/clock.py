"""The clock: all times of an episode in as few bytes as they take, for a search that fetches them over a network.

An index in a folder reads times in place (`indexer.store.fields.times`); a clock is a third as large, and unpacked
whole.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import gcd
from operator import add, mul, sub

from indexer.core.timeline import Times

_HEAD = struct.Struct("<BIIq")
_SERIES = struct.Struct("<Bq")
_INSIDE, _PACKED = 1, 2


def pack_clock(times: Times) -> bytes:
    """Encodes times. Raises OverflowError for one that does not fit into 64 bits."""
    starts, durations, said = list(times.starts), list(times.durations), list(times.said)
    unit = gcd(*starts, *durations, *said) or 1
    starts, durations, said = ([time // unit for time in one] for one in (starts, durations, said))
    gaps = list(map(sub, map(sub, [*starts[1:], *starts[-1:]], starts), durations))
    series = (_steps(times.first), _steps(starts), gaps, _steps(times.timed), _steps(said))
    body = b"".join(map(_pack, series))
    packed = zlib.compress(body, 9)
    is_smaller = len(packed) < len(body)
    head = _HEAD.pack(_INSIDE * times.looks_inside | _PACKED * is_smaller, len(starts), len(said), unit)
    return head + (packed if is_smaller else body)


def unpack_clock(packed: bytes) -> Times:
    """Decodes times. Raises ValueError if they are damaged."""
    try:
        kind, cues, marks, unit = _HEAD.unpack_from(packed)
        sizes = cues + 1, cues, cues, marks, marks
        body = packed[_HEAD.size :]
        if kind & _PACKED:
            unpacker = zlib.decompressobj()
            body = unpacker.decompress(body)
            if not unpacker.eof or unpacker.unused_data:
                raise ValueError("a clock is cut off or goes on")
        series, end = [], 0
        for size in sizes:
            numbers, end = _unpack(body, end, size)
            series.append(numbers)
        if end != len(body) or kind > (_INSIDE | _PACKED):
            raise ValueError("a clock does not end where it should")
        first, starts, gaps, timed, said = series
        starts, said = list(accumulate(starts)), list(accumulate(said))
        durations = map(sub, map(sub, [*starts[1:], *starts[-1:]], starts), gaps)
        times = [array("q", [time * unit for time in one]) for one in (starts, durations, said)]
        places = [array("q", accumulate(one)) for one in (first, timed)]
        return Times(places[0], times[0], times[1], places[1], times[2], bool(kind & _INSIDE))
    except (struct.error, zlib.error, OverflowError) as error:
        raise ValueError(f"a clock is not as it was written ({error})") from None


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


def _pack(numbers: Sequence[int]) -> bytes:
    """A list of numbers: how many bytes each takes, and the least; then all lowest bytes of the others beyond it, and
    so on."""
    least = min(numbers, default=0)
    beyond = [number - least for number in numbers]
    width = (max(beyond, default=0).bit_length() + 7) // 8
    planes = (bytes(number >> 8 * plane & 255 for number in beyond) for plane in range(width))
    return _SERIES.pack(width, least) + b"".join(planes)


def _unpack(body: bytes, at: int, size: int) -> tuple[list[int], int]:
    """The list at an offset, and where it ends."""
    width, least = _SERIES.unpack_from(body, at)
    at += _SERIES.size
    end = at + width * size
    if end > len(body):
        raise ValueError("a clock is cut off")
    numbers = [least] * size
    for plane in range(width):
        part = body[at + plane * size : at + (plane + 1) * size]
        numbers = list(map(add, numbers, map(mul, part, [1 << 8 * plane] * size)))
    return numbers, end
