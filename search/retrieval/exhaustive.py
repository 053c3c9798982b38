"""The windows of an exhaustive query: groups that together contain every occurrence exactly once.

A single word or phrase has nearly as many groups as occurrences, but a user wants the ten densest. Those are found
without building the others.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from indexer.core import native
from indexer.core.positions.intervals import around
from search.matching.sources import RunSource
from search.query.deadline import OutOfTime
from search.query.filters import EpisodeTest
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some, required
from search.retrieval.expansion_hits import allowed
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, densest, group, group_atoms, hit_times
from search.scoring import saturated


def exhaustive_windows(scorer: Scorer, most: int | None) -> tuple[list[Window], bool]:
    """The windows with every occurrence, or the `most` densest of a single term; and whether these are all."""
    windows = [] if most is None else densest_windows(scorer, most)
    if most is None or (len(windows) < most and _is_any_damped(scorer)):
        return list(every_window(scorer)), True
    return windows, len(windows) < most


def _is_any_damped(scorer: Scorer) -> bool:
    """True if an episode with a term of the query has loops or stock lines."""
    having = set[int]().union(*(scorer.plan.terms[number].counts for number in scorer.wanted))
    return any(map(scorer.snapshot.damped, having.intersection(scorer.candidates)))


def every_window(scorer: Scorer) -> Iterator[Window]:
    """Windows that together contain every occurrence that meets the plan's need, each exactly once."""
    need = scorer.plan.need or Has(tuple(scorer.wanted))
    for episode in scorer.deadline.within(possible(need, scorer.plan.terms, scorer.candidates, scorer.passes)):
        try:
            windows = list(_grouped(scorer, episode))
        except OutOfTime:
            return
        yield from windows


def possible(
    need: Need, terms: Sequence[ResolvedTerm], episodes: Sequence[int], passes: Callable[[EpisodeTest, int], bool]
) -> list[int]:
    """The episodes of which a window may meet the need, in their order; `passes` tells whether an episode passes a
    test."""
    kept = _possible(need, terms, set(episodes), passes)
    return [episode for episode in episodes if episode in kept]


def _possible(
    need: Need, terms: Sequence[ResolvedTerm], episodes: set[int], passes: Callable[[EpisodeTest, int], bool]
) -> set[int]:
    match need:
        case Has(wanted):
            return episodes.intersection(chain.from_iterable(terms[n].counts for n in wanted))
        case Every(needs):
            for inner in needs:
                episodes = _possible(inner, terms, episodes, passes) if episodes else episodes
            return episodes
        case Some(needs):
            return set().union(*(_possible(inner, terms, episodes, passes) for inner in needs))
        case HasNear(left, right):
            return _possible(Every((left, right)), terms, episodes, passes)
        case Passes(test):
            return {episode for episode in episodes if passes(test, episode)}
        case Lacks(Passes(test)):
            return {episode for episode in episodes if not passes(test, episode)}
        case Lacks():
            return episodes


def densest_windows(scorer: Scorer, most: int) -> list[Window]:
    """For a plan of a single term, the `most` windows with most occurrences of it, best first; ties by episode and
    place."""
    if not scorer.wanted:
        return []
    (number,) = scorer.wanted
    span = scorer.span
    apart = scorer.apart_ms, group_atoms(scorer.weights), span.milliseconds, span.atoms
    places_in, times_of = scorer.placing(number), scorer.snapshot.times
    bounds, likely = _likely(scorer, number)
    best = _Densest(most)
    for episode in _looked_up(scorer, number, bounds, likely, best):
        fewest = best.fewest(episode)
        if bounds[episode] < fewest:  # nor can any after it enter
            break
        places = places_in(episode)
        if len(places) < fewest:
            continue
        times = times_of(episode)
        first, starts = times.first, times.starts
        if times.looks_inside:  # each position has a time of its own
            first, starts = places, times.at_all(places)
        for together, begin, end in native.dense_groups(places, first, starts, *apart, fewest):
            best.add(together, episode, begin, places[begin:end])
    return [
        _plain_window(scorer, episode, scorer.hits_at(number, episode, places), together)
        for together, episode, places in best.in_order()
    ]


