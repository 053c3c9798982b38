"""The packed form of a timeline's times, as stored in the index."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from indexer.timeline import Times

_HEAD = struct.Struct("<II?")


def pack_times(times: Times) -> bytes:
    """The first atoms and the starts as they are, so that a search may look at hundreds of episodes and unpack none.
    Then, compressed, what few cues are asked for: the gaps from the end of each cue to the start of the next, the steps
    from one timed atom to the next, and from its time to the next one's.

    Each takes as many bytes a number as its largest needs: seven or eight bytes a cue together.
    """
    rest = b"".join(map(_pack_integers, (_gaps(times), _steps(times.timed), _steps(times.said))))
    head = _HEAD.pack(len(times), len(times.timed), times.looks_inside)
    return b"".join((head, _pack_integers(times.first), _pack_integers(times.starts), zlib.compress(rest, 6)))


def unpack_times(packed: bytes) -> Times:
    count, marks, looks_inside = _HEAD.unpack_from(packed)
    (first, starts), end = _unpack_several(packed, _HEAD.size, (count + 1, count))
    (gaps, timed, said), _ = _unpack_several(zlib.decompress(packed[end:]), 0, (count, marks, marks))
    return Times(first, starts, _Durations(starts, gaps), _sums(timed), _sums(said), looks_inside)


def _gaps(times: Times) -> list[int]:
    """From the end of each cue to the start of the next; of the last one to its own start."""
    following = (*times.starts[1:], *times.starts[-1:])
    return [after - start - lasts for start, after, lasts in zip(times.starts, following, times.durations, strict=True)]


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


class _Durations(Sequence[int]):
    """How long each cue is: what is left of the time to the next start. Worked out for the few that are shown."""

    def __init__(self, starts: Sequence[int], gaps: Sequence[int]) -> None:
        self._starts = starts
        self._gaps = gaps

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, cue: int) -> int:  # type: ignore[override]
        starts = self._starts
        following = cue + 1
        if following == len(starts) or following == 0:
            return -self._gaps[cue]
        return starts[following] - starts[cue] - self._gaps[cue]


def _sums(numbers: Iterable[int]) -> array[int]:
    return array("q", accumulate(numbers))


def _pack_integers(numbers: Sequence[int]) -> bytes:
    low, high = min(numbers, default=0), max(numbers, default=0)
    for code in "BbHhIiq":
        bits = 8 * array(code).itemsize
        limit = 1 << (bits if code.isupper() else bits - 1)
        if (0 if code.isupper() else -limit) <= low and high < limit:
            return code.encode() + _little_endian(array(code, numbers)).tobytes()
    raise OverflowError("a time does not fit into 64 bits")


def _unpack_several(packed: bytes, offset: int, sizes: Iterable[int]) -> tuple[list[array[int]], int]:
    """Arrays of the given sizes, one after another, and where they end."""
    arrays = []
    for size in sizes:
        arrays.append(_unpack_integers(packed, offset, size))
        offset += 1 + size * arrays[-1].itemsize
    return arrays, offset


def _unpack_integers(packed: bytes, offset: int, count: int) -> array[int]:
    numbers = array(chr(packed[offset]))
    start = offset + 1
    numbers.frombytes(packed[start : start + count * numbers.itemsize])
    return _little_endian(numbers)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
