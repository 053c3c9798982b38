"""Answers the questions of a library from a remote index, each in rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from search.api import Moment, Result, SearchRequest
from search.backends.remote import RemoteIndex, ValueIn
from search.query.deadline import Deadline, as_deadline
from search.query.parse import parse
from search.query.plan import Plan
from search.query.syntax import Node, with_filters
from search.retrieval.remote.known_words import known_words
from search.retrieval.remote.rounds import AnySearcher, FetchingRounds, Make
from search.retrieval.remote.whole import WholeSnapshot
from search.retrieval.resolved import ResolvedPlan

if TYPE_CHECKING:
    from search.expansion.variants import Variant

_Answer = TypeVar("_Answer")


class RemoteSearcher:
    """One state of a remote index; has the methods of `search.searcher.Searcher`. Threads may share it."""

    def __init__(self, remote: RemoteIndex, make: Make) -> None:
        self._remote = remote
        self._make = make
        self._rounds = FetchingRounds(remote, known_words(remote), make)

    @cached_property
    def snapshot(self) -> WholeSnapshot:
        """All episodes, for what reads every one."""
        return WholeSnapshot(self._remote, self._rounds.words, self._rounds.kept)

    def is_current(self) -> bool:
        return self._remote.is_current()

    def reopened(self) -> RemoteSearcher:
        return RemoteSearcher(self._remote.newest(), self._make)

    def search(self, request: SearchRequest) -> Result:
        """The best moments of a request; `incomplete` also tells what the index did not answer. Raises
        QueryProblem."""
        deadline = as_deadline(request.timeout)
        within = request._replace(timeout=deadline)
        result, told = self._rounds.settled(lambda one: one.search(within), deadline, _tree(request))

        def count_all() -> int:
            again = deadline.again()
            asked = request._replace(timeout=again)
            total, _told = self._rounds.settled(lambda one: one.search(asked).total, again, _tree(request))
            return total

        return Result(result, count_all, result.plan, result.incomplete or told, result.without_meaning)

    def each(self, request: SearchRequest) -> tuple[Plan, Iterable[Moment]]:
        def ask(one: AnySearcher) -> tuple[Plan, Iterable[Moment]]:
            plan, moments = one.each(request._replace(timeout=deadline))
            return plan, list(moments)

        deadline = as_deadline(request.timeout)
        return self._told(self._rounds.settled(ask, deadline, _tree(request)), deadline)

    def count(self, request: SearchRequest, by_speaker: bool = False) -> list[Any]:
        deadline = as_deadline(request.timeout)
        within = request._replace(timeout=deadline)
        answered = self._rounds.settled(lambda one: one.count(within, by_speaker), deadline, _tree(request))
        return self._told(answered, deadline)

    def tally(self, plan: Plan, request: SearchRequest) -> tuple[int, int]:
        deadline = as_deadline(request.timeout)
        within = request._replace(timeout=deadline)
        return self._told(self._rounds.settled(lambda one: one.tally(plan, within), deadline, _tree(request)), deadline)

    def expanded(self, request: SearchRequest, deadline: Deadline) -> Plan:
        return self._told(
            self._rounds.settled(lambda one: one.expanded(request, deadline), deadline, _tree(request)), deadline
        )

    def resolved(self, plan: Plan) -> ResolvedPlan:
        """The plan with the occurrences of its terms: counted in the whole index, but no places of episodes that were
        not read."""

        def ask(one: AnySearcher) -> ResolvedPlan:
            resolved = one.resolved(plan)
            for term in resolved.terms:
                _ = term.count, term.episodes
            return resolved

        return self._rounds.settled(ask, Deadline())[0]

    def variants(self, term: str, deadline: Deadline) -> list[Variant]:
        return self._told(self._rounds.settled(lambda one: one.variants(term, deadline), deadline), deadline)

    def loosely(self, query: str) -> Plan | None:
        return self._rounds.settled(lambda one: one.loosely(query), Deadline(), parse(query))[0]

    def twins(self, moments: Sequence[Moment]) -> dict[int, list[Moment]]:
        keys = self._remote.keys(ValueIn("id", tuple({moment.episode.id for moment in moments})))
        return self._rounds.settled(lambda one: one.twins(moments), Deadline(), keys=keys)[0]

    def _told(self, answered: tuple[_Answer, str | None], deadline: Deadline) -> _Answer:
        """The answer; the deadline says why it is not complete."""
        answer, told = answered
        deadline.reason = deadline.reason or told
        return answer


def _tree(request: SearchRequest) -> Node:
    return with_filters(parse(request.query), request.filters)