class _Densest:
    """Collects the windows that hold a term most often, at most `most` of them; of ties, the earlier ones."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, int, int, Sequence[int]]] = []

    def fewest(self, episode: int) -> int:
        """How often a window of an episode must hold the term to be among the windows collected so far."""
        if len(self._heap) < self._most:
            return 1
        together, less, *_ = self._heap[0]
        return together + (episode > -less)

    def add(self, together: int, episode: int, begin: int, places: Sequence[int]) -> None:
        """Adds a window with so many positions `together`, the number `begin` of its first, and all of them."""
        entry = together, -episode, -begin, places
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        elif entry[:3] > self._heap[0][:3]:
            heapq.heapreplace(self._heap, entry)

    def in_order(self) -> list[tuple[int, int, Sequence[int]]]:
        """(positions together, episode, positions) of each window, best first."""
        best = sorted(self._heap, key=lambda entry: entry[:3], reverse=True)
        return [(together, -less, places) for together, less, _, places in best]


def _looked_up(
    scorer: Scorer, number: int, bounds: Mapping[int, int], likely: Sequence[int], best: _Densest
) -> Iterator[int]:
    """Yields the likely episodes until the deadline; the positions in those that may have one of the `best` windows are
    looked up, some at a time."""
    for several in scorer.deadline.within(_several(likely)):
        scorer.look_up(number, [one for one in several if bounds[one] >= best.fewest(one)])
        yield from scorer.deadline.within(several)


def _several(episodes: Sequence[int]) -> Iterator[Sequence[int]]:
    """The episodes, some at a time: few at first, for these may be enough."""
    begin, size = 0, 32
    while begin < len(episodes):
        yield episodes[begin : begin + size]
        begin, size = begin + size, 64


def _likely(scorer: Scorer, number: int) -> tuple[Mapping[int, int], Sequence[int]]:
    """Upper bounds of a term's occurrences in one window, by episode, and the episodes that may have any, by falling
    bound."""
    term, sources = scorer.plan.terms[number], scorer.sources_of(number)
    run = sources[0] if len(sources) == 1 and not (scorer.plan.filters or term.backed) else None
    if isinstance(run, RunSource) and 4 * term.frequency >= len(run.bounds) and scorer.peaks(number) is run.peaks:
        return run.peaks, run.by_peak  # as below, and kept
    candidates = scorer.candidates
    if 4 * term.frequency >= len(candidates):
        bounds = scorer.peaks(number)
    else:  # most of them lack it: those that have it are found all at once
        bounds = term.counts
        candidates = [episode for episode in candidates if episode in bounds]
    return bounds, sorted(candidates, key=bounds.__getitem__, reverse=True)  # equals as they were: by episode


def _plain_window(scorer: Scorer, episode: int, hits: Sequence[Hit], together: int) -> Window:
    return Window(episode, tuple(hits), scorer.term_weights[hits[0][1]] * saturated(together, scorer.weights))


def _grouped(scorer: Scorer, episode: int) -> Iterator[Window]:
    hits = bearing_of(scorer, episode)
    at = hit_times(hits, scorer.snapshot.times(episode))
    for begin, end in group(hits, at, scorer.apart_ms, scorer.weights):
        yield window_of(scorer, episode, hits[begin:end], at[begin:end])


def bearing_of(scorer: Scorer, episode: int) -> list[Hit]:
    """The hits by which an episode meets the need, in order. Raises OutOfTime."""
    plan = scorer.plan
    hits = hits_near_required(scorer, episode)
    if not hits:
        return []
    if plan.is_plain or (plan.need is None and not plan.stand_ins):
        return hits
    at = hit_times(hits, scorer.snapshot.times(episode))
    if plan.stand_ins:
        kept = allowed(hits, at, plan.terms, scorer.span)
        hits, at = [hits[index] for index in kept], [at[index] for index in kept]
    if plan.need is None:
        return hits
    from search.retrieval.conditions.near_chains import near_hits
    from search.retrieval.conditions.rewrite import flattened
    from search.retrieval.conditions.sweep import bearing_hits

    need = flattened(plan.need)
    near = near_hits(need, hits, plan.terms, scorer.snapshot.times(episode), scorer.span)
    if near is not None:
        return near
    facts = scorer.snapshot.episode(episode)
    return bearing_hits(plan, need, facts, hits, at, scorer.span, scorer.deadline)


def window_of(scorer: Scorer, episode: int, hits: Sequence[Hit], at: Sequence[int]) -> Window:
    """The window of a group of hits, with the score of its best stretch."""
    telling = scorer.undamped(hits, episode)
    shown, when = hits, at
    if telling and telling is not hits:
        shown, when = telling, hit_times(telling, scorer.snapshot.times(episode))
    if scorer.plan.is_plain:
        window = _plain_window(scorer, episode, hits, densest(shown, when, scorer.span))
    else:
        window = Window(episode, tuple(hits), _group_score(scorer, shown, when))
    return window if telling else window._replace(damped=True)


def hits_near_required(scorer: Scorer, episode: int) -> list[Hit]:
    """The hits of an episode that can matter. If several things are required, these are the hits at most two windows
    away from the rarest of them; none if something required is not among these."""
    plan = scorer.plan
    everything = range(len(plan.terms))
    groups = [] if plan.need is None else required(plan.need)
    if len(groups) < 2:
        return scorer.hits(everything, episode, damped=True)
    rarest = min(groups, key=lambda group: sum(plan.terms[number].counts.get(episode, 0) for number in group))
    places = [hit[0] for hit in scorer.hits(rarest, episode, damped=True)]
    regions = around(places, 2 * scorer.span.atoms)
    hits = scorer.hits(everything, episode, regions, damped=True)
    said = {hit[1] for hit in hits}
    return hits if all(not said.isdisjoint(group) for group in groups) else []


def _group_score(scorer: Scorer, hits: Sequence[Hit], at: Sequence[int]) -> float:
    """The score of the best window in a group of hits."""
    return max((score for score, _, _ in scorer.slide(*scorer.counting(hits, at))), default=0.0)
