"""Conditions of many sounds, in parts that OpenSearch can look for in their order.

A query has so many clauses, and each two sounds that may follow each other are one. With more of them, each place would
be one clause, and its sounds could be anywhere: what is then met in nearly every episode is said in few in that order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from search.backends.conditions import Condition, Disjunction, HasSounds
from search.backends.opensearch.queries import MOST_ALONE

_MOST_PARTS = 8
"""With more, a condition is asked for in one query."""


def parts_of(condition: Condition) -> Sequence[Condition]:
    """Conditions of which each has few enough ways to sound for one query, and of which an episode meets one if it
    meets this."""
    if not isinstance(condition, HasSounds) or condition.itself or len(condition.classes) < 3:
        return [condition]
    if condition.ways and (narrower := _narrower(condition)):
        return narrower
    parts = [condition.classes]
    while (most := max(parts, key=_ways)) and _ways(most) > MOST_ALONE:
        if len(parts) == _MOST_PARTS:
            return [condition]
        parts.remove(most)
        parts += _halves(most)
    return [condition] if len(parts) == 1 else [HasSounds(classes, ()) for classes in parts]


def _narrower(condition: HasSounds) -> Sequence[Condition]:
    """Conditions that admit less than all sounds at each place in any order: the ways are told apart by their sound at
    one place, that for which this takes the fewest clauses. Nothing if these are too many."""
    apart = (_told_apart(condition.ways, place) for place in range(len(condition.classes)))
    groups = min(apart, key=lambda several: sum(map(_ways, several)))
    packed: list[list[HasSounds]] = []
    left = 0
    for classes in groups:
        if (ways := _ways(classes)) > MOST_ALONE:
            return ()
        if ways > left:
            packed.append([])
            left = MOST_ALONE
        packed[-1].append(HasSounds(classes, ()))
        left -= ways
    return tuple(Disjunction(tuple(several)) for several in packed) if len(packed) <= _MOST_PARTS else ()


def _told_apart(ways: Sequence[tuple[int, ...]], place: int) -> list[tuple[tuple[int, ...], ...]]:
    """The sounds at each place of the ways with each sound at one of them."""
    groups: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    for way in ways:
        groups[way[place]].append(way)
    return [tuple(tuple(sorted(set(members))) for members in zip(*several, strict=True)) for several in groups.values()]


def _ways(classes: Sequence[Sequence[int]]) -> int:
    return sum(len(first) * len(second) for first, second in pairwise(classes))


def _halves(classes: tuple[tuple[int, ...], ...]) -> list[tuple[tuple[int, ...], ...]]:
    """The same with one half of the sounds of a place and with the other: of the place for which the first has the
    fewest ways."""

    def split(at: int, first: bool) -> tuple[tuple[int, ...], ...]:
        middle = (len(classes[at]) + 1) // 2
        kept = classes[at][:middle] if first else classes[at][middle:]
        return (*classes[:at], kept, *classes[at + 1 :])

    place = min(range(len(classes)), key=lambda at: _ways(split(at, first=True)))
    return [split(place, first=True), split(place, first=False)]
