"""The clock: all times of an episode in as few bytes as they take, for a search that fetches them over a network.

An index in a folder reads times in place (`indexer.store.fields.times`); a clock is a third of that, or less. Times are
counted in frames (`indexer.store.fields.frames`); what a time is beside its frame is kept, too.

| part     | value                                                                                                 |
|----------|-------------------------------------------------------------------------------------------------------|
| checksum | CRC-32 of the rest                                                                                    |
| head     | `looks_inside`, the frame, the numbers of cues and of timed atoms                                     |
| cues     | lists: the atoms of each; frames from the end of the one before to its start, and to its end; what    |
|          | starts and ends, in turns, are beside their frames                                                    |
| words    | lists, if atoms are timed: the steps from position to position, and from frame to frame; the besides  |

A list is deflated for itself: the number that its bytes count from, the format of numbers beyond, a byte for each of
the list, then the numbers beyond. One that is empty has zeros only.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise
from operator import add, sub
from typing import overload

from indexer.core.timeline import Times
from indexer.store.fields.frames import Frame, frame_of

_CHECKSUM, _HEAD, _LIST = struct.Struct("<I"), struct.Struct("<?HHHII"), struct.Struct("<bc")
_BEYOND = 255
"""The byte for a number beyond, which follows the list."""
_SIZES = {"h": 2, "i": 4, "q": 8}
"""The formats of such numbers, and their bytes."""
_LOWEST = -127
"""What the bytes of a list count from at least."""


def pack_clock(times: Times) -> bytes:
    """Encodes times. Raises OverflowError for one that does not fit into 64 bits."""
    said = array("q", times.said)  # raises OverflowError
    each = zip(times.starts, times.durations, strict=True)
    borders = array("q", chain.from_iterable((start, start + lasts) for start, lasts in each))
    frame = frame_of(borders + said)
    frames, beside = _counted(borders, frame)
    steps = _steps(frames)
    lists = [_pack(_steps(times.first)), _pack(steps[0::2]), _pack(steps[1::2]), beside]
    if said:
        frames, beside = _counted(said, frame)
        lists += [_pack(_steps(times.timed)), _pack(_steps(frames)), beside]
    rest = _HEAD.pack(times.looks_inside, *frame, len(times), len(said)) + b"".join(lists)
    return _CHECKSUM.pack(zlib.crc32(rest)) + rest


def unpack_clock(packed: bytes) -> Times:
    """Decodes times; durations are computed when they are first asked for. Raises ValueError if they are damaged."""
    rest = packed[_CHECKSUM.size :]
    if len(rest) < _HEAD.size or packed[: _CHECKSUM.size] != _CHECKSUM.pack(zlib.crc32(rest)):
        raise ValueError("a clock is not as it was written")
    looks_inside, milliseconds, per, rounding, cues, marks = _HEAD.unpack_from(rest)
    if not (milliseconds and per):
        raise ValueError("a clock has no frames")
    lists, frame = _Lists(rest[_HEAD.size :]), Frame(milliseconds, per, rounding)
    first = _array(accumulate(lists.take(cues + 1)))
    steps = [0] * (2 * cues)
    steps[0::2], steps[1::2] = lists.take(cues), lists.take(cues)
    frames, beside = list(accumulate(steps)), lists.take_beside(2 * cues)
    starts = _array(_times(frames[0::2], frame, beside[0::2]))
    timed, said = array("q"), array("q")
    if marks:
        timed = _array(accumulate(lists.take(marks)))
        said = _array(_times(list(accumulate(lists.take(marks))), frame, lists.take_beside(marks)))
    lists.end()
    return Times(first, starts, _Durations(starts, frames[1::2], frame, beside[1::2]), timed, said, looks_inside)


class _Durations(Sequence[int]):
    """The duration of each cue in milliseconds: few questions need them."""

    def __init__(self, starts: Sequence[int], ends: Sequence[int], frame: Frame, beside: Sequence[int]) -> None:
        """`ends` are frames."""
        self._starts = starts
        self._ends = ends, frame, beside

    @cached_property
    def _all(self) -> list[int]:
        return list(map(sub, _times(*self._ends), self._starts))

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[int]:
        return iter(self._all)

    @overload
    def __getitem__(self, cue: int) -> int: ...
    @overload
    def __getitem__(self, cue: slice) -> list[int]: ...
    def __getitem__(self, cue: int | slice) -> int | list[int]:
        return self._all[cue]


def _array(numbers: Iterable[int]) -> array[int]:
    try:
        return array("q", numbers)
    except OverflowError:
        raise ValueError("a time does not fit into 64 bits") from None


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


def _counted(times: Sequence[int], frame: Frame) -> tuple[list[int], bytes]:
    """The frames nearest to times, and the list of what these are beside them."""
    frames = frame.nearest(times)
    beside = list(map(sub, times, frame.times(frames)))
    return frames, _pack(beside) if any(beside) else _deflated(b"")


def _times(frames: Sequence[int], frame: Frame, beside: Sequence[int]) -> list[int]:
    times = frame.times(frames)
    return list(map(add, times, beside)) if beside else times


def _pack(numbers: Sequence[int]) -> bytes:
    lowest = min(0, max(_LOWEST, min(numbers, default=0)))
    codes = [number - lowest for number in numbers]
    beyond = [code + lowest for code in codes if not 0 <= code < _BEYOND]
    bits = max((max(number, ~number).bit_length() for number in beyond), default=0)
    form = next((form for form, size in _SIZES.items() if bits < 8 * size), None)
    if form is None:
        raise OverflowError("a time does not fit into 64 bits")
    listed = bytes(code if 0 <= code < _BEYOND else _BEYOND for code in codes)
    return _deflated(_LIST.pack(lowest, form.encode()) + listed + struct.pack(f"<{len(beyond)}{form}", *beyond))


def _deflated(data: bytes) -> bytes:
    """The smaller of two ways to deflate: most lists repeat no sequences, and are best coded number by number."""
    return min((_deflated_by(data, way) for way in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)), key=len)


def _deflated_by(data: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
    return packer.compress(data) + packer.flush()


class _Lists:
    """The lists of a clock, taken from the front. Every method raises ValueError if they are damaged."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    def take(self, size: int) -> Sequence[int]:
        """The next list, of `size` numbers."""
        return self._numbers(self._inflated(size), size)

    def take_beside(self, size: int) -> Sequence[int]:
        """The next list, empty where there are zeros only."""
        data = self._inflated(size)
        return self._numbers(data, size) if data else b""

    def end(self) -> None:
        if self._packed:
            raise ValueError("a clock goes on after its end")

    def _inflated(self, size: int) -> bytes:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(self._packed, _LIST.size + size * (1 + _SIZES["q"]) + 1)
        except zlib.error as error:
            raise ValueError(f"a clock is not as it was written ({error})") from None
        if not unpacker.eof:
            raise ValueError("a clock is cut off")
        self._packed = unpacker.unused_data
        return data

    def _numbers(self, data: bytes, size: int) -> Sequence[int]:
        codes = data[_LIST.size : _LIST.size + size]
        lowest, form = _LIST.unpack_from(data) if len(codes) == size else (0, b"")
        beyond = f"<{codes.count(_BEYOND)}{form.decode()}"
        if form.decode() not in _SIZES or len(data) != _LIST.size + size + struct.calcsize(beyond):
            raise ValueError("a clock is cut off")
        if _BEYOND in codes:
            others = iter(struct.unpack_from(beyond, data, _LIST.size + size))
            return [next(others) if code == _BEYOND else code + lowest for code in codes]
        return [code + lowest for code in codes] if lowest else codes
