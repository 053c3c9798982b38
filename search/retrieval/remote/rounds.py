"""Searches a remote index in rounds: fetch what the answer depends on, answer from that, see what was lacking.

The answer of the last round, which lacked nothing, is the one that an index on this machine would have given: every
episode that was not fetched can neither have a moment among those returned nor change the score of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from indexer.core.messages import _
from search.api import Moment, Result, SearchRequest
from search.backends.conditions import EVERY
from search.backends.remote import RemoteIndex
from search.query.deadline import Deadline, OutOfTime, TwoStages
from search.query.plan import Plan
from search.query.syntax import Node
from search.retrieval.moments import NotedRanking
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.facts.typed_words import has_names, substrings, whole_runs
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.next_fetch import NextFetch
from search.retrieval.remote.projection.regex_decks import counted
from search.retrieval.remote.selection import fetch_conditions
from search.retrieval.remote.selection.needed_episodes import AskedRanking
from search.retrieval.remote.snapshots.fetched_snapshot import FetchedSnapshot
from search.retrieval.resolved_plan import ResolvedPlan

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.expansion.variants import Variant

_Answer = TypeVar("_Answer")

MOST_ROUNDS = 40
_TO_RANK = 0.85
"""The share of the time in which episodes are fetched to be ranked; the rest is for those that are shown."""


class AnySearcher(Protocol):
    """What answers from a snapshot: `search.searcher.Searcher`."""

    @property
    def snapshot(self) -> Snapshot: ...
    def search(self, request: SearchRequest, /) -> Result: ...
    def each(self, request: SearchRequest, /) -> tuple[Plan, Iterable[Moment]]: ...
    def count(self, request: SearchRequest, by_speaker: bool = False, /) -> list[Any]: ...
    def tally(self, plan: Plan, request: SearchRequest, /) -> tuple[int, int]: ...
    def expanded(self, request: SearchRequest, deadline: Deadline, /) -> Plan: ...
    def resolved(self, plan: Plan, /) -> ResolvedPlan: ...
    def variants(self, term: str, deadline: Deadline, /) -> list[Variant]: ...
    def loosely(self, query: str, /) -> Plan | None: ...
    def twins(self, moments: Sequence[Moment], /) -> dict[int, list[Moment]]: ...


Make = Callable[[FetchedSnapshot, Callable[[NotedRanking], None]], AnySearcher]


class FetchingRounds:
    """Answers questions about one state of a remote index; threads may share it."""

    def __init__(self, remote: RemoteIndex, words: KnownWords, make: Make) -> None:
        """`make` makes a searcher of a snapshot, which tells a function about its rankings."""
        self.remote = remote
        self.words = words
        self._make = make
        self.kept = KeptEpisodes()
        self.read_last = 0
        """The episodes that the last question was answered from; for measuring."""
        self._filters = fetch_conditions.Filters(remote, words.folding)
        self._next = NextFetch(remote, words, self._filters)

    def settled(
        self,
        ask: Callable[[AnySearcher], _Answer],
        deadline: Deadline,
        tree: Node | None = None,
        keys: Sequence[str] = (),
        most: int | None = None,
        few_shown: bool = False,
        expands: bool = False,
    ) -> tuple[_Answer, str | None]:
        """Returns what `ask` answers when nothing is missing, and what is incomplete about it. `tree` is that of the
        query; `keys` are of episodes that are surely needed; at most `most` are read. With `few_shown` the answer shows
        few of the episodes that it ranks; one that `expands` the query compares it with all names. Once the deadline is
        over, also within a request, the answer is of what was read by then."""
        self._forget_what_is_not_whole()
        gathered = Gathered(self.remote, self.kept, most)
        left = deadline.left
        if few_shown and self.remote.has_decks:
            gathered.decks = frozenset()
            left = TwoStages(deadline, _TO_RANK).left
        with suppress(OutOfTime), self.remote.within(left):
            if tree is not None:
                terms = {*substrings(tree, self.words), *counted(tree, self.words.folding)}
                runs = whole_runs(tree, self.words)
                with_names, fields = expands and has_names(tree, self.words), self._filters.unknown(tree)
                self._filters.note(self.words.learn_all(terms, runs, with_names=with_names, fields=fields))
            if keys:
                gathered.fetch_whole(keys)
                gathered.complete.note((), (EVERY,))
        answer, snapshot = self._last_round(ask, deadline, gathered, tree, left)
        lacked = snapshot.lacking()
        if lacked.is_of_lines:
            with suppress(OutOfTime), self.remote.within(left):
                gathered.clocks = sorted(lacked.clocks)
                gathered.fetch_whole(sorted(lacked.whole), lacked.parts)
            answer = self._presented(ask, gathered)
        self.read_last = len(gathered.bodies)
        return answer, self._incomplete(gathered)

    def _last_round(
        self,
        ask: Callable[[AnySearcher], _Answer],
        deadline: Deadline,
        gathered: Gathered,
        tree: Node | None,
        left: Callable[[], float],
    ) -> tuple[_Answer, FetchedSnapshot]:
        """The answer that lacked nothing, or for which there was no more time, and what it was answered from."""
        for _round in range(MOST_ROUNDS):
            asked: list[AskedRanking] = []
            snapshot = self._snapshot(gathered)
            note = partial(_note, asked, snapshot)
            with self.remote.within(left):
                answer = ask(self._make(snapshot, note))
                try:
                    if deadline.reason or not self._next.got_more(snapshot, asked, gathered, tree):
                        return answer, snapshot
                except OutOfTime:
                    if snapshot.size == len(gathered.bodies):
                        return answer, snapshot
        gathered.incomplete = gathered.incomplete or _("the search took too many rounds")
        return answer, snapshot

    def _incomplete(self, gathered: Gathered) -> str | None:
        """What is incomplete about an answer."""
        reasons = [*self._forget_what_is_not_whole(), *([gathered.incomplete] if gathered.incomplete else [])]
        return _("incomplete: {reason}").format(reason=reasons[0]) if reasons else None

    def _forget_what_is_not_whole(self) -> Sequence[str]:
        """What was incomplete about the answers of the index since this was last asked; then what is kept for other
        questions may not be whole either."""
        lacking = self.remote.unanswered()
        if lacking:
            self.words.forget()
            self._filters.forget()
        return lacking

    def _snapshot(self, gathered: Gathered, bodies: Iterable[Body] | None = None) -> FetchedSnapshot:
        bodies = gathered.bodies.values() if bodies is None else bodies
        return FetchedSnapshot(self.remote, self.words, bodies, gathered.is_complete)

    def _presented(self, ask: Callable[[AnySearcher], _Answer], gathered: Gathered) -> _Answer:
        """What `ask` answers in the end; of what it shows, nothing that was not fetched in time."""
        snapshot = self._snapshot(gathered)
        answer, bodies = ask(self._make(snapshot, _ignore)), list(gathered.bodies.values())
        while (lacked := snapshot.lacking()).is_of_lines:
            late = lacked.whole.union(lacked.parts)
            bodies = [body for body in bodies if body.has_lines and body.key not in late]
            snapshot = self._snapshot(gathered, bodies)
            answer = ask(self._make(snapshot, _ignore))
        return answer


def _ignore(_noted: NotedRanking) -> None:
    """A ranking of which nothing more is fetched."""


def _note(asked: list[AskedRanking], snapshot: FetchedSnapshot, noted: NotedRanking) -> None:
    for term in noted.plan.terms:
        if term.is_exact:
            _ = term.count  # of all that are found in the end: what is not known comes with the next request
    asked.append(AskedRanking(snapshot, *noted))
