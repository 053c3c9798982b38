"""The extents of a NEAR: in which windows of an episode a hit satisfies it.

An extent is the range from the first to the last of a set of hits that satisfy a NEAR together. A window contains them
if it begins no later than the first and ends after the last. So only minimal extents matter, which contain no other,
and these consist of the nearest hits on each side.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from operator import le
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple
from search.query.deadline import Deadline
from search.query.plan import HasNear, Need, Some
from search.retrieval.conditions.rewrite import members
from search.retrieval.resolved import ResolvedTerm
from search.retrieval.windows import Hit, length_of, whole_milliseconds

_Extent: TypeAlias = tuple[int, int]
"""The indices of the first and the last hit."""


class Extents(NamedTuple):
    """Three parallel lists: hits[who[i]] satisfies a need in windows that contain hits[first[i]] to hits[last[i]]."""

    who: list[int]
    first: list[int]
    last: list[int]


class Ranges(NamedTuple):
    """Windows as ranges of hits: the parallel lists `begins` and `ends`. For each hit, `reach` is the end of the window
    that begins there, and `earliest` the first window that contains it. Longer extents are in no window."""

    begins: Sequence[int]
    ends: Sequence[int]
    reach: Sequence[int]
    earliest: Sequence[int]


class NearExtents:
    """Computes the extents of the NEARs of a query in one episode. `hits` are sorted, `at` are their times in
    milliseconds, and a window of `windows` begins at each hit."""

    def __init__(
        self,
        terms: Sequence[ResolvedTerm],
        hits: Sequence[Hit],
        at: Sequence[int],
        windows: Ranges,
        deadline: Deadline,
    ) -> None:
        self._terms = terms
        self._hits = hits
        self._at = at
        self._windows = windows
        self._deadline = deadline
        self._numbers = [number for _, number, _ in hits]
        self._is_in_order = all(map(le, at, islice(at, 1, None)))
        self._known: dict[tuple[int, bool], Extents] = {}

    def of(self, need: HasNear, ranges: Ranges) -> Extents:
        """Returns the extents of a NEAR, whose sides are words, OR or NEAR, within `ranges`: the windows, or wider
        ranges of hits."""
        key = id(need), ranges is self._windows
        known = self._known.get(key)
        if known is None:
            left, right = members(need.left), members(need.right)
            measure = None if left is None or right is None else self._measure(need, left | right)
            if left is None or right is None or measure is None:
                known = self._nearest_extents(need, ranges)
            else:
                known = self._nearest(left, right, *measure, ranges.reach)
            self._known[key] = known
        return known

    def _measure(self, need: HasNear, members: Iterable[int]) -> tuple[Sequence[int], int] | None:
        """Returns the coordinate of each hit in the unit of the distance, and the maximum distance; None if the order
        of hits may differ from the order of their distances."""
        if need.seconds:
            return (self._at, whole_milliseconds(need.distance)) if self._is_in_order else None
        lengths = {way.source.length for number in members for way in self._terms[number].alternatives}
        return ([hit[0] for hit in self._hits], math.floor(need.distance) + max(lengths)) if len(lengths) == 1 else None

    def _nearest(
        self, left: Collection[int], right: Collection[int], where: Sequence[int], most: int, ends: Sequence[int]
    ) -> Extents:
        """Returns the extents of each hit of one kind with the nearest of the other kind before and after it."""
        numbers = self._numbers
        lefts = [index for index, number in enumerate(numbers) if number in left]
        rights = [index for index, number in enumerate(numbers) if number in right]
        who, first, last = list[int](), list[int](), list[int]()
        for these, those in ((lefts, rights), (rights, lefts)):
            at, size = 0, len(those)
            for index in these:
                while at < size and those[at] <= index:
                    at += 1
                if at < size and (after := those[at]) < ends[index] and where[after] - where[index] <= most:
                    who.append(index)
                    first.append(index)
                    last.append(after)
                at_before = at - 2 if at and those[at - 1] == index else at - 1  # a hit may be of both kinds
                if at_before >= 0:
                    before = those[at_before]
                    if index < ends[before] and where[index] - where[before] <= most:
                        who.append(index)
                        first.append(before)
                        last.append(index)
        return Extents(who, first, last)

    def _nearest_extents(self, need: HasNear, ranges: Ranges) -> Extents:
        """Returns the extents of hits that satisfy one side, joined with those of near hits that satisfy the other."""
        left, right = self._extents_of(need.left, ranges), self._extents_of(need.right, ranges)
        found: dict[int, list[_Extent]] = {}
        for these, those in ((left, right), (right, left)):
            order = sorted(those)
            for index, own in these.items():
                self._deadline.check()
                for other in self._beside(need, index, those, order, ranges):
                    joined = found.setdefault(index, [])
                    joined += [(min(a, c), max(b, d)) for a, b in own for c, d in other]
        return _listed({index: _least(extents, ranges.reach) for index, extents in found.items()})

    def _extents_of(self, need: Need, ranges: Ranges) -> dict[int, list[_Extent]]:
        """Maps the index of each hit to the extents in which it satisfies the need."""
        terms = members(need)
        if terms is not None:
            return {index: [(index, index)] for index, number in enumerate(self._numbers) if number in terms}
        several = [self._extents_of(inner, ranges) for inner in need.needs] if isinstance(need, Some) else []
        if isinstance(need, HasNear):
            near = self.of(need, ranges)
            several = [{}]
            for who, first, last in zip(*near, strict=True):
                several[0].setdefault(who, []).append((first, last))
        joined: dict[int, list[_Extent]] = {}
        for extents in several:
            for index, own in extents.items():
                joined.setdefault(index, []).extend(own)
        return {index: _least(extents, ranges.reach) for index, extents in joined.items()}

    def _beside(
        self, need: HasNear, index: int, those: dict[int, list[_Extent]], order: Sequence[int], ranges: Ranges
    ) -> Iterator[list[_Extent]]:
        """Yields the extents of other hits near a hit, the nearest first, on both sides; stops at those that contain an
        extent already yielded."""
        reached = ranges.reach[index]
        for other in map(order.__getitem__, range(bisect_right(order, index), len(order))):
            if other >= reached or self._is_beyond(need, index, other, 0):
                break
            if self._are_near(need, index, other):
                yield those[other]
                reached = min([reached, *(last for first, last in those[other] if first >= index)])
        reached, longest = ranges.earliest[index] - 1, self._longest
        for other in map(order.__getitem__, range(bisect_left(order, index) - 1, -1, -1)):
            if other <= reached or self._is_beyond(need, other, index, longest):
                break
            if self._are_near(need, other, index):
                yield those[other]
                reached = max([reached, *(first for first, last in those[other] if last <= index)])

    @cached_property
    def _longest(self) -> int:
        return max((way.source.length for term in self._terms for way in term.alternatives), default=0)

    def _is_beyond(self, need: HasNear, one: int, other: int, longest: int) -> bool:
        """Returns True if neither these two hits, in order, nor any pair further apart is near."""
        if need.seconds:
            return self._is_in_order and (self._at[other] - self._at[one]) / 1000 > need.distance
        length = longest or length_of(self._hits[one], self._terms)
        return self._hits[other][0] - self._hits[one][0] - length > need.distance

    def _are_near(self, need: HasNear, one: int, other: int) -> bool:
        """Returns True if two hits, in order, are within the distance."""
        if need.seconds:
            return abs(self._at[one] - self._at[other]) / 1000 <= need.distance
        first, second = self._hits[one], self._hits[other]
        return max(0, second[0] - first[0] - length_of(first, self._terms)) <= need.distance


def _least(extents: Iterable[_Extent], ends: Sequence[int]) -> list[_Extent]:
    """Returns the extents that fit into a window and contain no other extent."""
    kept: list[_Extent] = []
    for first, last in sorted(set(extents), key=lambda extent: (-extent[0], extent[1])):
        if last < ends[first] and (not kept or last < kept[-1][1]):
            kept.append((first, last))
    return kept


def _listed(extents: dict[int, list[_Extent]]) -> Extents:
    rows = [(who, first, last) for who, several in extents.items() for first, last in several]
    return Extents(*map(list, zip(*rows, strict=True))) if rows else Extents([], [], [])
