"""Where windows of many terms may score much, in one episode."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from mmap import mmap

from indexer.core.native.streams.runs import find
from indexer.core.native.windows.upper_bound import slid


def likely_regions(
    data: mmap | bytes,
    begin: int,
    end: int,
    width: int,
    needles: Sequence[tuple[int, bytes]],
    known: Sequence[tuple[int, Sequence[int]]],
    weights: Sequence[float],
    most: Sequence[float],
    saturation: Sequence[float],
    first: Sequence[int],
    starts: Sequence[int],
    milliseconds: int,
    atoms: int,
    least: float,
) -> tuple[float, list[tuple[int, int]]]:
    """Returns the most that a window over the terms of an episode is worth, and the regions, disjoint and ascending, of
    those that are worth more than `least`: what its terms add, times what they weigh.

    Each of `needles` is (term, run of units), and occurs in data[begin:end] as in `find`; each of `known` is (term,
    positions). A term that occurs so many times adds its weight times the saturated value of that count, but at most
    its `most`; where that is 0, it does not count. The window that begins at each position lies within so many
    milliseconds and atoms; `first` and `starts` are as in `hit_times`.
    """
    several = [(term, find(data, begin, end, width, needle, None)) for term, needle in needles]
    spots = sorted((place, term) for term, places in (*several, *known) if most[term] for place in places)
    at = [starts[bisect_right(first, place) - 1] for place, _ in spots]
    return slid(spots, at, weights, most, saturation, milliseconds, atoms, least)
