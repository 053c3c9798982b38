"""Where windows of several terms may score much, in Python: the twins of regions.c and competing.c."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from mmap import mmap
from typing import TypeAlias

from indexer.core.intervals import around, intersection
from indexer.core.native.pure_streams import SignedUnits, find

Term: TypeAlias = "tuple[float, float, Sequence[bytes | Sequence[int]]]"
"""What a term weighs, the most it adds, and its ways to be there: runs of units, or positions that are known."""
Episode: TypeAlias = "tuple[SignedUnits, Sequence[int] | None, Sequence[int] | None, Sequence[Term]]"
"""The units of a stream, the first atom and the start of each cue, and the terms that are in it."""

_NARROWING = 8
"""Only a term with so many ways at most narrows where others are looked for."""


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
    return _slid(spots, at, weights, most, saturation, milliseconds, atoms, least)


def competing_regions(
    episodes: Sequence[Episode], saturation: Sequence[float], milliseconds: int, atoms: int, least: float
) -> list[list[tuple[int, int]]]:
    """Returns the regions of each episode as `likely_regions`, which are those of some more windows where times of the
    terms' places go back, or `first` and `starts` are None: then only atoms bound a window. Places that are too far
    from a term that no window can do without are not looked at, nor are their times."""
    found = []
    for units, first, starts, terms in episodes:
        spots = _near_spots(units, terms, atoms, least)
        weights, most = [weight for weight, _, _ in terms], [gain for _, gain, _ in terms]
        at: list[int] = []
        regions = _slid(spots, at, weights, most, saturation, milliseconds, atoms, least)[1]
        if regions and first is not None and starts is not None:
            at = [starts[bisect_right(first, place) - 1] for place, _ in spots]
            if sorted(at) == at:
                regions = _slid(spots, at, weights, most, saturation, milliseconds, atoms, least)[1]
        found.append(regions)
    return found


def _near_spots(units: SignedUnits, terms: Sequence[Term], atoms: int, least: float) -> list[tuple[int, int]]:
    """The places of the terms of an episode as sorted (position, term); none if the terms that no window can do without
    are nowhere near. Runs are only looked for within so many `atoms` of such terms before them."""
    weights = most = 0.0
    for weight, gain, _ in terms:  # not `sum`, which rounds in its own way
        weights += weight
        most += gain
    spots: list[tuple[int, int]] = []
    near: list[tuple[int, int]] | None = None
    for number, (weight, gain, ways) in enumerate(terms):
        found = [find(*units[:4], way, near) if isinstance(way, bytes) else way for way in ways]
        spots += [(at, number) for way in found for at in way]
        if (weights - weight) * (most - gain) <= least and len(ways) <= _NARROWING:
            there = around(sorted(chain.from_iterable(found)), atoms)
            near = there if near is None else intersection(there, near)
            if not near:
                return []
    return sorted(spots)


def _slid(
    spots: Sequence[tuple[int, int]],
    at: Sequence[int],
    weights: Sequence[float],
    most: Sequence[float],
    saturation: Sequence[float],
    milliseconds: int,
    atoms: int,
    least: float,
) -> tuple[float, list[tuple[int, int]]]:
    """The most that a window over (position, term) is worth, and the regions; without times `at`, of any duration."""
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
            reached == number
            or (spots[reached][0] <= place + atoms and (not at or at[reached] <= at[number] + milliseconds))
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
