"""The values of the API: the request of a search, and its results, in seconds and characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar, overload

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode
from search.query.deadline import Timeout
from search.query.syntax import Filter

if TYPE_CHECKING:
    from search.query.plan import Plan

    class _OfEpisode(Protocol):
        @property
        def episode(self) -> Episode: ...

    _Found = TypeVar("_Found", bound=_OfEpisode)


class Margin(NamedTuple):
    """Context before the first and after the last match, in seconds or in cues."""

    amount: float = 5.0
    cues: bool = False


DEFAULT_CONTEXT = Margin(5.0)


class SearchRequest(NamedTuple):
    """A search request; immutable. `limit` is the maximum number of moments, or of episodes when counting; None for no
    limit. `offset` skips that many of the first results, so `limit` and `offset` together define a page. `context` is
    shown around the matches. `filters` are added to those in the query. `exact` turns expansion off (sound, spelling,
    number, alias). `damping` False ranks the recogniser's loops and stock lines like other speech. `sort` is score,
    date (newest first) or time, and orders the moments of the page. `timeout` is in seconds, or a Deadline, whose
    `reason` says what stopped the search. `meaning` lets a question match by meaning as well, if the index has
    vectors."""

    query: str
    filters: tuple[Filter, ...] = ()
    limit: int | None = 10
    context: Margin = DEFAULT_CONTEXT
    sort: str = "score"
    exact: bool = False
    damping: bool = True
    timeout: Timeout = None
    offset: int = 0
    meaning: bool = True

    @property
    def most(self) -> int | None:
        """How many results a search has to find: the last rank of the page, or None for all. Raises QueryProblem for a
        negative offset or limit."""
        if self.offset < 0:
            raise QueryProblem(_("offset={offset}: is below 0: leave out none or more").format(offset=self.offset))
        if self.limit is not None and self.limit < 0:
            raise QueryProblem(
                _("limit={limit}: is below 0: ask for none or more, or None for all").format(limit=self.limit)
            )
        return None if self.limit is None else self.offset + self.limit

    @property
    def terms(self) -> tuple[str, tuple[Filter, ...], bool, bool]:
        """What determines the plan: requests with equal terms have the same plan."""
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
    offset: int = 0,
    meaning: bool = True,
) -> SearchRequest:
    """Returns the request of these options; a SearchRequest is returned as it is."""
    if isinstance(query, SearchRequest):
        return query
    margin = context if isinstance(context, Margin) else Margin(context)
    return SearchRequest(
        query,
        tuple(filters),
        limit,
        margin,
        exact=exact,
        damping=damping,
        timeout=timeout,
        offset=offset,
        meaning=meaning,
    )


class Match(NamedTuple):
    """One occurrence: its time (seconds; if only cues are timed, from the start of the first cue touched to the end of
    the last), its text as transcribed, the term of the query, and how they match: exact, homophone, near-sound,
    pinyin, spelling, number, alias, quorum, unquoted or meaning. `where` is speech, or chapter for a chapter title."""

    start: float
    end: float
    text: str
    term: str
    how: str = "exact"
    where: str = "speech"


class CueLine(NamedTuple):
    """A cue of a moment. `highlights` are (from, to) character offsets into `text`; `damped` is loop or stock for text
    the recogniser made up, else empty."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls on a cue
    start: float
    end: float
    speaker: str
    text: str
    highlights: tuple[tuple[int, int], ...]
    damped: str = ""


class Moment(NamedTuple):
    """A place where the query is talked about. `start` is where to start playback, `end` where the context ends, in
    seconds; `parts` (name, value) add up to `score`. `chapter` is the title of its chapter. `library` is the name of
    its library where several were searched, else empty."""

    rank: int
    score: float
    episode: Episode
    start: float
    end: float
    matches: tuple[Match, ...]
    cues: tuple[CueLine, ...]
    parts: tuple[tuple[str, float], ...] = ()
    chapter: str | None = None
    library: str = ""


class Result(Sequence[Moment]):
    """The moments found, best first, and their total; immutable.

    `total` counts all moments of the query, shown or not. For a ranked query of several words this takes a full search,
    which runs on first access, against the commit that answered, even after later commits or `close`. `plan` is the
    plan that was run.

    Threads may share a result; when several ask for its total first, it may be counted more than once.

    `incomplete` says why the search stopped early, so that there may be more or better moments; None for a complete
    answer. `without_meaning` says why the vectors of the index could not be used for a question; None if they were
    used, if the index has none, or if the query is not a question.
    """

    def __init__(
        self,
        moments: Iterable[Moment],
        count_all: Callable[[], int],
        plan: Plan,
        incomplete: str | None = None,
        without_meaning: str | None = None,
    ) -> None:
        self.plan = plan
        self.incomplete = incomplete
        self.without_meaning = without_meaning
        self._moments = tuple(moments)
        self._count_all = count_all

    @cached_property
    def total(self) -> int:
        total = self._count_all()
        self._count_all = lambda: total  # frees the searcher
        return total

    @overload
    def __getitem__(self, index: int) -> Moment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Moment, ...]: ...
    def __getitem__(self, index: int | slice) -> Moment | tuple[Moment, ...]:
        return self._moments[index]

    def __len__(self) -> int:
        return len(self._moments)

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._moments)

    def __repr__(self) -> str:
        return f"<Result of {len(self)} moments>"


def in_order(found: Iterable[_Found], order: str) -> Iterable[_Found]:
    """Sorts moments or counts of episodes by date (newest first) or by time, or keeps the order of score."""
    if order == "date":
        return sorted(found, key=lambda one: one.episode.period or "", reverse=True)
    if order == "time":
        return sorted(found, key=lambda one: (one.episode.period or "", one.episode.id, getattr(one, "start", 0.0)))
    return found
