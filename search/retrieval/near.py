"""Where in an episode a chain of words near each other stands, told by their places alone.

Most conditions have to be looked for window by window (`search.retrieval.bearing`). Words, OR and NEAR need not, as
long as all that is near fits into a window anyway: then a place bears a NEAR if any of the other side is near enough.
Those places are slices of the sorted lists, for what is near to any of some places are a few stretches of the episode.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise, repeat
from operator import le, sub
from typing import TypeAlias

from indexer.core.timeline import Times
from indexer.core.token_stream import Region
from search.query.plan import Every, Has, HasNear, Need, Some
from search.retrieval.windows import Span, whole_milliseconds

Way: TypeAlias = tuple[int, int]
"""The numbers of a term and of one of its alternatives."""
Places: TypeAlias = Mapping[Way, Sequence[int]]
"""Ascending atom positions."""


def fits(need: Need, times: Times, span: Span, longest: int) -> bool:
    """True when all that bears the need together is in one window of the episode, whatever it is. `longest` is the
    length of the longest way in atoms."""
    nears = list(_nears(need))
    if not nears:
        return True
    if times.looks_inside or not all(map(le, times.starts, times.starts[1:])):
        return False
    milliseconds = math.ceil(sum(near.distance for near in nears if near.seconds) * 1000)
    atoms = math.ceil(sum(near.distance + longest for near in nears if not near.seconds))
    if (milliseconds and atoms) or milliseconds > span.milliseconds or atoms > span.atoms:
        return False
    first, starts, last = times.first, times.starts, len(times) - 1
    if atoms:
        ends = (min(last, bisect_right(first, end - 1 + atoms) - 1) for end in islice(first, 1, None))
        return all(starts[end] - start <= span.milliseconds for start, end in zip(starts, ends, strict=True))
    end, size = 0, len(starts)
    for begin, start in zip(first, starts, strict=False):
        until = start + milliseconds
        while end < size and starts[end] <= until:
            end += 1
        if first[end] - begin > span.atoms:
            return False
    return True


def when_said(times: Times) -> Callable[[int], int]:
    """Returns a function that gives the time of an atom in milliseconds, like `Times.at`, but faster for many atoms."""
    return times.at if times.looks_inside else _when(times).__getitem__


def _when(times: Times) -> list[int]:
    return list(chain.from_iterable(map(repeat, times.starts, map(sub, islice(times.first, 1, None), times.first))))


def is_chain(need: Need) -> bool:
    """True for a need of words, OR and NEAR, of which no side of a NEAR has words of the other."""
    match need:
        case Has():
            return True
        case Some(needs):
            return all(map(is_chain, needs))
        case HasNear(left, right):
            return is_chain(left) and is_chain(right) and _terms(left).isdisjoint(_terms(right))
        case _:
            return False


def places_of(need: Need, said: Places, lengths: Mapping[Way, int], times: Times) -> Places:
    """The places that bear a chain which `fits`; `said` are those of all ways in the episode."""
    return _places_of(need, said, lengths, _when(times) if any(near.seconds for near in _nears(need)) else ())


def _places_of(need: Need, said: Places, lengths: Mapping[Way, int], when: Sequence[int]) -> Places:
    match need:
        case Has(terms):
            return {way: places for way, places in said.items() if way[0] in terms and places}
        case Some(needs):
            return _joined([_places_of(inner, said, lengths, when) for inner in needs])
        case HasNear(left, right, distance, seconds):
            one, other = (_places_of(side, said, lengths, when) for side in (left, right))
            if seconds:
                reach = whole_milliseconds(distance)
                return {**_beside(one, other, reach, when), **_beside(other, one, reach, when)}
            return {
                **_near(one, other, math.floor(distance), lengths),
                **_near(other, one, math.floor(distance), lengths),
            }
        case _:
            raise ValueError("not a chain")


def _terms(need: Need) -> frozenset[int]:
    match need:
        case Has(terms):
            return frozenset(terms)
        case Some(needs) | Every(needs):
            return frozenset().union(*map(_terms, needs))
        case HasNear(left, right):
            return _terms(left) | _terms(right)
        case _:
            return frozenset()


def bears_by_itself(need: Need) -> bool:
    """True for words and OR: every place of them bears the need, whatever is beside it."""
    return isinstance(need, Has) or (isinstance(need, Some) and all(map(bears_by_itself, need.needs)))


def _nears(need: Need) -> Iterator[HasNear]:
    match need:
        case HasNear(left, right):
            yield need
            yield from _nears(left)
            yield from _nears(right)
        case Some(needs):
            for inner in needs:
                yield from _nears(inner)


def _joined(several: Sequence[Places]) -> Places:
    joined: dict[Way, Sequence[int]] = {}
    for places in several:
        for way, own in places.items():
            known = joined.get(way)
            joined[way] = own if known is None or known is own else sorted({*known, *own})
    return joined


def _beside(these: Places, those: Places, reach: int, when: Sequence[int]) -> Places:
    """Those of `these` spoken within `reach` milliseconds of any of `those`."""
    times = sorted(set(map(when.__getitem__, chain.from_iterable(those.values()))))
    regions = [
        (bisect_left(when, begin - reach), bisect_right(when, end + reach))
        for begin, end in _stretches(times, 2 * reach)
    ]
    return _within(these, regions)


def _near(these: Places, those: Places, distance: int, lengths: Mapping[Way, int]) -> Places:
    """Those of `these` with at most `distance` atoms between them and any of `those`."""
    kept: dict[Way, Sequence[int]] = {}
    sides = [(lengths[way], places) for way, places in those.items()]
    for way, places in these.items():
        before = lengths[way] + distance
        regions: list[Region] = []
        for low, high in sorted(
            (place - before, place + size + distance + 1) for size, others in sides for place in others
        ):
            if regions and low <= regions[-1][1]:
                regions[-1] = (regions[-1][0], max(regions[-1][1], high))
            else:
                regions.append((low, high))
        kept.update(_within({way: places}, regions))
    return kept


def _stretches(numbers: Sequence[int], gap: int) -> Iterator[tuple[int, int]]:
    """(first, last) of each stretch of ascending numbers without a step greater than `gap`."""
    if numbers:
        ends = [index for index, (one, other) in enumerate(pairwise(numbers), 1) if other - one > gap]
        for begin, end in pairwise((0, *ends, len(numbers))):
            yield numbers[begin], numbers[end - 1]


def _within(these: Places, regions: Sequence[Region]) -> Places:
    kept: dict[Way, Sequence[int]] = {}
    for way, places in these.items():
        slices: Iterable[Sequence[int]] = (
            places[bisect_left(places, low) : bisect_left(places, high)] for low, high in regions
        )
        found = list(chain.from_iterable(slices))
        if found:
            kept[way] = found
    return kept
