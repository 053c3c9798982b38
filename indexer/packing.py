"""The packed form of a timeline's times, as stored in the index."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from indexer.timeline import Times

_COUNTS = struct.Struct("<II?")


def pack_times(times: Times) -> bytes:
    """Arrays of whole numbers, compressed: atoms per cue, milliseconds from start to start, and from the end of one cue
    to the start of the next, with the last duration before all; then the steps from one timed atom to the next, and
    from its time to the next one's.

    Each takes as many bytes a number as its largest needs. Most cues begin where the one before ended, so
    the third is nearly all zeros. About three bytes a cue together.
    """
    gaps = [step - duration for step, duration in zip(_steps(times.starts)[1:], times.durations, strict=False)]
    last = times.durations[-1:] or [0]
    columns = (last, _steps(times.first)[1:], _steps(times.starts), [0, *gaps][: len(times)])
    inside = (_steps(times.timed), _steps(times.said))
    packed = b"".join(map(_pack_integers, (*columns, *inside)))
    return zlib.compress(_COUNTS.pack(len(times), len(times.timed), times.looks_inside) + packed, 6)


def unpack_times(packed: bytes) -> Times:
    packed = zlib.decompress(packed)
    count, marks, looks_inside = _COUNTS.unpack_from(packed)
    offset = _COUNTS.size
    columns = []
    for size in (1, count, count, count, marks, marks):
        numbers = _unpack_integers(packed, offset, size)
        offset += 1 + size * numbers.itemsize
        columns.append(numbers)
    last, atoms, steps, gaps, timed, said = columns
    # Arrays, not lists: a search unpacks hundreds of episodes and looks at few numbers of each.
    first, starts, durations = _sums(atoms, initial=0), _sums(steps), _Durations(steps, gaps, last)
    return Times(first, starts, durations, _sums(timed), _sums(said), looks_inside)


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


class _Durations(Sequence[int]):
    """How long each cue is: what is left of the time to the next start. Worked out for the few that are shown."""

    def __init__(self, steps: Sequence[int], gaps: Sequence[int], last: Sequence[int]) -> None:
        self._steps = steps
        self._gaps = gaps
        self._last = last

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, cue: int) -> int:  # type: ignore[override]
        following = range(len(self))[cue] + 1
        return self._steps[following] - self._gaps[following] if following < len(self) else self._last[0]


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
