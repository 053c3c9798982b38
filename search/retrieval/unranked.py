"""The windows of each episode, with the places of their matches and without scores.

Which windows there are does not depend on their scores. Only where windows overlap do scores matter, because the better
one is shown whole. So a count needs the scores of few windows, and gets these from `in_order`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, repeat
from operator import add
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from search.query.deadline import Deadline, OutOfTime
from search.query.plan import Has
from search.retrieval.exhaustive import bearing_of, possible, window_of
from search.retrieval.pruning.closeness import GroupBounds
from search.retrieval.pruning.top_k import damped_windows_of, windows_of
from search.retrieval.rerank import Evidence, Scored
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, groups_of, hit_times, length_of
from search.scoring import WEIGHTS

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class EpisodeWindows(ABC):
    """The windows of an episode, by their numbers: the first and last atom of the matches of each, and the time in
    milliseconds at which to start playback. They ascend by their first atoms.

    `apart_ms` is the distance by which a moment must begin after or before a better one; 0 if none need to.
    """

    episode: int
    firsts: Sequence[int]
    lasts: Sequence[int]
    starts: Sequence[int]
    apart_ms: int

    def __init__(self, query: _Query, episode: int) -> None:
        self._query = query
        self.episode = episode

    @abstractmethod
    def window(self, number: int) -> Window:
        """The window of this number, which may be made only now."""

    @abstractmethod
    def mosts(self) -> Sequence[float]:
        """Upper bounds of the scores of all windows."""

    @abstractmethod
    def hits(self) -> Sequence[Hit]:
        """What is shown as a match in the episode."""

    def score(self, number: int) -> Scored:
        return self._query.evidence.score(self.window(number))


def can_be_unranked(plan: ResolvedPlan) -> bool:
    """False for a plan whose windows in one episode are ordered by those in others: the place of an expansion depends
    on the worst exact moment; and for one that has a greatest number of moments."""
    return plan.most_moments is None and all(term.is_exact for term in plan.terms)


def unranked_windows(plan: ResolvedPlan, snapshot: Snapshot, deadline: Deadline) -> Iterator[EpisodeWindows]:
    """Yields the windows of each episode that has any, until the deadline: those of
    `search.retrieval.moments.find_moments`."""
    scorer = Scorer(plan, snapshot, WEIGHTS, deadline)
    query = _Query(scorer, Evidence(scorer), GroupBounds(scorer, range(len(plan.terms))))
    make = _Groups if plan.is_exhaustive else _Slid
    episodes = scorer.candidates
    if plan.is_exhaustive:
        episodes = possible(plan.need or Has(tuple(scorer.wanted)), plan.terms, episodes, scorer.passes)
    for episode in deadline.within(episodes):
        try:
            windows = make(query, episode)
        except OutOfTime:
            return
        if windows.firsts:
            yield windows


class _Query(NamedTuple):
    """What scores the windows of a query, and bounds their scores."""

    scorer: Scorer
    evidence: Evidence
    groups: GroupBounds

    def mosts(self, episode: int, hits: Sequence[Hit], ends: Sequence[int]) -> list[float]:
        """The most that each window can score, of consecutive ones whose hits end there."""
        ranks, besides = [self.groups.ranks[hit[1]] for hit in hits], 0.0
        if not self.scorer.plan.is_single:
            besides = self.evidence.most_beside(episode) + self.evidence.most_context(episode)
        closeness = self.scorer.weights.closeness
        return [score + closeness * close + besides for score, close, _, _ in self.groups.of_groups(ranks, ends)]


class _Groups(EpisodeWindows):
    """The windows of an exhaustive query: groups of the hits by which the episode meets its condition."""

    apart_ms = 0

    def __init__(self, query: _Query, episode: int) -> None:
        """Raises OutOfTime."""
        super().__init__(query, episode)
        scorer = query.scorer
        self._hits = hits = bearing_of(scorer, episode)
        times = scorer.snapshot.times(episode)
        self._at = hit_times(hits, times)
        places = [hit[0] for hit in hits]
        self._ends = ends = groups_of(places, self._at, scorer.apart_ms, scorer.weights)
        self._begins = begins = [0, *ends[:-1]] if ends else []
        self.firsts = [places[begin] for begin in begins]
        self.lasts = _lasts(scorer, hits, places, begins, ends)
        if times.looks_inside:
            self.starts = [query.evidence.start(self.window(number)) for number in range(len(ends))]
        else:
            self.starts = [times.starts[cue - 1] for cue in map(bisect_right, repeat(times.first), self.firsts)]

    def window(self, number: int) -> Window:
        begin, end = self._begins[number], self._ends[number]
        return window_of(self._query.scorer, self.episode, self._hits[begin:end], self._at[begin:end])

    def mosts(self) -> Sequence[float]:
        return self._query.mosts(self.episode, self._hits, self._ends)

    def hits(self) -> Sequence[Hit]:
        return self._hits


def _lasts(
    scorer: Scorer, hits: Sequence[Hit], places: Sequence[int], begins: Sequence[int], ends: Sequence[int]
) -> list[int]:
    """The last atom of the hits [begin, end) of each window."""
    sizes = {way.source.length for term in scorer.plan.terms for way in term.alternatives}
    if len(sizes) == 1:
        (size,) = sizes
        return [places[end - 1] + size - 1 for end in ends]
    terms = scorer.plan.terms
    until = list(map(add, places, (length_of(hit, terms) for hit in hits)))
    return [max(until[begin:end]) - 1 for begin, end in zip(begins, ends, strict=True)]


class _Slid(EpisodeWindows):
    """The windows of a ranked query, all of which are made at once."""

    def __init__(self, query: _Query, episode: int) -> None:
        super().__init__(query, episode)
        scorer, terms = query.scorer, query.scorer.plan.terms
        windows = [*windows_of(scorer, episode, 0.0), *damped_windows_of(scorer, episode)]
        self._windows = windows = sorted(windows, key=lambda window: window.hits[0])
        self.firsts = [window.hits[0][0] for window in windows]
        self.lasts = [max([hit[0] + length_of(hit, terms) for hit in window.hits]) - 1 for window in windows]
        self.starts = list(map(query.evidence.start, windows))
        self.apart_ms = scorer.apart_ms

    def window(self, number: int) -> Window:
        return self._windows[number]

    def mosts(self) -> Sequence[float]:
        ends = list(accumulate(len(window.hits) for window in self._windows))
        return self._query.mosts(self.episode, [hit for window in self._windows for hit in window.hits], ends)

    def hits(self) -> Sequence[Hit]:
        scorer = self._query.scorer
        return scorer.hits(range(len(scorer.plan.terms)), self.episode, damped=True)


def in_order(windows: EpisodeWindows, numbers: Sequence[int]) -> list[tuple[Scored, int]]:
    """Some windows of one episode with their numbers, ordered as by `search.retrieval.moments.in_order`."""
    scored = [(windows.score(number), number) for number in numbers]
    scored.sort(key=lambda one: (-one[0].score, one[0].window.hits[0]))
    return scored
