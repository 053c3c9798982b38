"""The times column: encodes and decodes the times of a timeline."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from itertools import accumulate, chain, islice, pairwise
from operator import sub
from typing import Any, TypeAlias, overload

from indexer.core.files.inflate import inflate
from indexer.core.positions.timeline import Times

_HEAD = struct.Struct("<II?")
_SIZES = {code: array(code).itemsize for code in "BbHhIiq"}
"""Bytes per number, smallest first."""
_WIDEST = max(_SIZES.values())

Buffer: TypeAlias = "bytes | memoryview"


def pack_times(times: Times) -> bytes:
    """Encodes times. First atoms and starts are uncompressed, so that a search can use them in hundreds of episodes
    without unpacking. The rest is needed for few cues and compressed: gaps from the end of each cue to the start of the
    next, differences between timed atoms, and differences between their times.

    Each list uses the width of its largest number; the total is seven or eight bytes per cue.
    """
    rest = b"".join(map(_pack_integers, (_gaps(times), _steps(times.timed), _steps(times.said))))
    head = _HEAD.pack(len(times), len(times.timed), times.looks_inside)
    return b"".join((head, _pack_integers(times.first), _pack_integers(times.starts), zlib.compress(rest, 6)))


def unpack_times(packed: Buffer, reading: AbstractContextManager[object] | None = None) -> Times:
    """Decodes times. Uncompressed parts are read in place, so the result keeps `packed` alive. `reading` is entered
    whenever the compressed part is unpacked later."""
    count, marks, looks_inside = _HEAD.unpack_from(packed)
    packed = memoryview(packed)
    (first, starts), end = _unpack_several(packed, _HEAD.size, (count + 1, count))
    rest = _Rest(packed[end:], count, marks, reading or nullcontext())
    timed, said = rest.marks if marks else ((), ())
    return Times(first, starts, _Durations(starts, rest), timed, said, looks_inside)


def _gaps(times: Times) -> list[int]:
    """The gap from the end of each cue to the start of the next; for the last cue, to its own start."""
    following = (*times.starts[1:], *times.starts[-1:])
    return [after - start - lasts for start, after, lasts in zip(times.starts, following, times.durations, strict=True)]


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


class _Rest:
    """The compressed part, unpacked on first use."""

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
        """The positions of timed atoms, and their times in milliseconds."""
        return _sums(self._numbers[1]), _sums(self._numbers[2])


class _Durations(Sequence[int]):
    """The duration of each cue in milliseconds, computed on access from its start, the next start and the gap."""

    def __init__(self, starts: Sequence[int], rest: _Rest) -> None:
        self._starts = starts
        self._rest = rest

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[int]:
        starts = self._starts
        following = chain(islice(starts, 1, None), islice(starts, max(0, len(starts) - 1), None))
        return map(sub, map(sub, following, starts), self._rest.gaps)

    @overload
    def __getitem__(self, cue: int) -> int: ...
    @overload
    def __getitem__(self, cue: slice) -> list[int]: ...
    def __getitem__(self, cue: int | slice) -> int | list[int]:
        starts, gaps = self._starts, self._rest.gaps
        if isinstance(cue, slice):
            first, end, step = cue.indices(len(starts))
            if step == 1 and end < len(starts):
                several = starts[first : end + 1]
                return list(map(sub, map(sub, several[1:], several), gaps[first:end]))
            return [self[one] for one in range(first, end, step)]
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
    """Decodes consecutive lists of the given sizes; returns them and the offset of their end."""
    several: list[Sequence[int]] = []
    for size in sizes:
        code = chr(packed[offset])
        begin, offset = offset + 1, offset + 1 + size * _SIZES[code]
        if offset > len(packed):
            raise ValueError("times are cut off")
        several.append(_numbers(packed[begin:offset], code))
    return several, offset


def _numbers(packed: memoryview, code: Any) -> Sequence[int]:
    """A view of packed numbers, without a copy on little-endian machines."""
    return packed.cast(code) if sys.byteorder == "little" else _little_endian(array(code, packed.tobytes()))


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
