"""Sums up the lists of a clock: positions of cues, and their times."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, repeat

_LIST = struct.Struct("<bc")
_BEYOND = 255
_SIZES = {b"h": 2, b"i": 4, b"q": 8}
"""The format of lists, as in `indexer.store.fields.clock`."""
_MOST = 65535

Packed = tuple[str, bytes]
"""The type code of an array, the narrowest of H, i and q in which its numbers fit, and its bytes. What is beyond 64
bits, as no clock has it, loses the bits beyond."""


def summed_up(data: bytes, size: int) -> Packed:
    """Returns the running sums of a list of `size` numbers: the number from which its bytes count, the type code of
    numbers beyond, a byte for each, 255 for one beyond, and these. Raises ValueError if it is cut off."""
    return _narrow(accumulate(_numbers(data, size)))


def clocked(lists: tuple[bytes, ...], beside: bytes, size: int, frame: tuple[int, int, int]) -> tuple[Packed, ...]:
    """Returns the times that begin each of `size` turns, and with two lists how long each takes, in milliseconds.

    The lists (`summed_up`) have the steps, in frames, from the end of a turn to the begin of the next one, and from
    there to its end; `beside` has what is to be added to each time, in turns, and is empty where that is nothing. The
    time of a frame is (number * the first of `frame` + the third) // the second. Raises ValueError if a list is cut
    off, or for a frame that is none.
    """
    milliseconds, frames, rounding = frame
    if not (1 <= milliseconds <= _MOST and 1 <= frames <= _MOST and 0 <= rounding <= _MOST and size >= 0):
        raise ValueError("a clock has no frames")
    added: Iterator[int] = iter(_numbers(beside, size * len(lists))) if beside else repeat(0)
    steps = chain.from_iterable(zip(*(_numbers(one, size) for one in lists), strict=True))
    each = ((number * milliseconds + rounding) // frames for number in _signed(accumulate(steps)))
    times = [time + more for time, more in zip(each, added, strict=False)]
    starts, ends = times[:: len(lists)], times[1 :: len(lists)]
    if len(lists) == 1:
        return (_narrow(starts),)
    return _narrow(starts), _narrow([end - start for start, end in zip(starts, ends, strict=True)])


def _numbers(data: bytes, size: int) -> Sequence[int]:
    codes = data[_LIST.size : _LIST.size + size]
    lowest, form = _LIST.unpack_from(data) if size >= 0 and len(codes) == size and len(data) >= 2 else (0, b"")
    beyond = codes.count(_BEYOND)
    if form not in _SIZES or len(data) != _LIST.size + size + beyond * _SIZES[form]:
        raise ValueError("a clock is cut off")
    others = iter(struct.unpack_from(f"<{beyond}{form.decode()}", data, _LIST.size + size))
    return [next(others) if code == _BEYOND else code + lowest for code in codes]


def _narrow(numbers: Iterable[int]) -> Packed:
    signed = _signed(numbers)
    low, high = min(signed, default=0), max(signed, default=0)
    code = "H" if low >= 0 and high <= _MOST else "i" if low >= -(1 << 31) and high < 1 << 31 else "q"
    return code, array(code, signed).tobytes()


def _signed(numbers: Iterable[int]) -> array[int]:
    """The numbers without the bits beyond 64."""
    return array("q", array("Q", [number & (1 << 64) - 1 for number in numbers]).tobytes())
