"""Answers the questions of a library from a remote index, each in rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from indexer.core.errors import IndexProblem
from indexer.core.memory.caches import with_last
from indexer.core.messages import _
from search.api import Moment, Result, SearchRequest
from search.backends.conditions import ValueIn
from search.backends.remote import RemoteIndex
from search.query.deadline import Deadline, OutOfTime, as_deadline
from search.query.parse import parse
from search.query.plan import Plan
from search.query.syntax import Node, with_filters
from search.retrieval.remote.facts.known_words import known_words
from search.retrieval.remote.rounds import AnySearcher, FetchingRounds, Make
from search.retrieval.remote.snapshots.whole_snapshot import WholeSnapshot
from search.retrieval.resolved_plan import ResolvedPlan

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.backends.snapshot import Snapshot
    from search.expansion.variants import Variant
    from search.retrieval.meaning.asking import Meaning

_Answer = TypeVar("_Answer")

MOST_TALLIED = 200
"""Episodes that are read to tell how many moments there are, beside the best."""
_BESIDE = 3.0
"""Seconds for what a page shows beside its moments, after the time of its search: without an answer it goes without."""


class RemoteSearcher:
    """One state of a remote index; has the methods of `search.searcher.Searcher`. Threads may share it."""

    def __init__(self, remote: RemoteIndex, make: Make) -> None:
        self._remote = remote
        self._make = make
        self._rounds = FetchingRounds(remote, known_words(remote), make)
        self._of_part: dict[int, tuple[Plan, str]] = {}
        """The last plans, by their identity, that were made of a part of the index, and why: another may say more."""

    @cached_property
    def snapshot(self) -> WholeSnapshot:
        """All episodes, for what reads every one."""
        return WholeSnapshot(self._remote, self._rounds.words, self._rounds.kept)

    @cached_property
    def meaning(self) -> Meaning:
        from search.retrieval.meaning.asking import Meaning

        return Meaning(self.snapshot)

    def is_current(self) -> bool:
        return self._remote.is_current()

    def reopened(self) -> RemoteSearcher:
        return RemoteSearcher(self._remote.newest(), self._make)

    def close(self) -> None:
        """Ends the connections of this thread; a result that still has to count opens one again."""
        self._remote.close()

    @property
    def read_last(self) -> int:
        """The episodes that the last question was answered from; for measuring."""
        return self._rounds.read_last

    def cost(self) -> tuple[int, int]:
        return self._remote.cost()

    def search(self, request: SearchRequest) -> Result:
        """The best moments of a request; `incomplete` also tells what the index did not answer. Raises
        QueryProblem."""
        deadline = as_deadline(request.timeout)
        tree, few = _tree(request), request.most is not None
        result = self._answer(
            lambda one, within: one.search(_until(request, within)),
            deadline,
            tree,
            few_shown=few,
            expands=not request.exact,
        )

        def count_all() -> int:
            again = deadline.again()
            return self._answer(partial(_total, request), again, tree, few_shown=few)

        incomplete = deadline.reason or result.incomplete
        self._note(result.plan, incomplete)
        return Result(result, count_all, result.plan, incomplete, result.without_meaning)

    def each(self, request: SearchRequest) -> tuple[Plan, Iterable[Moment]]:
        def ask(one: AnySearcher, within: Deadline) -> tuple[Plan, Iterable[Moment]]:
            plan, moments = one.each(_until(request, within))
            return plan, list(moments)

        return self._answer(ask, as_deadline(request.timeout), _tree(request))

    def count(self, request: SearchRequest, by_speaker: bool = False) -> list[Any]:
        deadline = as_deadline(request.timeout)
        ask = partial(_count, request, by_speaker)
        return self._answer(ask, deadline, _tree(request), few_shown=not by_speaker)

    def tally(self, plan: Plan, request: SearchRequest) -> tuple[int, int]:
        """The number of all moments of a plan, and of their episodes; of those in MOST_TALLIED episodes. The deadline
        also says what was incomplete about that of which the plan was made."""
        deadline, tree = as_deadline(request.timeout), _tree(request)
        ask = partial(_tally, plan, request)
        counted = self._answer(ask, deadline, tree, MOST_TALLIED, few_shown=True)
        known = self._of_part.get(id(plan))
        if known is not None and known[0] is plan:
            deadline.reason = deadline.reason or known[1]
        return counted

    def expanded(self, request: SearchRequest, deadline: Deadline) -> Plan:
        tree = _tree(request)
        plan = self._answer(lambda one, within: one.expanded(request, within), deadline, tree, few_shown=True)
        self._note(plan, deadline.reason)
        return plan

    def _note(self, plan: Plan, incomplete: str | None) -> None:
        if incomplete is not None:
            self._of_part = with_last(self._of_part, id(plan), (plan, incomplete))

    def resolved(self, plan: Plan) -> ResolvedPlan:
        """The plan with the occurrences of its terms: counted in the whole index, but no places of episodes that were
        not read."""

        def ask(one: AnySearcher) -> ResolvedPlan:
            resolved = one.resolved(plan)
            for term in resolved.terms:
                _ = term.count, term.episodes
            return resolved

        return self._answer(lambda one, _within: ask(one), Deadline(_BESIDE))

    def variants(self, term: str, deadline: Deadline) -> list[Variant]:
        return self._answer(lambda one, within: one.variants(term, within), deadline)

    def loosely(self, query: str) -> Plan | None:
        return self._answer(lambda one, _within: one.loosely(query), Deadline(_BESIDE), parse(query))

    def twins(self, moments: Sequence[Moment]) -> dict[int, list[Moment]]:
        deadline, keys = Deadline(_BESIDE), list[str]()
        with suppress(OutOfTime), self._remote.within(deadline.left):
            keys = self._remote.keys(ValueIn("id", tuple({moment.episode.id for moment in moments})))

        def ask(one: AnySearcher) -> dict[int, list[Moment]]:
            here = {one.snapshot.episode(number).id for number in one.snapshot.episodes()}
            return one.twins([moment for moment in moments if moment.episode.id in here])

        return self._rounds.settled(ask, deadline, keys=keys)[0]

    def double_transcripts(self, _episodes: Iterable[Episode]) -> list[tuple[Episode, Episode]]:
        """None: the cluster would have to be asked for the texts."""
        return []

    def snapshot_with(self, name: str) -> Snapshot:
        """A snapshot with the episode of this id, or of all if there is none. Raises IndexProblem if a part of the
        index does not answer: the episode may be in it."""
        keys = self._remote.keys(ValueIn("id", (name,)))
        if not keys:
            return self.snapshot
        snapshot, incomplete = self._rounds.settled(lambda one: one.snapshot, Deadline(), keys=keys)
        if incomplete:
            raise IndexProblem(_("{reason}: see the health of the cluster").format(reason=incomplete))
        return snapshot

    def _answer(
        self,
        ask: Callable[[AnySearcher, Deadline], _Answer],
        deadline: Deadline,
        tree: Node | None = None,
        most: int | None = None,
        few_shown: bool = False,
        expands: bool = False,
    ) -> _Answer:
        """What `ask` answers when nothing is missing; the deadline then says what is incomplete about it."""
        within = deadline.share(1.0)  # of this question; `deadline` may have stopped the one before
        answer, incomplete = self._rounds.settled(
            lambda one: ask(one, within), within, tree, most=most, few_shown=few_shown, expands=expands
        )
        if within.reason is None or not deadline.is_over():  # which says after how many seconds
            deadline.reason = within.reason or incomplete or deadline.reason
        return answer


def _until(request: SearchRequest, deadline: Deadline) -> SearchRequest:
    return request._replace(timeout=deadline)


def _count(request: SearchRequest, by_speaker: bool, one: AnySearcher, within: Deadline) -> list[Any]:
    return one.count(_until(request, within), by_speaker)


def _total(request: SearchRequest, one: AnySearcher, within: Deadline) -> int:
    return one.search(_until(request, within)).total


def _tally(plan: Plan, request: SearchRequest, one: AnySearcher, within: Deadline) -> tuple[int, int]:
    return one.tally(plan, _until(request, within))


def _tree(request: SearchRequest) -> Node:
    return with_filters(parse(request.query), request.filters)
