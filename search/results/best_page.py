"""The best moments of one ranking, as many as a page needs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from search.api import Margin, Moment
from search.results.snippets import Maker, Shown, spans_of, with_bearing
from search.retrieval.moments import FIRST_PAGE, Ranking
from search.retrieval.rerank import Found
from search.retrieval.resolved_plan import ResolvedPlan

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.rerank import Scored

_Spans: TypeAlias = "tuple[Sequence[tuple[Shown, Found]], Maker]"
"""The spans of moments, in rank order, each with its best window, and the Maker that makes moments of them."""


class BestPage:
    """The best moments of a ranking, at most `limit`. They are made only when something asks for them, because a
    question often has better ones; how many there are and what they score is known without their text. The windows with
    a full score come first, then others, if these are too few."""

    def __init__(self, ranking: Ranking, plan: ResolvedPlan, snapshot: Snapshot, context: Margin, limit: int) -> None:
        self.ranking = ranking
        self._plan = plan
        self._snapshot = snapshot
        self._context = context
        self._limit = limit
        self._found = ranking.found

    @cached_property
    def moments(self) -> list[Moment]:
        """The moments, best first."""
        spans, maker = self._all
        return list(maker.each(spans))

    @cached_property
    def _all(self) -> _Spans:
        if len(self._first[0]) == self._limit or not self._may_be_more:
            return self._first
        return self._spans(self.ranking.placed(self.ranking.with_further(self._limit)))

    @cached_property
    def _first(self) -> _Spans:
        """The spans of the windows with a full score."""
        return self._spans(self._found)

    @property
    def _may_be_more(self) -> bool:
        return not self.ranking.is_complete and self.ranking.further is not None

    def _spans(self, found: Iterable[Found]) -> _Spans:
        found, bearing = with_bearing(found, self._plan, self.ranking.hits)
        spans = spans_of(found, self._plan, self._snapshot, self._context, self._limit)
        return spans, Maker(self._plan, self._snapshot, bearing)

    @property
    def is_sure(self) -> bool:
        """True if there are `limit` moments, and no window that was not found could be part of one."""
        # If not all windows were made, following ones may join the last moments: one more must come after them.
        if len(self._all[0]) < self._limit:
            return False
        return self.ranking.hits is None or next(self._found, None) is not None

    @property
    def is_full(self) -> bool:
        """True if there are `limit` moments, and no moment that needs an expansion could come before any of them."""
        ranking = self.ranking
        if ranking.least_whole == math.inf:
            return False
        first, _ = self._first
        if len(first) == self._limit:
            return first[-1][1].scored.score >= ranking.least_whole
        if not self._may_be_more:
            return False
        return len(self._spans(ranking.placed(ranking.before_expansions(self._limit)))[0]) == self._limit

    @property
    def before_expansions(self) -> Sequence[Scored]:
        """The windows that come before everything that needs an expansion, if they fill a first page, which then has
        only these; empty otherwise, and for pages no longer than a first one."""
        ranking, limit = self.ranking, self._limit
        if limit <= FIRST_PAGE or self._plan.is_exhaustive or ranking.least_whole == math.inf:
            return ()
        first = BestPage(ranking, self._plan, self._snapshot, self._context, FIRST_PAGE)
        return list(ranking.before_expansions(limit)) if first.is_full else ()
