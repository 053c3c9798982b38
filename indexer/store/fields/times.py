"""The packed form of a timeline's times, as stored in the index."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

from indexer.core.inflate import inflate
from indexer.core.timeline import Times

_HEAD = struct.Struct("<II?")
_SIZES = {code: array(code).itemsize for code in "BbHhIiq"}
"""Bytes a number takes, smallest first."""
_WIDEST = max(_SIZES.values())

Buffer: TypeAlias = "bytes | memoryview"


def pack_times(times: Times) -> bytes:
    """The first atoms and the starts as they are, so that a search may look at hundreds of episodes and unpack none.
    Then, compressed, what few cues are asked for: the gaps from the end of each cue to the start of the next, the steps
    from one timed atom to the next, and from its time to the next one's.

    Each takes as many bytes a number as its largest needs: seven or eight bytes a cue together.
    """
    rest = b"".join(map(_pack_integers, (_gaps(times), _steps(times.timed), _steps(times.said))))
    head = _HEAD.pack(len(times), len(times.timed), times.looks_inside)
    return b"".join((head, _pack_integers(times.first), _pack_integers(times.starts), zlib.compress(rest, 6)))


def unpack_times(packed: Buffer, reading: AbstractContextManager[object] | None = None) -> Times:
    """The times as they were packed; what is not compressed is read where it lies, so `packed` stays in use. `reading`
    is entered whenever something more is unpacked."""
    count, marks, looks_inside = _HEAD.unpack_from(packed)
    packed = memoryview(packed)
    (first, starts), end = _unpack_several(packed, _HEAD.size, (count + 1, count))
    rest = _Rest(packed[end:], count, marks, reading or nullcontext())
    timed, said = rest.marks if marks else ((), ())
    return Times(first, starts, _Durations(starts, rest), timed, said, looks_inside)


def _gaps(times: Times) -> list[int]:
    """From the end of each cue to the start of the next; of the last one to its own start."""
    following = (*times.starts[1:], *times.starts[-1:])
    return [after - start - lasts for start, after, lasts in zip(times.starts, following, times.durations, strict=True)]


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


class _Rest:
    """What stands compressed, unpacked when it is first asked for."""

    def __init__(self, packed: memoryview, cues: int, marks: int, reading: AbstractContextManager[object]) -> None:
        self._packed = packed
        self._reading = reading
        self._sizes = cues, marks, marks

    @cached_property
    def _numbers(self) -> list[Sequence[int]]:
        with self._reading:
            most = sum(1 + size * _WIDEST for size in self._sizes)
            return _unpack_several(memoryview(inflate(self._packed, most)), 0, self._sizes)[0]

    @cached_property
    def gaps(self) -> Sequence[int]:
        return self._numbers[0]

    @property
    def marks(self) -> tuple[Sequence[int], Sequence[int]]:
        """The timed atoms, and when they are said."""
        return _sums(self._numbers[1]), _sums(self._numbers[2])


class _Durations(Sequence[int]):
    """How long each cue is: what is left of the time to the next start. Worked out for the few that are shown."""

    def __init__(self, starts: Sequence[int], rest: _Rest) -> None:
        self._starts = starts
        self._rest = rest

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, cue: int) -> int:  # type: ignore[override]
        starts, gaps = self._starts, self._rest.gaps
        following = cue + 1
        if following == len(starts) or following == 0:
            return -gaps[cue]
        return starts[following] - starts[cue] - gaps[cue]


def _sums(numbers: Iterable[int]) -> array[int]:
    return array("q", accumulate(numbers))


def _pack_integers(numbers: Sequence[int]) -> bytes:
    low, high = min(numbers, default=0), max(numbers, default=0)
    for code, size in _SIZES.items():
        bits = 8 * size
        limit = 1 << (bits if code.isupper() else bits - 1)
        if (0 if code.isupper() else -limit) <= low and high < limit:
            return code.encode() + _little_endian(array(code, numbers)).tobytes()
    raise OverflowError("a time does not fit into 64 bits")


def _unpack_several(packed: memoryview, offset: int, sizes: Iterable[int]) -> tuple[list[Sequence[int]], int]:
    """Numbers of the given sizes, one after another, and where they end."""
    several: list[Sequence[int]] = []
    for size in sizes:
        code = chr(packed[offset])
        begin, offset = offset + 1, offset + 1 + size * _SIZES[code]
        if offset > len(packed):
            raise ValueError("times are cut off")
        several.append(_numbers(packed[begin:offset], code))
    return several, offset


def _numbers(packed: memoryview, code: Any) -> Sequence[int]:
    """The numbers in packed bytes, read when they are asked for."""
    return packed.cast(code) if sys.byteorder == "little" else _little_endian(array(code, packed.tobytes()))


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
