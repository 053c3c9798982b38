"""Where windows of a few terms may compete, in many episodes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

from indexer.core.native.streams.runs import find
from indexer.core.native.streams.signatures import SignedUnits
from indexer.core.native.windows.upper_bound import slid
from indexer.core.positions.intervals import around, intersection

Term: TypeAlias = "tuple[float, float, Sequence[bytes | Sequence[int]]]"
"""What a term weighs, the most it adds, and its ways to be there: runs of units, or positions that are known."""
Episode: TypeAlias = "tuple[SignedUnits, Sequence[int] | None, Sequence[int] | None, Sequence[Term]]"
"""The units of a stream, the first atom and the start of each cue, and the terms that are in it."""

_NARROWING = 8
"""Only a term with so many ways at most narrows where others are looked for."""


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
        regions = slid(spots, at, weights, most, saturation, milliseconds, atoms, least)[1]
        if regions and first is not None and starts is not None:
            at = [starts[bisect_right(first, place) - 1] for place, _ in spots]
            if sorted(at) == at:
                regions = slid(spots, at, weights, most, saturation, milliseconds, atoms, least)[1]
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
