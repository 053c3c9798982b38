"""How many moments a query has, and how they spread over shows, years and speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import ref

from search.api import Result, SearchRequest
from search.frontends.web.asked import Asked
from search.frontends.web.shelf import Shelf
from search.query.deadline import Deadline
from search.results.counts import EpisodeCount, count_moments

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

IN_PASSING = 0.02
"""Seconds spent on counting beside a search; a count that takes longer is marked as incomplete."""
TYPING, PASSING, WHOLE = "typing", "passing", "whole"
"""How much to count: only what is known, as much as fits into `IN_PASSING`, or all."""
_MOST = 8
"""Values of a facet."""
_MOST_KEPT = 2000
"""Queries whose counts are kept."""


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


class CountCache:
    """The complete counts of recent queries, of the current commit of a shelf. Threads may share it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._of: ref[Snapshot] | None = None
        self._kept: dict[object, FacetCounts] = {}

    def current(self) -> dict[object, FacetCounts]:
        """The counts by query; emptied by a commit, and when there are too many."""
        snapshot = self._shelf.snapshot
        if self._of is None or self._of() is not snapshot or len(self._kept) >= _MOST_KEPT:
            self._of, self._kept = ref(snapshot), {}
        return self._kept


def count_facets(
    shelf: Shelf, cache: CountCache, asked: Asked, result: Result, is_full: bool, deadline: Deadline, effort: str
) -> FacetCounts:
    """Counts the moments of a query of which `result` is a page; more may follow if that `is_full`. `deadline` is for
    counting all."""
    shown = _counts(count_moments((moment.episode, len(moment.matches)) for moment in result), False)
    if not (is_full or asked.offset or result.incomplete):
        return replace(shown, is_complete=True)
    shown = replace(shown, moments=asked.offset + shown.moments)
    request = asked.request(deadline if effort == WHOLE else Deadline(IN_PASSING))
    kept = cache.current()
    known = kept.get(request.terms)
    if known is None and effort == TYPING:
        return shown
    if known is None:
        counted, is_complete = _count(shelf, request)
        known = _counts(counted, is_complete)
        if is_complete:
            kept[request.terms] = known
    return known if known.moments >= shown.moments else shown


def _count(shelf: Shelf, request: SearchRequest) -> tuple[list[EpisodeCount], bool]:
    counts = shelf.library.count(request)
    deadline = request.timeout
    assert isinstance(deadline, Deadline)
    return counts, deadline.reason is None


def _counts(found: Sequence[EpisodeCount], is_complete: bool) -> FacetCounts:
    shows: Counter[str] = Counter()
    years: Counter[str] = Counter()
    speakers: Counter[str] = Counter()
    for one in found:
        shows[one.episode.show] += one.moments
        years[(one.episode.date or "")[:4]] += one.moments
        for name in one.episode.speakers:
            speakers[name] += one.moments
    by_year = sorted(years.items(), reverse=True)
    return FacetCounts(
        sum(one.moments for one in found),
        len(found),
        _values(shows.most_common()),
        _values(by_year),
        _values(speakers.most_common()),
        is_complete,
    )


def _values(counted: Iterable[tuple[str, int]]) -> Sequence[FacetValue]:
    return tuple(FacetValue(name, amount) for name, amount in counted if name)[:_MOST]
