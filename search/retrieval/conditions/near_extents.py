"""The extents of a NEAR: in which windows of an episode a hit satisfies it.

An extent is the range from the first to the last of a set of hits that satisfy a NEAR together. A window contains them
if it begins no later than the first and ends after the last. So only minimal extents matter, which contain no other,
and these consist of the nearest hits on each side.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import chain

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from search.query.deadline import Deadline
from search.query.plan import HasNear, Need, Some
from search.retrieval.conditions.rewrite import members
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, length_of, whole_milliseconds


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
        self._is_in_order = native.ascends(at)
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
        self._deadline.check()
        left, right = self._extents_of(need.left, ranges), self._extents_of(need.right, ranges)
        if need.seconds:
            where, lengths, longest = self._at, [0] * len(self._hits), 0
            most, in_order = whole_milliseconds(need.distance), self._is_in_order
        else:
            where, lengths, longest = [hit[0] for hit in self._hits], self._lengths, self._longest
            most, in_order = math.floor(need.distance), True
        windows = ranges.reach, ranges.earliest
        joined = native.joined_extents(left, right, where, lengths, *windows, longest, most, in_order)
        return Extents(*joined)

    def _extents_of(self, need: Need, ranges: Ranges) -> Extents:
        """Returns the extents in which each hit satisfies the need."""
        terms = members(need)
        if terms is not None:
            who = [index for index, number in enumerate(self._numbers) if number in terms]
            return Extents(who, who, who)
        if isinstance(need, HasNear):
            return self.of(need, ranges)
        several = [self._extents_of(inner, ranges) for inner in need.needs] if isinstance(need, Some) else []
        return Extents(*(list(chain.from_iterable(one[column] for one in several)) for column in range(3)))

    @cached_property
    def _lengths(self) -> list[int]:
        """The length of each hit in atoms."""
        return [length_of(hit, self._terms) for hit in self._hits]

    @cached_property
    def _longest(self) -> int:
        return max((way.source.length for term in self._terms for way in term.alternatives), default=0)
