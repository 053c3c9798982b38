"""What is asked for, as one value: every front end makes it once, and it is passed on whole."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.tuples import NamedTuple
from search.context import Margin
from search.deadline import Timeout
from search.query.tree import Filter

DEFAULT_CONTEXT = Margin(5.0)


class SearchRequest(NamedTuple):
    """A question. `limit` is how many moments are wanted, or episodes where these are counted; None is all. `context`
    is shown around the matches. `filters` are added to those in the query. `exact` finds nothing that is only said to
    be meant. Without `damping` loops and stock lines count as everything else does. `sort` is score, date (the newest
    first) or time; `timeout` are seconds, or a Deadline that tells by its `reason` what stopped the search."""

    query: str
    filters: tuple[Filter, ...] = ()
    limit: int | None = 10
    context: Margin = DEFAULT_CONTEXT
    sort: str = "score"
    exact: bool = False
    damping: bool = True
    timeout: Timeout = None

    @property
    def terms(self) -> tuple[str, tuple[Filter, ...], bool, bool]:
        """What decides which moments there are: two requests of the same terms have the same plan."""
        return self.query, self.filters, self.exact, self.damping


def make_request(
    query: str | SearchRequest,
    *,
    filters: Sequence[Filter] = (),
    limit: int | None = 10,
    context: float | Margin = DEFAULT_CONTEXT,
    exact: bool = False,
    damping: bool = True,
    timeout: Timeout = None,
) -> SearchRequest:
    """The request of these options; one that is made already, as it is."""
    if isinstance(query, SearchRequest):
        return query
    margin = context if isinstance(context, Margin) else Margin(context)
    return SearchRequest(query, tuple(filters), limit, margin, exact=exact, damping=damping, timeout=timeout)
