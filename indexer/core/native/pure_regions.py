"""Where windows of many terms may score much, in Python: the twin of regions.c."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from mmap import mmap

from indexer.core.native.pure_streams import find


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
    counts, values, last = [0] * len(weights), [0.0] * len(weights), len(saturation) - 1
    score = covered = best = 0.0
    regions: list[tuple[int, int]] = []
    reached = 0

    def count(term: int, by: int) -> None:
        nonlocal score, covered
        counts[term] = there = counts[term] + by
        value = min(weights[term] * saturation[min(there, last)], most[term])
        score += value - values[term]
        values[term] = value
        if there == (1 if by > 0 else 0):
            covered += by * weights[term]

    for number, (place, own) in enumerate(spots):
        if reached == number:  # the window is empty: clear rounding errors
            score = covered = 0.0
        while reached < len(spots) and (
            reached == number or (spots[reached][0] <= place + atoms and at[reached] <= at[number] + milliseconds)
        ):
            count(spots[reached][1], 1)
            reached += 1
        worth = score * covered
        best = max(best, worth)
        if worth > least:
            after = spots[reached - 1][0] + 1
            if regions and place <= regions[-1][1]:
                regions[-1] = (regions[-1][0], max(after, regions[-1][1]))
            else:
                regions.append((place, after))
        count(own, -1)
    return best, regions
