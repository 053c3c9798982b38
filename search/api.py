"""What callers see: the request of a search, and the values it returns, in seconds and characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode
from search.query.deadline import Timeout
from search.query.syntax import Filter

if TYPE_CHECKING:
    from search.query.plan import Plan


class Margin(NamedTuple):
    """Context before the first and after the last match, in seconds or in cues."""

    amount: float = 5.0
    cues: bool = False


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


class Match(NamedTuple):
    """One occurrence: when it is said (seconds; where only cues are timed, from the start of the first it touches to
    the end of the last), the text as it stands there, the term of the query, and how they meet: exact, homophone,
    near-sound, pinyin, spelling, number, alias or quorum. `where` is speech, or chapter for the title of one."""

    start: float
    end: float
    text: str
    term: str
    how: str = "exact"
    where: str = "speech"


class CueLine(NamedTuple):
    """A cue of a context window. `highlights` are (from, to) character offsets into `text`; `damped` is loop or stock
    for what the recogniser said by itself, else empty."""

    index: int  # type: ignore[assignment]  # not the method of a tuple, which nobody asks a cue for
    start: float
    end: float
    speaker: str
    text: str
    highlights: tuple[tuple[int, int], ...]
    damped: str = ""


class Moment(NamedTuple):
    """A place where the query is talked about. `start` is where to press play, `end` where the context
    window ends, both in seconds; `parts` (name, value) add up to `score`.
    `chapter` is the title of the one it falls in."""

    rank: int
    score: float
    episode: Episode
    start: float
    end: float
    matches: tuple[Match, ...]
    cues: tuple[CueLine, ...]
    parts: tuple[tuple[str, float], ...] = ()
    chapter: str | None = None


class Result(Sequence[Moment]):
    """The moments found, best first, and how many there are in all.

    A result never changes. `total` counts all moments of the query, shown or not; for a ranked query of several words
    that takes a full search of the commit that answered, which happens when it is first asked for, also after later
    commits and when the library is closed. `plan` is what was looked for.

    `incomplete` tells why there may be more, or better ones, where the search was stopped before it had looked at all
    there is; None for a whole answer.
    """

    def __init__(
        self, moments: Iterable[Moment], count_all: Callable[[], int], plan: Plan, incomplete: str | None = None
    ) -> None:
        self.plan = plan
        self.incomplete = incomplete
        self._moments = tuple(moments)
        self._count_all = count_all

    @cached_property
    def total(self) -> int:
        total = self._count_all()
        self._count_all = lambda: total  # what it was counted from is not needed any more
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
