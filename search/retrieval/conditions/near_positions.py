"""Evaluates NEAR on position lists: the positions of words that are near each other, from the sorted positions of each.

A position on one side of `a NEAR b` counts if the next or the previous position of the other side is near enough and
in the same window; all others are further away. So each NEAR takes a few passes over sorted lists by bisect, map and
slices: O(m log n) for m positions of the rarer side and n of the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, compress, islice
from operator import or_, sub
from typing import TypeAlias

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from search.query.plan import Has, HasNear, Need, Some
from search.retrieval.windows import Span, whole_milliseconds

Way: TypeAlias = tuple[int, int]
"""The numbers of a term and of one of its alternatives."""
Places: TypeAlias = Mapping[Way, Sequence[int]]
"""Ascending atom positions."""
When: TypeAlias = Callable[[Sequence[int]], Sequence[int]]
"""The times of ascending places, in milliseconds; they ascend, too."""


class Rule(NamedTuple):
    """What NEAR needs to know of an episode: the length of each way in atoms, the times of positions, and the size of a
    window."""

    lengths: Mapping[Way, int]
    when: When
    span: Span


class _Group(NamedTuple):
    """The merged positions of all ways of the same length."""

    length: int
    places: Sequence[int]
    ways: Sequence[Way]


def near_places(need: Need, said: Places, rule: Rule) -> Places:
    """Returns the positions that satisfy a chain of NEARs, out of the positions `said`. Evaluates each NEAR
    independently of the others, so the result is a superset of the positions that satisfy the whole chain."""
    match need:
        case Has(terms):
            return {way: places for way, places in said.items() if way[0] in terms and places}
        case Some(needs):
            return _joined([near_places(inner, said, rule) for inner in needs])
        case HasNear(left, right):
            one, other = near_places(left, said, rule), near_places(right, said, rule)
            both = one.keys() & other.keys()
            if not both:
                return _near(need, one, other, rule)
            only, shared = {way: own for way, own in one.items() if way not in both}, {way: one[way] for way in both}
            rest = {way: own for way, own in other.items() if way not in both}
            found = [_near(need, only, other, rule), _near(need, shared, rest, rule)]
            return _joined([*found, _near_itself(need, shared, rule)])
        case _:
            raise ValueError("not a chain")


def _joined(several: Iterable[Places]) -> Places:
    joined: dict[Way, Sequence[int]] = {}
    for places in several:
        for way, own in places.items():
            known = joined.get(way)
            joined[way] = own if known is None or known is own else sorted({*known, *own})
    return joined


def _near(need: HasNear, one: Places, other: Places, rule: Rule) -> Places:
    """Returns the positions on each side that are near one of the other side; the sides have no way in common."""
    if not one or not other:
        return {}
    ones, others = _groups(need, one, rule), _groups(need, other, rule)
    if len(one) == len(other) == 1:  # mostly, and each of thousands of episodes asks
        (these,), (those,) = ones, others
        found_ones, found_others = _beside(need, these, those, rule)
        return {these.ways[0]: found_ones, those.ways[0]: found_others} if found_ones else {}
    found: list[Places] = []
    for these in ones:
        for those in others:
            near = _beside(need, these, those, rule)
            found += (_only(one, these, near[0]), _only(other, those, near[1]))
    return _joined(found)


def _near_itself(need: HasNear, places: Places, rule: Rule) -> Places:
    """Returns the positions of the ways that are near another position of any of them, or at which two of them
    begin."""
    found: list[Places] = []
    groups = _groups(need, places, rule)
    for number, these in enumerate(groups):
        for those in groups[number + 1 :]:
            near = _beside(need, these, those, rule)
            found += (_only(places, these, near[0]), _only(places, those, near[1]))
        there, at = these.places, rule.when(these.places)
        most, reach = atoms_of(need, these.length, rule.span), milliseconds_of(need, rule.span)
        steps = zip(map(sub, islice(there, 1, None), there), map(sub, islice(at, 1, None), at), strict=True)
        is_near = [atoms <= most and milliseconds <= reach for atoms, milliseconds in steps]
        kept = list(compress(there, map(or_, chain(is_near, (False,)), chain((False,), is_near))))
        found.append(_only(places, these, kept))
    return _joined(found)


def _groups(need: HasNear, places: Places, rule: Rule) -> list[_Group]:
    """Groups the ways by length if the distance is in atoms, which is measured from the end of the first match."""
    if len(places) == 1:
        ((only, there),) = places.items()
        return [_Group(0 if need.seconds else rule.lengths[only], there, (only,))]
    by_length: dict[int, list[Way]] = {}
    for way in places:
        by_length.setdefault(0 if need.seconds else rule.lengths[way], []).append(way)
    return [
        _Group(
            length,
            places[ways[0]] if len(ways) == 1 else sorted(chain.from_iterable(map(places.__getitem__, ways))),
            ways,
        )
        for length, ways in by_length.items()
    ]


def _only(places: Places, group: _Group, kept: Sequence[int]) -> Places:
    """Returns the positions in `kept` for each way of the group."""
    if not kept:
        return {}
    if len(group.ways) == 1:
        return {group.ways[0]: kept}
    there = set(kept)
    found = ((way, list(filter(there.__contains__, places[way]))) for way in group.ways)
    return {way: own for way, own in found if own}


def atoms_of(need: HasNear, length: int, span: Span) -> int:
    """Returns the maximum distance, in atoms, from the beginning of a match of this length to that of a near one."""
    return span.atoms if need.seconds else min(span.atoms, math.floor(need.distance) + length)


def milliseconds_of(need: HasNear, span: Span) -> int:
    """Returns the maximum distance, in milliseconds, from a position to a near one."""
    return min(span.milliseconds, whole_milliseconds(need.distance)) if need.seconds else span.milliseconds


def _beside(need: HasNear, these: _Group, those: _Group, rule: Rule) -> tuple[Sequence[int], Sequence[int]]:
    """Returns the positions of each group that are near a position of the other."""
    if len(these.places) > len(those.places):
        one, other = _beside(need, those, these, rule)
        return other, one
    places, others = these.places, those.places
    after, before = atoms_of(need, these.length, rule.span), atoms_of(need, those.length, rule.span)
    if not need.seconds:  # leaves few, mostly, of which the times are wanted
        places, others = native.beside(places, others, places, others, before, after, max(before, after))
        if not places:
            return (), ()
    at, others_at, reach = rule.when(places), rule.when(others), milliseconds_of(need, rule.span)
    is_short = max(at[-1], others_at[-1]) - min(at[0], others_at[0]) <= reach
    if is_short and max(places[-1], others[-1]) - min(places[0], others[0]) <= min(before, after):
        return places, others
    return native.beside(places, others, at, others_at, before, after, reach)
