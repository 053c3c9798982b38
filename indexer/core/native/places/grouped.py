"""Groups the places of several ways to be found in an episode."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain

from indexer.core.native.places.hits import times_at


def grouped(
    parts: Sequence[tuple[int, Sequence[int]]],
    bits: int,
    ranks: Sequence[int],
    first: Sequence[int],
    starts: Sequence[int],
    apart_ms: int,
    most: int,
) -> tuple[bytes, bytes, list[int]]:
    """Returns the places of some ways in order, each as place << bits | way, the rank of each, and the end of each
    group of them: before the first place that is `apart_ms` later than its first one, or more than `most` atoms. The
    numbers are packed as by `array("q")`.

    The parts are (way, ascending places), `ranks` are by way. A way has 1 to 20 `bits`, a place at most 42: compiled,
    others are a ValueError. The time of a place is the start of its cue, as in
    `times_at`; times must not go back.
    """
    codes = sorted(chain.from_iterable([place << bits | way for place in places] for way, places in parts))
    places = [code >> bits for code in codes]
    at = times_at(places, first, starts)
    ends, begin, size = list[int](), 0, len(codes)
    while begin < size:
        by_time = bisect_left(at, at[begin] + max(1, apart_ms), begin)
        begin = bisect_right(places, places[begin] + most, begin, by_time)
        ends.append(begin)
    mask = (1 << bits) - 1
    return array("q", codes).tobytes(), array("q", [ranks[code & mask] for code in codes]).tobytes(), ends
