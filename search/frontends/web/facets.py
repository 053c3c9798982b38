"""How many moments a query has, and how they spread over shows, years and speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.api import Moment, SearchRequest
from search.frontends.web.answering.answer_cache import AnswerCache, OfGeneration
from search.frontends.web.page_parameters import Asked
from search.frontends.web.served.served_index import ServedIndex
from search.query.deadline import Deadline
from search.results.counts import EpisodeCount, count_moments, speakers_of

IN_PASSING = 0.02
"""Seconds spent on counting beside a search; a count that takes longer is marked as incomplete."""
_SMALL, _MORE = 200, 10
"""An index of at most so many episodes gets so many times as long: its first count, from the disk, should be whole."""
TYPING, PASSING, WHOLE = "typing", "passing", "whole"
"""How much to count: only what is known, as much as fits into `IN_PASSING`, or all."""
_MOST = 8
"""Values of a facet."""
_MOST_KEPT = 2000
"""Queries whose counts are kept."""

Counted = AnswerCache["FacetCounts"]
"""The last counts by the terms of a request."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to narrow down to, and the moments in the episodes that have it."""

    name: str
    moments: int


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The size of an answer. `is_complete` is False if counting was stopped, and all numbers are lower bounds."""

    moments: int
    episodes: int
    shows: Sequence[FacetValue]
    years: Sequence[FacetValue]
    speakers: Sequence[FacetValue]
    is_complete: bool


def count_cache(index: ServedIndex) -> OfGeneration[Counted]:
    """The counts of recent queries, of the current commit of an index."""
    return OfGeneration(index.library, lambda: AnswerCache(_MOST_KEPT))


def count_facets(
    index: ServedIndex,
    kept: Counted,
    asked: Asked,
    moments: Sequence[Moment],
    is_whole: bool,
    deadline: Deadline,
    effort: str,
) -> FacetCounts:
    """Counts the moments of a query of which `moments` are a page; `is_whole` says that they are all. `deadline` is for
    counting all."""
    shown = _counts(count_moments((one.episode, len(one.matches), speakers_of(one)) for one in moments), False)
    if is_whole:
        return replace(shown, is_complete=True)
    shown = replace(shown, moments=asked.offset + shown.moments)
    request = asked.request(deadline if effort == WHOLE else Deadline(_in_passing(index)))
    known = kept.get(request.terms)
    if known is None and effort == TYPING:
        return shown
    if known is None or (effort == WHOLE and not known.is_complete):
        counted, is_complete = _count(index, request)
        known = _counts(counted, is_complete)
        kept.keep(request.terms, known, 1)  # also one that took too long: it would again
    return known if known.is_complete else _at_least(known, shown)


def _in_passing(index: ServedIndex) -> float:
    return IN_PASSING * (_MORE if index.snapshot.episode_count <= _SMALL else 1)


def _count(index: ServedIndex, request: SearchRequest) -> tuple[list[EpisodeCount], bool]:
    counts = index.library.count(request, by_speaker=True)
    deadline = request.timeout
    assert isinstance(deadline, Deadline)
    return counts, deadline.reason is None


def _counts(found: Sequence[EpisodeCount], is_complete: bool) -> FacetCounts:
    shows: Counter[str] = Counter()
    years: Counter[str] = Counter()
    speakers: Counter[str] = Counter()
    for one in found:
        shows[one.episode.show] += one.moments
        years[(one.episode.period or "")[:4]] += one.moments
        for name, moments in one.speakers:
            speakers[name] += moments
    by_year = sorted(years.items(), reverse=True)
    return FacetCounts(
        sum(one.moments for one in found),
        len(found),
        _values(shows.most_common()),
        _values(by_year),
        _values(speakers.most_common()),
        is_complete,
    )


def _at_least(one: FacetCounts, other: FacetCounts) -> FacetCounts:
    """What can be said of an answer of which two parts were counted."""

    def values(first: Sequence[FacetValue], second: Sequence[FacetValue]) -> Sequence[FacetValue]:
        most = Counter({value.name: value.moments for value in first}) | Counter(
            {value.name: value.moments for value in second}
        )
        return _values(most.most_common())

    years = sorted(values(one.years, other.years), key=lambda value: value.name, reverse=True)
    return FacetCounts(
        max(one.moments, other.moments),
        max(one.episodes, other.episodes),
        values(one.shows, other.shows),
        years,
        values(one.speakers, other.speakers),
        False,
    )


def _values(counted: Iterable[tuple[str, int]]) -> Sequence[FacetValue]:
    return tuple(FacetValue(name, amount) for name, amount in counted if name)[:_MOST]
