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
from search.retrieval.query_weights import Model
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.windows import Hit, Window, densest, group, group_atoms, hit_times
from search.scoring import saturated


def exhaustive_windows(model: Model, most: int | None) -> tuple[list[Window], bool]:
    """The windows with every occurrence, or the `most` densest of a single term; and whether these are all."""
    windows = [] if most is None else densest_windows(model, most)
    if most is None or (len(windows) < most and _is_any_damped(model)):
        return list(every_window(model)), True
    return windows, len(windows) < most


def _is_any_damped(model: Model) -> bool:
    """True if an episode with a term of the query has loops or stock lines."""
    having = set[int]().union(*(model.plan.terms[number].counts for number in model.wanted))
    return any(map(model.snapshot.damped, having.intersection(model.candidates)))


def every_window(model: Model) -> Iterator[Window]:
    """Windows that together contain every occurrence that meets the plan's need, each exactly once."""
    need = model.plan.need or Has(tuple(model.wanted))
    for episode in model.deadline.within(possible(need, model.plan.terms, model.candidates, model.passes)):
        try:
            windows = list(_grouped(model, episode))
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


def densest_windows(model: Model, most: int) -> list[Window]:
    """For a plan of a single term, the `most` windows with most occurrences of it, best first; ties by episode and
    place."""
    if not model.wanted:
        return []
    (number,) = model.wanted
    span = model.span
    apart = model.apart_ms, group_atoms(model.weights), span.milliseconds, span.atoms
    places_in, times_of = model.placing(number), model.snapshot.times
    bounds, likely = _likely(model, number)
    best = _Densest(most)
    for episode in _looked_up(model, number, bounds, likely, best):
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
        _plain_window(model, episode, model.hits_at(number, episode, places), together)
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
    model: Model, number: int, bounds: Mapping[int, int], likely: Sequence[int], best: _Densest
) -> Iterator[int]:
    """Yields the likely episodes until the deadline; the positions in those that may have one of the `best` windows are
    looked up, some at a time."""
    for several in model.deadline.within(_several(likely)):
        model.look_up(number, [one for one in several if bounds[one] >= best.fewest(one)])
        yield from model.deadline.within(several)


def _several(episodes: Sequence[int]) -> Iterator[Sequence[int]]:
    """The episodes, some at a time: few at first, for these may be enough."""
    begin, size = 0, 32
    while begin < len(episodes):
        yield episodes[begin : begin + size]
        begin, size = begin + size, 64


def _likely(model: Model, number: int) -> tuple[Mapping[int, int], Sequence[int]]:
    """Upper bounds of a term's occurrences in one window, by episode, and the episodes that may have any, by falling
    bound."""
    term, sources = model.plan.terms[number], model.sources_of(number)
    run = sources[0] if len(sources) == 1 and not (model.plan.filters or term.backed) else None
    if isinstance(run, RunSource) and 4 * term.frequency >= len(run.bounds) and model.peaks(number) is run.peaks:
        return run.peaks, run.by_peak  # as below, and kept
    candidates = model.candidates
    if 4 * term.frequency >= len(candidates):
        bounds = model.peaks(number)
    else:  # most of them lack it: those that have it are found all at once
        bounds = term.counts
        candidates = [episode for episode in candidates if episode in bounds]
    return bounds, sorted(candidates, key=bounds.__getitem__, reverse=True)  # equals as they were: by episode


def _plain_window(model: Model, episode: int, hits: Sequence[Hit], together: int) -> Window:
    return Window(episode, tuple(hits), model.term_weights[hits[0][1]] * saturated(together, model.weights))


def _grouped(model: Model, episode: int) -> Iterator[Window]:
    hits = bearing_of(model, episode)
    at = hit_times(hits, model.snapshot.times(episode))
    for begin, end in group(hits, at, model.apart_ms, model.weights):
        yield window_of(model, episode, hits[begin:end], at[begin:end])


def bearing_of(model: Model, episode: int) -> list[Hit]:
    """The hits by which an episode meets the need, in order. Raises OutOfTime."""
    plan = model.plan
    hits = hits_near_required(model, episode)
    if not hits:
        return []
    if plan.is_plain or (plan.need is None and not plan.stand_ins):
        return hits
    at = hit_times(hits, model.snapshot.times(episode))
    if plan.stand_ins:
        kept = allowed(hits, at, plan.terms, model.span)
        hits, at = [hits[index] for index in kept], [at[index] for index in kept]
    if plan.need is None:
        return hits
    from search.retrieval.conditions.near_chains import near_hits
    from search.retrieval.conditions.rewrite import flattened
    from search.retrieval.conditions.sweep import bearing_hits

    need = flattened(plan.need)
    near = near_hits(need, hits, plan.terms, model.snapshot.times(episode), model.span)
    if near is not None:
        return near
    facts = model.snapshot.episode(episode)
    return bearing_hits(plan, need, facts, hits, at, model.span, model.deadline)


def window_of(model: Model, episode: int, hits: Sequence[Hit], at: Sequence[int]) -> Window:
    """The window of a group of hits, with the score of its best stretch."""
    telling = model.undamped(hits, episode)
    shown, when = hits, at
    if telling and telling is not hits:
        shown, when = telling, hit_times(telling, model.snapshot.times(episode))
    if model.plan.is_plain:
        window = _plain_window(model, episode, hits, densest(shown, when, model.span))
    else:
        window = Window(episode, tuple(hits), _group_score(model, shown, when))
    return window if telling else window._replace(damped=True)


def hits_near_required(model: Model, episode: int) -> list[Hit]:
    """The hits of an episode that can matter. If several things are required, these are the hits at most two windows
    away from the rarest of them; none if something required is not among these."""
    plan = model.plan
    everything = range(len(plan.terms))
    groups = [] if plan.need is None else required(plan.need)
    if len(groups) < 2:
        return model.hits(everything, episode, damped=True)
    rarest = min(groups, key=lambda group: sum(plan.terms[number].counts.get(episode, 0) for number in group))
    places = [hit[0] for hit in model.hits(rarest, episode, damped=True)]
    regions = around(places, 2 * model.span.atoms)
    hits = model.hits(everything, episode, regions, damped=True)
    said = {hit[1] for hit in hits}
    return hits if all(not said.isdisjoint(group) for group in groups) else []


def _group_score(model: Model, hits: Sequence[Hit], at: Sequence[int]) -> float:
    """The score of the best window in a group of hits."""
    return max((score for score, _, _ in model.slide(*model.counting(hits, at))), default=0.0)
