"""Which hits of an episode bear the condition of a query: those by which one of its windows meets it.

`search.retrieval.constraints` tells that of one window, by looking at all of its hits. Here it is told of all windows
of an episode at once, in time that grows with the hits and neither with their pairs nor with the hits of every window.
For that, the windows in which a hit bears a NEAR are described by **extents**: the first and last of some hits that
bear it together. A window holds them if it begins no later than the first and ends after the last, so only extents
count that hold no other, and these are made of the nearest hits on each side.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial, reduce
from itertools import accumulate
from operator import and_, le, or_
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode
from search.query.deadline import Deadline
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some
from search.retrieval.alternatives import alternatives, can_be_split, members
from search.retrieval.constraints import View, bearing, meets
from search.retrieval.resolved import ResolvedPlan
from search.retrieval.windows import Hit, Span, length_of, reaches, whole_milliseconds

_Extent: TypeAlias = tuple[int, int]
"""The indexes of the first and last of some hits."""


class _Extents(NamedTuple):
    """Three parallel lists: hits[who[i]] bears a need in the windows that hold hits[first[i]] to hits[last[i]]."""

    who: list[int]
    first: list[int]
    last: list[int]


class _Ranges(NamedTuple):
    """Windows as ranges of hits, two parallel lists; and, for each hit, where the window ends that begins there, and
    the first that holds it. Extents that reach further are in none."""

    begins: Sequence[int]
    ends: Sequence[int]
    reach: Sequence[int]
    earliest: Sequence[int]


def bearing_hits(
    plan: ResolvedPlan,
    need: Need,
    facts: Episode,
    hits: Sequence[Hit],
    at: Sequence[int],
    span: Span,
    deadline: Deadline,
) -> list[Hit]:
    """The hits of an episode, of those looked for, by which any of its windows meets the need, in order. `hits` are in
    order, `at` the times of each. Raises OutOfTime."""
    whole = members(need)
    if whole is not None:
        return [hit for hit in hits if hit[1] in whole and hit[1] not in plan.excluded]
    sweep = _Sweep(plan, facts, hits, at, span, deadline)
    kept = sweep.bearing(need) if can_be_split(need) else sweep.looked_at(need)
    return [hits[index] for index in kept if hits[index][1] not in plan.excluded]


class _Sweep:
    """The windows of one episode: one begins at each hit."""

    def __init__(
        self, plan: ResolvedPlan, facts: Episode, hits: Sequence[Hit], at: Sequence[int], span: Span, deadline: Deadline
    ) -> None:
        self._plan = plan
        self._passes = partial(plan.passes, episode=facts)
        self._deadline = deadline
        self._hits = hits
        self._at = at
        self._span = span
        self._size = len(hits)
        self._numbers = [number for _, number, _ in hits]
        self._ends = reaches(hits, at, span)
        earliest: list[int] = []
        for begin, end in enumerate(self._ends):
            earliest += [begin] * (end - len(earliest))
        self._windows = _Ranges(range(self._size), self._ends, self._ends, earliest)
        self._is_in_order = all(map(le, at, at[1:]))
        self._known: dict[tuple[int, bool], _Extents] = {}
        self._alternatives: dict[int, Sequence[tuple[HasNear, tuple[Need, ...]]]] = {}

    def bearing(self, need: Need) -> list[int]:
        """The indexes of the hits by which any window meets the need, in order."""
        return sorted(self._bearing(need, self._met(need, self._windows)))

    def looked_at(self, need: Need) -> list[int]:
        """The same by a look at every window by itself."""
        plan, hits, at = self._plan, self._hits, self._at
        index = {hit: number for number, hit in enumerate(hits)}
        around = self._around if plan.leaves_out else None
        kept: set[int] = set()
        for begin, end in enumerate(self._ends):
            self._deadline.check()
            wide = None
            if around is not None:
                low, high = around.begins[begin], around.ends[begin]
                wide = View(self._passes, plan.terms, hits[low:high], at[low:high])
            view = View(self._passes, plan.terms, hits[begin:end], at[begin:end], wide)
            if meets(need, view):
                kept.update(index[hit] for hit in bearing(need, view))
        return sorted(kept)

    def _met(self, need: Need, ranges: _Ranges) -> Sequence[bool]:
        """Whether each range meets the need."""
        match need:
            case Has(terms):
                said = list(accumulate(map(frozenset(terms).__contains__, self._numbers), initial=0))
                return [said[end] > said[begin] for begin, end in zip(*ranges[:2], strict=True)]
            case Every(needs):
                met = [self._met(inner, ranges) for inner in needs]
                return reduce(_both, met) if met else [True] * len(ranges.ends)
            case Some(needs):
                met = [self._met(inner, ranges) for inner in needs]
                return reduce(_either, met)
            case HasNear():
                met = [
                    reduce(
                        _both, (self._met(one, ranges) for one in on), self._met_near(self._near(near, ranges), ranges)
                    )
                    for near, on in self._split(need)
                ]
                return reduce(_either, met) if met else [False] * len(ranges.ends)
            case Lacks(inner):
                wide = self._around if self._plan.leaves_out else self._windows
                return [not met for met in self._met(inner, wide)]
            case Passes(test):
                return [self._passes(test)] * len(ranges.ends)

    def _met_near(self, near: _Extents, ranges: _Ranges) -> list[bool]:
        """Whether each range holds one of the extents."""
        soonest = [self._size] * (self._size + 1)
        for first, last in zip(near.first, near.last, strict=True):
            if last < soonest[first]:
                soonest[first] = last
        soonest = list(accumulate(reversed(soonest), min))[::-1]
        return [soonest[begin] < end for begin, end in zip(*ranges[:2], strict=True)]

    def _bearing(self, need: Need, among: Sequence[bool]) -> set[int]:
        """The hits by which the windows `among` all would meet the need, as `needs.bearing` has them of each."""
        match need:
            case Has(terms):
                who = [index for index, number in enumerate(self._numbers) if number in terms]
                return self._held(_Extents(who, who, who), among)
            case Every(needs):
                return set[int]().union(*(self._bearing(inner, among) for inner in needs))
            case Some(needs):
                met = (self._met(inner, self._windows) for inner in needs)
                return set[int]().union(*map(self._bearing, needs, (_both(one, among) for one in met)))
            case HasNear():
                borne = set[int]()
                for near, on in self._split(need):
                    there = reduce(_both, (self._met(one, self._windows) for one in on), among)
                    borne |= self._held(self._near(near, self._windows), there)
                return borne
            case Lacks() | Passes():
                return set()

    def _held(self, extents: _Extents, among: Sequence[bool]) -> set[int]:
        """Whose extents are in one of the windows `among` all."""
        so_far = list(accumulate(among, initial=0))
        earliest = self._windows.earliest
        return {who for who, first, last in zip(*extents, strict=True) if so_far[first + 1] > so_far[earliest[last]]}

    @cached_property
    def _around(self) -> _Ranges:
        """For each window the hits from one window before the first that was looked for to one after the last."""
        excluded, size = self._plan.excluded, self._size
        after, before = [size] * (size + 1), [-1] * (size + 1)
        for index, number in enumerate(self._numbers):
            before[index + 1] = before[index] if number in excluded else index
        for index in reversed(range(size)):
            after[index] = after[index + 1] if self._numbers[index] in excluded else index
        lows, highs = {}, {}
        begins, ends = [], []
        for begin, end in enumerate(self._ends):
            first, last = (after[begin], before[end]) if after[begin] < end else (begin, end - 1)
            if first not in lows:
                lows[first] = self._low(first)
            if last not in highs:
                highs[last] = self._high(last)
            begins.append(lows[first])
            ends.append(highs[last])
        return _Ranges(begins, ends, [size] * size, [0] * size)

    def _low(self, first: int) -> int:
        """The earliest hit that is connected to this one without a gap of a window."""
        at, reach = self._at, self._span.milliseconds
        if self._is_in_order:
            return bisect_left(at, at[first] - reach, 0, first)
        low = first
        while low > 0 and abs(at[first] - at[low - 1]) <= reach:
            low -= 1
        return low

    def _high(self, last: int) -> int:
        at, reach, high = self._at, self._span.milliseconds, last + 1
        if self._is_in_order:
            return bisect_right(at, at[last] + reach, high)
        while high < self._size and abs(at[high] - at[last]) <= reach:
            high += 1
        return high

    # --- NEAR ---

    def _split(self, need: HasNear) -> Sequence[tuple[HasNear, tuple[Need, ...]]]:
        known = self._alternatives.get(id(need))
        if known is None:
            known = self._alternatives[id(need)] = alternatives(need)
        return known

    def _near(self, need: HasNear, ranges: _Ranges) -> _Extents:
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
        """What a distance is measured on, and the most it may be; None where of hits on one side of another the nearest
        in order need not be the nearest by distance."""
        if need.seconds:
            return (self._at, whole_milliseconds(need.distance)) if self._is_in_order else None
        lengths = {way.source.length for number in members for way in self._plan.terms[number].alternatives}
        return ([hit[0] for hit in self._hits], math.floor(need.distance) + max(lengths)) if len(lengths) == 1 else None

    def _nearest(
        self, left: Collection[int], right: Collection[int], where: Sequence[int], most: int, ends: Sequence[int]
    ) -> _Extents:
        """The extents of hits of two kinds: with the nearest of the other kind before, and after."""
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
        return _Extents(who, first, last)

    def _nearest_extents(self, need: HasNear, ranges: _Ranges) -> _Extents:
        """The extents of what bears either side together with what bears the other and is near."""
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

    def _extents_of(self, need: Need, ranges: _Ranges) -> dict[int, list[_Extent]]:
        """index of a hit -> the extents in which it bears the need."""
        terms = members(need)
        if terms is not None:
            return {index: [(index, index)] for index, number in enumerate(self._numbers) if number in terms}
        several = [self._extents_of(inner, ranges) for inner in need.needs] if isinstance(need, Some) else []
        if isinstance(need, HasNear):
            near = self._near(need, ranges)
            several = [{}]
            for who, first, last in zip(*near, strict=True):
                several[0].setdefault(who, []).append((first, last))
        joined: dict[int, list[_Extent]] = {}
        for extents in several:
            for index, own in extents.items():
                joined.setdefault(index, []).extend(own)
        return {index: _least(extents, ranges.reach) for index, extents in joined.items()}

    def _beside(
        self, need: HasNear, index: int, those: dict[int, list[_Extent]], order: Sequence[int], ranges: _Ranges
    ) -> Iterator[list[_Extent]]:
        """The extents of the others near a hit, from the nearest on, on both sides, without those that hold what is
        there already."""
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
        return max((way.source.length for term in self._plan.terms for way in term.alternatives), default=0)

    def _is_beyond(self, need: HasNear, one: int, other: int, longest: int) -> bool:
        """True when two hits, in order, and all that are further apart, are not near."""
        if need.seconds:
            return self._is_in_order and (self._at[other] - self._at[one]) / 1000 > need.distance
        length = longest or length_of(self._hits[one], self._plan.terms)
        return self._hits[other][0] - self._hits[one][0] - length > need.distance

    def _are_near(self, need: HasNear, one: int, other: int) -> bool:
        """True if two hits, in order, are within the distance."""
        if need.seconds:
            return abs(self._at[one] - self._at[other]) / 1000 <= need.distance
        first, second = self._hits[one], self._hits[other]
        return max(0, second[0] - first[0] - length_of(first, self._plan.terms)) <= need.distance


def _both(one: Sequence[bool], other: Sequence[bool]) -> list[bool]:
    return list(map(and_, one, other))


def _either(one: Sequence[bool], other: Sequence[bool]) -> list[bool]:
    return list(map(or_, one, other))


def _least(extents: Iterable[_Extent], ends: Sequence[int]) -> list[_Extent]:
    """The extents that fit into a window and contain no other."""
    kept: list[_Extent] = []
    for first, last in sorted(set(extents), key=lambda extent: (-extent[0], extent[1])):
        if last < ends[first] and (not kept or last < kept[-1][1]):
            kept.append((first, last))
    return kept


def _listed(extents: dict[int, list[_Extent]]) -> _Extents:
    rows = [(who, first, last) for who, several in extents.items() for first, last in several]
    return _Extents(*map(list, zip(*rows, strict=True))) if rows else _Extents([], [], [])
