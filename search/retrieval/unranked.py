"""The windows of each episode with the places of their matches, without their scores.

Which windows there are does not depend on how they rank. What does, if they meet: the better ones are shown whole. So a
count needs the scores of few windows, and asks for those by `in_order`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import add
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from search.query.deadline import Deadline, OutOfTime
from search.query.plan import Has
from search.retrieval.exhaustive import bearing_of, possible, window_of
from search.retrieval.pruning.closeness import GroupBounds
from search.retrieval.pruning.top_k import damped_windows_of, windows_of
from search.retrieval.query_weights import Model
from search.retrieval.rerank import Evidence, Scored
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import Hit, Window, groups_of, hit_times, length_of
from search.scoring import WEIGHTS

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class Unranked(NamedTuple):
    """The windows of an episode: the first and last atom of the matches of each, and the time in milliseconds at which
    to start playback. They ascend by their first atoms.

    `apart_ms` is the distance by which a moment must begin after or before a better one; 0 if none need to. `score`
    takes the index of a window, `most` returns upper bounds of the scores of all. `hits` returns what is shown as a
    match in the episode.
    """

    episode: int
    firsts: Sequence[int]
    lasts: Sequence[int]
    starts: Sequence[int]
    apart_ms: int
    score: Callable[[int], Scored]
    most: Callable[[], Sequence[float]]
    hits: Callable[[], Sequence[Hit]]


def can_be_unranked(plan: ResolvedPlan) -> bool:
    """False for a plan whose windows in one episode are ordered by those in others: the place of an expansion depends
    on the worst exact moment; and for one that has a greatest number of moments."""
    return plan.most_moments is None and all(term.is_exact for term in plan.terms)


def unranked_windows(plan: ResolvedPlan, snapshot: Snapshot, deadline: Deadline) -> Iterator[Unranked]:
    """Yields the windows of each episode that has any, until the deadline: those of
    `search.retrieval.moments.find_moments`."""
    model = Model(plan, snapshot, WEIGHTS, deadline)
    evidence = Evidence(model)
    bounds = _Bounds(model, evidence)
    find = _exhaustive if plan.is_exhaustive else _ranked
    need = plan.need or Has(tuple(model.wanted))
    episodes = model.candidates
    if plan.is_exhaustive:
        episodes = possible(need, plan.terms, episodes, model.passes)
    for episode in deadline.within(episodes):
        try:
            found = find(model, evidence, bounds, episode)
        except OutOfTime:
            return
        if found.firsts:
            yield found


def _exhaustive(model: Model, evidence: Evidence, bounds: _Bounds, episode: int) -> Unranked:
    hits, times = bearing_of(model, episode), model.snapshot.times(episode)
    at = hit_times(hits, times)
    places = [hit[0] for hit in hits]
    ends = groups_of(places, at, model.apart_ms, model.weights)
    begins = [0, *ends[:-1]] if ends else []
    firsts = [places[begin] for begin in begins]

    def window(number: int) -> Window:
        begin, end = begins[number], ends[number]
        return window_of(model, episode, hits[begin:end], at[begin:end])

    if times.looks_inside:
        starts = [evidence.start(window(number)) for number in range(len(ends))]
    else:
        starts = [times.starts[cue - 1] for cue in map(bisect_right, repeat(times.first), firsts)]
    return Unranked(
        episode,
        firsts,
        _lasts(model, hits, places, begins, ends),
        starts,
        0,
        lambda number: evidence.score(window(number)),
        lambda: bounds.most(episode, hits, ends),
        lambda: hits,
    )


def _lasts(
    model: Model, hits: Sequence[Hit], places: Sequence[int], begins: Sequence[int], ends: Sequence[int]
) -> list[int]:
    """The last atom of the hits [begin, end) of each window."""
    sizes = {way.source.length for term in model.plan.terms for way in term.alternatives}
    if len(sizes) == 1:
        (size,) = sizes
        return [places[end - 1] + size - 1 for end in ends]
    terms = model.plan.terms
    until = list(map(add, places, (length_of(hit, terms) for hit in hits)))
    return [max(until[begin:end]) - 1 for begin, end in zip(begins, ends, strict=True)]


def _ranked(model: Model, evidence: Evidence, bounds: _Bounds, episode: int) -> Unranked:
    windows = [*windows_of(model, episode, 0.0), *damped_windows_of(model, episode)]
    windows.sort(key=lambda window: window.hits[0])
    terms = model.plan.terms

    def most() -> Sequence[float]:
        ends = list(accumulate(len(window.hits) for window in windows))
        return bounds.most(episode, [hit for window in windows for hit in window.hits], ends)

    def hits() -> Sequence[Hit]:
        return model.hits(range(len(terms)), episode, damped=True)

    return Unranked(
        episode,
        [window.hits[0][0] for window in windows],
        [max([hit[0] + length_of(hit, terms) for hit in window.hits]) - 1 for window in windows],
        list(map(evidence.start, windows)),
        model.apart_ms,
        lambda number: evidence.score(windows[number]),
        most,
        hits,
    )


class _Bounds:
    """Upper bounds of the scores of windows."""

    def __init__(self, model: Model, evidence: Evidence) -> None:
        self._model, self._evidence = model, evidence
        self._groups = GroupBounds(model, range(len(model.plan.terms)))

    def most(self, episode: int, hits: Sequence[Hit], ends: Sequence[int]) -> list[float]:
        """The most that each window can score, of consecutive ones whose hits end there."""
        model, evidence, weights = self._model, self._evidence, self._model.weights
        ranks, besides = [self._groups.ranks[hit[1]] for hit in hits], 0.0
        if not model.plan.is_single:
            besides = evidence.most_besides(episode) + evidence.most_context(episode)
        rows = self._groups.of_groups(ranks, ends)
        return [score + weights.closeness * close + besides for score, close, _, _ in rows]


def in_order(windows: Unranked, numbers: Sequence[int]) -> list[tuple[Scored, int]]:
    """Some windows of one episode with their numbers, ordered as by `search.retrieval.moments.in_order`."""
    scored = [(windows.score(number), number) for number in numbers]
    scored.sort(key=lambda one: (-one[0].score, one[0].window.hits[0]))
    return scored
