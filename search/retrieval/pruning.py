"""Finds the regions of an episode in which a window could still be among the best, without reading most of its text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import TypeAlias

from indexer.core.intervals import union
from indexer.core.token_stream import Region
from search.matching.sources import MANY, PositionSource
from search.retrieval.model import Model

BESIDE = 4e-10
"""Sums of floating point numbers depend on their order, so scores are rounded to nine digits: what scores more than
another scores at least half a unit of the last one more before that, and what is alike does not."""

_NARROWING = 8
"""Further terms hardly narrow the regions."""

_Spot: TypeAlias = tuple[int, int, float, float]
"""The first and last atom of windows that may compete; what weighs there of the terms looked up so far, and what that
scores at most. A bare tuple: there are many."""


def competing(model: Model, episode: int, floor: float, seeds: Sequence[int] = ()) -> list[Region]:
    """The regions of an episode in which the terms weigh enough together for a window to score more than `floor`: every
    such window lies in one. Where `seeds` are given, every such window that holds one of them.

    Terms are looked up from the heaviest on. Once the rest cannot reach the floor by itself, it is looked
    up only near what was found.
    """
    least = (floor + BESIDE) * model.total
    if len(model.forms) > MANY:
        return model.likely.regions(episode, least)
    groups = _present(model, episode)
    weights, gains = sum(weight for weight, _, _ in groups), sum(gain for _, gain, _ in groups)
    rest, most, size, reach = weights, gains, model.snapshot.atoms(episode), model.span.atoms
    spots: list[_Spot] = [(seed - reach, seed + reach, 0.0, 0.0) for seed in seeds]
    for looked, (weight, gain, sources) in enumerate(groups):
        if looked >= _NARROWING and 2 * sum(end - first for first, end in _regions(spots)) > size:
            return model.likely.regions(episode, least)  # most of it may compete: no use in telling spot by spot
        leads = not seeds and rest * most > least
        regions = _regions(spots)
        rest, most = rest - weight, most - gain
        if leads or 2 * sum(end - first for first, end in regions) > size:
            regions = [(0, size)]
        places = sources[0].perhaps(episode, regions)
        if len(sources) > 1:
            places = sorted(chain(places, *(source.perhaps(episode, regions) for source in sources[1:])))
        fewest = 0
        if (weights - weight) * (gains - gain) <= least:  # no window does without it
            fewest = max(1, bisect_right(model.saturation, (least / weights - gains + gain) / weight))
        if leads:
            around = _around(places, max(1, fewest), reach)
            spots = sorted((*spots, *around)) if spots else around
        kept = []
        for low, high, covered, score in spots:
            there = bisect_right(places, high) - bisect_left(places, low)
            if there >= fewest:
                if there:
                    covered, score = covered + weight, score + min(weight * model.saturated(there), gain)
                if (covered + rest) * (score + most) > least:
                    kept.append((low, high, covered, score))
        spots = kept
        if not spots:
            break
    return _regions(spots)


def _present(model: Model, episode: int) -> list[tuple[float, float, Sequence[PositionSource]]]:
    """(weight, the most it adds to a window, sources) of each term of the query that is in an episode, itself or in
    what stands for it; the heaviest first."""
    groups: list[tuple[float, float, Sequence[PositionSource]]] = []
    for numbers in model.forms:
        gains = {number: gain for number in numbers if (gain := model.most_gains(number).get(episode))}
        if gains:
            weight, gain = max(model.term_weights[number] for number in gains), max(gains.values())
            groups.append((weight, gain, [source for number in gains for source in model.sources(number, episode)]))
    groups.sort(key=itemgetter(0), reverse=True)
    return groups


def _around(places: Sequence[int], fewest: int, reach: int) -> list[_Spot]:
    """Where a window with at least `fewest` of the positions may be: around its first and last."""
    together = zip(places, places[fewest - 1 :], strict=False)
    return [(last - reach, first + reach, 0.0, 0.0) for first, last in together if last - first <= reach]


def _regions(spots: Sequence[_Spot]) -> list[Region]:
    """Merges spots, which are in order, to disjoint regions."""
    return union([(low if low > 0 else 0, high + 1) for low, high, _, _ in spots])
