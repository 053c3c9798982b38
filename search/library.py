"""The library: an open index, and everything that can be asked of it.

What most questions do not need is imported when it is asked for: a search from the command line takes
little longer than its imports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from indexer import files
from indexer.files import AnyPath
from indexer.home import default_index
from indexer.values import Episode
from search.context import Margin, contexts, cue_lines
from search.deadline import Deadline, OutOfTime, Timeout, as_deadline
from search.episodes import cues_between, find_number, list_episodes
from search.moments import Ranking, find_moments
from search.postings import Postings
from search.query.parse import parse
from search.query.plan import Plan
from search.query.planner import make_plan
from search.query.tree import Filter, loosened, with_filters
from search.results import CueLine, Moment, Result

if TYPE_CHECKING:
    from pathlib import Path

    from search.counts import EpisodeCount
    from search.explore.explorer import Explorer
    from search.health import Status
    from search.suspects import Suspect
    from search.tolerance.forms import Forms
    from search.variants import Variant

DEFAULT_CONTEXT = Margin(5.0)
_Asked: TypeAlias = tuple[str, tuple[Filter, ...], bool, bool]
"""A query, with filters, and whether it is exact, and damped."""
MORE = 2
"""Windows looked for, as a multiple of the moments asked for, the first time."""


class Library:
    """An index opened for searching. Every question is answered from the last commit, and with the lexicons as they
    are; noticing a new one takes a look at the names in the folder."""

    def __init__(self, folder: AnyPath) -> None:
        """Raises IndexProblem when there is no index in `folder`, or it cannot be read."""
        self._snapshot = Postings(files.as_text(folder))
        self._is_closed = False
        # Whoever counts or explains a query asks for its plan again.
        self._typed = lru_cache(1)(self._plan)
        self._last: tuple[_Asked, Plan] | None = None
        self._known: tuple[list[tuple[int, int] | None], Forms] | None = None
        self._explorer: Explorer | None = None

    @property
    def _postings(self) -> Postings:
        if self._is_closed:
            raise ValueError("this library is closed: open it again with open_library")
        return self._snapshot

    @property
    def folder(self) -> Path:
        """Where the index is."""
        from pathlib import Path

        return Path(self._snapshot.folder)

    def _refresh(self) -> Postings:
        """The index as it is now. Asked for once a question, which is then answered from one commit."""
        postings = self._postings
        if not postings.is_current():
            self._snapshot = Postings(postings.folder, postings)
            self._known = self._explorer = None
        elif self._known is None or self._known[0] == self._lexicon_states():
            return postings
        else:
            self._known = None
        self._typed.cache_clear()
        self._last = None
        return self._postings

    @property
    def _forms(self) -> Forms:
        # Not when the library is opened: most commands need no lexicon, and a broken one must not stop them.
        from search.tolerance.aliases import read_aliases
        from search.tolerance.forms import Forms

        if self._known is None:
            aliases = read_aliases(self._lexicons(), self._postings.folding)
            self._known = self._lexicon_states(), Forms(self._postings, aliases)
        return self._known[1]

    def _lexicons(self) -> list[str]:
        from indexer.lexicon import FILE

        return [*self._snapshot.lexicons, files.place(self._snapshot.folder, FILE)]

    def _lexicon_states(self) -> list[tuple[int, int] | None]:
        return list(map(files.state, self._lexicons()))

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the files of the index. A question after that raises ValueError."""
        self._snapshot.close()
        self._is_closed = True

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        context: float | Margin = DEFAULT_CONTEXT,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> Result:
        """The moments in which the query is talked about, best first.

        `limit` None asks for all. `context` is shown before and after the matches, in seconds or as a
        Margin. `filters` are added to those in the query. `exact` finds nothing that is only said to be
        meant (by sound, spelling, number or alias). Without `damping` loops and stock lines of the recogniser count as
        everything else does. Raises QueryProblem for a query that cannot
        be understood. What is not exact is sought only where it could be among the moments asked for.

        After `timeout` seconds, or when the Deadline given for it is over, the search stops: the result then has the
        best of what was looked at, and its `incomplete` says why. The total is given as much time again.
        """
        self._refresh()
        deadline = as_deadline(timeout)
        margin = context if isinstance(context, Margin) else Margin(context)
        asked = query, tuple(filters), exact, damping
        if limit is None:
            return self._all(self._expanded(asked, deadline), margin, deadline)
        plan = self._typed(*asked)
        if plan.lacks_words and (loose := self._expanded(asked, deadline)).stand_ins:
            plan = loose
        moments, ranking = self._best(plan, margin, limit, deadline)
        is_full = len(moments) == limit and moments[-1].score >= ranking.least_whole
        if not plan.stand_ins and not is_full and (loose := self._expanded(asked, deadline)).stand_ins:
            plan = loose
            moments, _ = self._best(plan, margin, limit, deadline, ranking)
        moments = self._with_titles(moments, plan, limit)
        if plan.is_exhaustive and len(moments) < limit:
            return Result(moments, lambda: len(moments), plan, deadline.reason)
        return Result(moments, lambda: self._count(asked, margin, deadline.again()), plan, deadline.reason)

    def _count(self, asked: _Asked, margin: Margin, deadline: Deadline) -> int:
        self._refresh()
        return len(self._all(self._expanded(asked, deadline), margin, deadline))

    def _best(
        self, plan: Plan, margin: Margin, limit: int, deadline: Deadline, exact: Ranking | None = None
    ) -> tuple[list[Moment], Ranking]:
        """The best moments of a plan, `limit` of them, and the ranking they are from; `exact` is that without
        stand-ins."""
        most = limit
        while True:
            # Moments that lie close are shown as one, so there may have to be more.
            most *= MORE
            ranking = find_moments(plan, self._postings, most, exact=exact, deadline=deadline)
            moments = list(contexts(ranking.found, plan, self._postings, margin, limit))
            if len(moments) == limit or ranking.is_complete or deadline.reason:
                return moments, ranking

    def _all(self, plan: Plan, margin: Margin, deadline: Deadline) -> Result:
        moments = list(self._each(plan, margin, deadline))
        return Result(moments, lambda: len(moments), plan, deadline.reason)

    def _each(self, plan: Plan, margin: Margin, deadline: Deadline) -> Iterator[Moment]:
        found = find_moments(plan, self._postings, deadline=deadline).found
        moments = contexts(found, plan, self._postings, margin, None)
        return iter(self._with_titles(list(moments), plan, None)) if self._postings.titles else moments

    def each(
        self,
        query: str,
        *,
        context: float | Margin = DEFAULT_CONTEXT,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        damping: bool = True,
        timeout: Timeout = None,
    ) -> tuple[Plan, Iterator[Moment]]:
        """What is looked for, and all moments, best first, as `search` without a limit has them.

        Each is made when it is asked for, so that a result need not fit into memory; use them before the next question.
        All are found before, and for that the time is limited; a Deadline given as the `timeout` tells by its `reason`
        whether it was enough. Raises QueryProblem.
        """
        self._refresh()
        deadline = as_deadline(timeout)
        plan = self._expanded((query, tuple(filters), exact, damping), deadline)
        return plan, self._each(plan, context if isinstance(context, Margin) else Margin(context), deadline)

    def _with_titles(self, moments: list[Moment], plan: Plan, limit: int | None) -> list[Moment]:
        if not self._postings.titles:
            return moments
        from search.chapters import with_titles

        return with_titles(moments, plan, self._postings, limit)

    def count(
        self, query: str, *, filters: Sequence[Filter] = (), exact: bool = False, timeout: Timeout = None
    ) -> list[EpisodeCount]:
        """How many moments and matches of the query each episode has; most moments first. A Deadline given as the
        `timeout` tells by its `reason` whether all were counted."""
        from search.counts import count_moments

        self._refresh()
        deadline = as_deadline(timeout)
        plan = self._expanded((query, tuple(filters), exact, True), deadline)
        return count_moments(self._all(plan, DEFAULT_CONTEXT, deadline))

    def plan(self, query: str, filters: Sequence[Filter] = (), exact: bool = False, timeout: Timeout = None) -> Plan:
        """What will be looked up for a query; where time runs out, what was typed without what may stand for it."""
        self._refresh()
        return self._expanded((query, tuple(filters), exact, True), as_deadline(timeout))

    def _plan(self, query: str, filters: Sequence[Filter], exact: bool, damping: bool) -> Plan:
        plan = make_plan(with_filters(parse(query), filters), self._postings, not exact)
        return plan if damping else plan._replace(damping=False)

    def _expanded(self, asked: _Asked, deadline: Deadline) -> Plan:
        """The plan with what may stand for its words; without it where time runs out."""
        if self._last is None or self._last[0] != asked:
            plan = self._typed(*asked)
            if plan.typed:
                from search.tolerance.expand import expanded

                try:
                    plan = expanded(plan, self._forms, self._postings.total_atoms, deadline=deadline)
                except OutOfTime:
                    return plan
            self._last = asked, plan
        return self._last[1]

    def episodes(self, filters: Sequence[Filter] = ()) -> list[Episode]:
        """The episodes in the index, by show, date and id."""
        return list_episodes(self._refresh(), filters)

    def find_episode(self, name: str) -> Episode:
        """The episode with this id or path, or the only one whose id or title contains the name.

        Raises NoSuchEpisode, naming the candidates when there are several.
        """
        postings = self._refresh()
        return postings.episode(find_number(postings, name))

    def read(self, name: str, start: float = 0.0, end: float | None = None) -> tuple[Episode, list[CueLine]]:
        """An episode and its cues that are spoken between `start` and `end` seconds (None: to its end)."""
        postings = self._refresh()
        number = find_number(postings, name)
        return postings.episode(number), list(cue_lines(postings, number, cues_between(postings, number, start, end)))

    def variants(self, term: str) -> list[Variant]:
        """What here sounds, is spelled or is written like a term, the likeliest first; the term itself before all."""
        from search.variants import find_variants

        return find_variants(term, self._refresh(), self._forms)

    def suspects(self, limit: int = 50) -> list[Suspect]:
        """Words that are likely mishearings of others in this index, the likeliest first."""
        from search.suspects import find_suspects

        return find_suspects(self._refresh(), limit)

    def loosely(self, query: str) -> Plan | None:
        """The plan of a query without what makes it exact, None when there is nothing to loosen."""
        from search.tolerance.expand import expanded

        postings = self._refresh()
        plan = make_plan(loosened(parse(query)), postings, tolerant=True)
        plan = expanded(plan, self._forms, postings.total_atoms)
        return plan if plan.stand_ins else None

    @property
    def explore(self) -> Explorer:
        """The explorations of the index as it is now."""
        from search.explore.explorer import Explorer

        postings = self._refresh()
        if self._explorer is None or self._explorer.postings is not postings:
            self._explorer = Explorer(postings, self.lexicons)
        return self._explorer

    @property
    def alias_file(self) -> Path:
        """Where a new alias is written: the first lexicon that exists, or else would be."""
        known = [path for path in self.lexicons if path.suffix == ".toml"]
        return next((path for path in known if path.is_file()), known[0])

    def check_alias(self, right: str, heard: Sequence[str]) -> None:
        """Raises QueryProblem for an alias that can never match anything."""
        from search.tolerance.aliases import check_alias

        check_alias(right, heard, self._postings.folding)

    @property
    def lexicons(self) -> tuple[Path, ...]:
        """The files in which this index looks for aliases; they need not exist."""
        from pathlib import Path

        return tuple(map(Path, self._lexicons()))

    def status(self) -> Status:
        """What the index holds."""
        from search.health import read_status

        return read_status(self._refresh())

    def check(self) -> list[str]:
        """Reads every episode whole and compares its parts; one line for each fault found."""
        from search.health import check_index

        return check_index(self._refresh())

    def unchecked(self) -> list[str]:
        """The parts of the index that have no checksums, as in one of format 6: `podseek index` gives them some."""
        from search.health import unchecked_parts

        return unchecked_parts(self._refresh())


def open_library(index_dir: AnyPath | None = None) -> Library:
    """Opens an index for searching (None: the default index).

    Raises IndexProblem when there is none, or it cannot be read.
    """
    return Library(index_dir if index_dir is not None else default_index())
