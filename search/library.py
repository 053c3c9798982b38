"""The library: an open index, and everything that can be asked of it.

What most questions do not need is imported when it is asked for: a search from the command line takes
little longer than its imports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING

from indexer import files
from indexer.files import AnyPath
from indexer.home import default_index
from indexer.values import Episode
from search.context import Margin, contexts, cue_lines
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
        self._expanded = lru_cache(1)(self._expand)
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
        self._expanded.cache_clear()
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
    ) -> Result:
        """The moments in which the query is talked about, best first.

        `limit` None asks for all. `context` is shown before and after the matches, in seconds or as a
        Margin. `filters` are added to those in the query. `exact` finds nothing that is only said to be
        meant (by sound, spelling, number or alias). Without `damping` loops and stock lines of the recogniser count as
        everything else does. Raises QueryProblem for a query that cannot
        be understood. What is not exact is sought only where it could be among the moments asked for.
        """
        self._refresh()
        margin = context if isinstance(context, Margin) else Margin(context)
        asked = query, tuple(filters), exact, damping
        if limit is None:
            return self._all(self._expanded(*asked), margin)
        plan = self._typed(*asked)
        if plan.lacks_words and (loose := self._expanded(*asked)).stand_ins:
            plan = loose
        moments, ranking = self._best(plan, margin, limit)
        is_full = len(moments) == limit and moments[-1].score >= ranking.least_whole
        if not plan.stand_ins and not is_full and (loose := self._expanded(*asked)).stand_ins:
            plan = loose
            moments, _ = self._best(plan, margin, limit, ranking)
        moments = self._with_titles(moments, plan, limit)
        if plan.is_exhaustive and len(moments) < limit:
            return Result(moments, lambda: len(moments), plan)
        return Result(moments, lambda: len(self._all(self._expanded(*asked), margin)), plan)

    def _best(
        self, plan: Plan, margin: Margin, limit: int, exact: Ranking | None = None
    ) -> tuple[list[Moment], Ranking]:
        """The best moments of a plan, `limit` of them, and the ranking they are from; `exact` is that without
        stand-ins."""
        most = limit
        while True:
            # Moments that lie close are shown as one, so there may have to be more.
            most *= MORE
            ranking = find_moments(plan, self._postings, most, exact=exact)
            moments = list(contexts(ranking.found, plan, self._postings, margin, limit))
            if len(moments) == limit or ranking.is_complete:
                return moments, ranking

    def _all(self, plan: Plan, margin: Margin) -> Result:
        moments = list(self._each(plan, margin))
        return Result(moments, lambda: len(moments), plan)

    def _each(self, plan: Plan, margin: Margin) -> Iterator[Moment]:
        moments = contexts(find_moments(plan, self._postings).found, plan, self._postings, margin, None)
        return iter(self._with_titles(list(moments), plan, None)) if self._postings.titles else moments

    def each(
        self,
        query: str,
        *,
        context: float | Margin = DEFAULT_CONTEXT,
        filters: Sequence[Filter] = (),
        exact: bool = False,
        damping: bool = True,
    ) -> tuple[Plan, Iterator[Moment]]:
        """What is looked for, and all moments, best first, as `search` without a limit has them.

        Each is made when it is asked for, so that a result need not fit into memory; use them before the next question.
        Raises QueryProblem.
        """
        self._refresh()
        plan = self._expanded(query, tuple(filters), exact, damping)
        return plan, self._each(plan, context if isinstance(context, Margin) else Margin(context))

    def _with_titles(self, moments: list[Moment], plan: Plan, limit: int | None) -> list[Moment]:
        if not self._postings.titles:
            return moments
        from search.chapters import with_titles

        return with_titles(moments, plan, self._postings, limit)

    def count(self, query: str, *, filters: Sequence[Filter] = (), exact: bool = False) -> list[EpisodeCount]:
        """How many moments and matches of the query each episode has; most moments first."""
        from search.counts import count_moments

        return count_moments(self._all(self.plan(query, filters, exact), DEFAULT_CONTEXT))

    def plan(self, query: str, filters: Sequence[Filter] = (), exact: bool = False) -> Plan:
        """What will be looked up for a query."""
        self._refresh()
        return self._expanded(query, tuple(filters), exact, True)

    def _plan(self, query: str, filters: Sequence[Filter], exact: bool, damping: bool) -> Plan:
        plan = make_plan(with_filters(parse(query), filters), self._postings, not exact)
        return plan if damping else plan._replace(damping=False)

    def _expand(self, query: str, filters: Sequence[Filter], exact: bool, damping: bool) -> Plan:
        from search.tolerance.expand import expanded

        plan = self._typed(query, filters, exact, damping)
        return expanded(plan, self._forms, self._postings.total_atoms) if plan.typed else plan

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


def open_library(index_dir: AnyPath | None = None) -> Library:
    """Opens an index for searching (None: the default index).

    Raises IndexProblem when there is none, or it cannot be read.
    """
    return Library(index_dir if index_dir is not None else default_index())
