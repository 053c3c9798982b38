"""Finds the hits of an episode that satisfy the condition of a query: those by which at least one window does.

`conditions.one_window` evaluates a single window by looking at all of its hits. This module evaluates all windows of an
episode at once, in time proportional to the hits, not to their pairs nor to the hits of every window. The windows in
which a hit bears a NEAR are described by extents (`conditions.near_extents`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property, partial, reduce
from itertools import accumulate
from operator import and_, or_

from indexer.core.native import ascends
from indexer.core.types import Episode
from search.query.deadline import Deadline
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some
from search.retrieval.conditions.near_extents import Extents, NearExtents, Ranges
from search.retrieval.conditions.one_window import View, bearing, meets
from search.retrieval.conditions.rewrite import alternatives, can_be_split, members
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import Hit, Span, reaches


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
        self._windows = Ranges(range(self._size), self._ends, self._ends, earliest)
        self._is_in_order = ascends(at)
        self._near = NearExtents(plan.terms, hits, at, self._windows, deadline)
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

    def _met(self, need: Need, ranges: Ranges) -> Sequence[bool]:
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
                    reduce(_both, (self._met(one, ranges) for one in on), self._met_near(near, ranges))
                    for near, on in self._split(need)
                ]
                return reduce(_either, met) if met else [False] * len(ranges.ends)
            case Lacks(inner):
                wide = self._around if self._plan.leaves_out else self._windows
                return [not met for met in self._met(inner, wide)]
            case Passes(test):
                return [self._passes(test)] * len(ranges.ends)

    def _met_near(self, need: HasNear, ranges: Ranges) -> list[bool]:
        """Whether each range holds one of the extents."""
        extents = self._near.of(need, ranges)
        soonest = [self._size] * (self._size + 1)
        for first, last in zip(extents.first, extents.last, strict=True):
            if last < soonest[first]:
                soonest[first] = last
        soonest = list(accumulate(reversed(soonest), min))[::-1]
        return [soonest[begin] < end for begin, end in zip(*ranges[:2], strict=True)]

    def _bearing(self, need: Need, among: Sequence[bool]) -> set[int]:
        """The hits by which the windows `among` all would meet the need, as `one_window.bearing` has them of each."""
        match need:
            case Has(terms):
                who = [index for index, number in enumerate(self._numbers) if number in terms]
                return self._held(Extents(who, who, who), among)
            case Every(needs):
                return set[int]().union(*(self._bearing(inner, among) for inner in needs))
            case Some(needs):
                met = (self._met(inner, self._windows) for inner in needs)
                return set[int]().union(*map(self._bearing, needs, (_both(one, among) for one in met)))
            case HasNear():
                borne = set[int]()
                for near, on in self._split(need):
                    there = reduce(_both, (self._met(one, self._windows) for one in on), among)
                    borne |= self._held(self._near.of(near, self._windows), there)
                return borne
            case Lacks() | Passes():
                return set()

    def _held(self, extents: Extents, among: Sequence[bool]) -> set[int]:
        """Whose extents are in one of the windows `among` all."""
        so_far = list(accumulate(among, initial=0))
        earliest = self._windows.earliest
        return {who for who, first, last in zip(*extents, strict=True) if so_far[first + 1] > so_far[earliest[last]]}

    @cached_property
    def _around(self) -> Ranges:
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
        return Ranges(begins, ends, [size] * size, [0] * size)

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

    def _split(self, need: HasNear) -> Sequence[tuple[HasNear, tuple[Need, ...]]]:
        known = self._alternatives.get(id(need))
        if known is None:
            known = self._alternatives[id(need)] = alternatives(need)
        return known


def _both(one: Sequence[bool], other: Sequence[bool]) -> list[bool]:
    return list(map(and_, one, other))


def _either(one: Sequence[bool], other: Sequence[bool]) -> list[bool]:
    return list(map(or_, one, other))
