"""Answers requests from one commit of an index, regardless of later commits."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, starmap
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.files.mapped_files import place, state
from indexer.core.memory.caches import cached
from search.api import Moment, Result, SearchRequest, in_order
from search.query.deadline import Deadline, as_deadline
from search.query.parse import parse
from search.query.plan import Plan
from search.results.best_page import BestPage
from search.results.snippets import SURELY, contexts
from search.retrieval.moments import MORE, NotedRanking, Ranking, find_moments
from search.retrieval.plan_cache import FileState, Plans
from search.retrieval.resolved_plan import ResolvedPlan
from search.scoring import SENTENCES, WEIGHTS, Weights

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.backends.snapshot import Snapshot
    from search.results.counts import EpisodeCount
    from search.retrieval.meaning.asking import Meaning


Note: TypeAlias = "Callable[[NotedRanking], None]"
"""Called with each ranking that contributes to an answer."""

_TALLY = WEIGHTS._replace(candidates=SURELY)
"""Weights for counting within a time limit. Scores are the same; once time is up, only SURELY windows are scored."""


_PAIRS = 10_000
"""Pairs of episodes of which is kept whether they are transcripts of one recording."""


class Searcher(Plans):
    """One commit of an index, with the lexicons as of first use. A result holds its searcher, which therefore stays
    readable as long as the result does.

    Threads may share a searcher: every cached value is built completely, then assigned in one step. At worst two
    threads build the same value.
    """

    def __init__(self, snapshot: Snapshot, note: Note | None = None) -> None:
        super().__init__(snapshot)
        self._note: Note = note or (lambda _ranking: None)
        self._vectors: tuple[str, FileState] | None = None
        """The path of the list of vectors, and its file state when a question first read it; None before that."""

    def has_current_vectors(self) -> bool:
        """False once the vectors in use have changed."""
        known = self._vectors
        return known is None or known[1] == state(known[0])

    def search(self, request: SearchRequest) -> Result:
        """Returns the best moments of a request. Raises QueryProblem."""
        if not gc.isenabled():  # in a process of one search, which does not need the module
            return self._search(request)
        from indexer.core.memory.paused_collection import collection_paused

        with collection_paused():
            return self._search(request)

    def _search(self, request: SearchRequest) -> Result:
        deadline = as_deadline(request.timeout)
        if request.most is None:
            return self._all(self.expanded(request, deadline), request, deadline)
        limit = max(request.most, 1)  # of a page without moments the total may be wanted
        plan = self.typed(request, deadline)
        if plan.lacks_words and (loose := self.expanded(request, deadline)).stand_ins:
            plan = loose
        best = self._best(plan, request, limit, deadline)
        if not (plan.stand_ins or best.is_full) and (loose := self.expanded(request, deadline)).stand_ins:
            plan = loose
            best = self._best(plan, request, limit, deadline, best)
        problems: list[str] = []
        moments: list[Moment] = []
        if plan.may_be_sentence:
            moments = self._best_of_sentence(plan, request, limit, deadline, best.ranking, problems)
        moments = self._with_titles(moments or best.moments, plan, limit)
        if len(moments) < min(limit, WEIGHTS.few_quoted) and _may_be_filled(plan, request) and not deadline.reason:
            moments = self._filled(moments, request._replace(timeout=deadline), limit)
        shown = in_order(moments[request.offset : request.most], request.sort)
        found, is_all = len(moments), len(moments) < limit and not deadline.reason

        def count_all() -> int:  # a search for all has nothing that is only near in meaning
            return found if is_all else max(found, self._count(request, deadline.again()))

        return Result(shown, count_all, plan, deadline.reason, problems[0] if problems else None)

    def each(self, request: SearchRequest) -> tuple[Plan, Iterable[Moment]]:
        """Returns the plan of a request, and all its moments from the offset on in order, built on demand. Raises
        QueryProblem."""
        offset = request._replace(limit=0).most
        deadline = as_deadline(request.timeout)
        plan = self.expanded(request, deadline)
        return plan, deadline.waiting(in_order(islice(self._each(plan, request, deadline), offset, None), request.sort))

    def count(self, request: SearchRequest, by_speaker: bool = False) -> list[EpisodeCount]:
        """Returns the episodes of a request with their counts. Raises QueryProblem."""
        from indexer.core.memory.paused_collection import collection_paused
        from search.results.counts import EpisodeCount, by_amount, count_moments, speakers_of
        from search.results.tally import count_matches, tallied_matches
        from search.retrieval.unranked import can_be_unranked

        most, deadline = request.most, as_deadline(request.timeout)
        plan = self.expanded(request, deadline)
        resolved = self.resolved(plan)
        if self.snapshot.titles:  # each may be a moment of its own, or be shown with one
            counts = count_moments(
                (one.episode, len(one.matches), speakers_of(one) if by_speaker else ())
                for one in self._each(plan, request, deadline)
            )
        elif can_be_unranked(resolved) and not by_speaker:
            self._note(NotedRanking(resolved))
            with collection_paused():
                tallied = tallied_matches(resolved, self.snapshot, request.context, deadline)
                counts = by_amount(starmap(EpisodeCount, tallied))
        else:
            found = self._find(resolved, deadline).found
            counts = count_moments(count_matches(found, resolved, self.snapshot, request.context, deadline, by_speaker))
        return list(in_order(counts, request.sort))[request.offset : most]

    def twins(self, moments: Sequence[Moment]) -> dict[int, list[Moment]]:
        """Returns, by the rank of the best, the later moments that are the same place of the same recording."""
        from search.results.recordings import find_twins

        return find_twins(moments, self.snapshot)

    def double_transcripts(self, episodes: Iterable[Episode]) -> list[tuple[Episode, Episode]]:
        """Returns the pairs of these episodes that are transcripts of one recording."""
        from search.results.double_transcripts import double_transcripts
        from search.results.recordings import number_of

        numbers = [number_of(self.snapshot, episode.id) for episode in episodes]
        return double_transcripts(self.snapshot, [number for number in numbers if number >= 0], self._are_alike)

    @cached_property
    def _are_alike(self) -> Callable[[tuple[int, int]], bool]:
        """Whether two episodes are transcripts of one recording: kept, because a page asks for each of its analyses."""
        from search.results.recordings import is_other_transcript

        snapshot = self.snapshot
        return cached(lambda pair: is_other_transcript(snapshot, *pair), _PAIRS)

    def tally(self, plan: Plan, request: SearchRequest) -> tuple[int, int]:
        """Returns the number of all moments of a plan, and of their episodes; after the timeout, as many as were
        counted until then, or SURELY."""
        return self._tally(plan, request, as_deadline(request.timeout), _TALLY)

    def _count(self, request: SearchRequest, deadline: Deadline) -> int:
        return self._tally(self.expanded(request, deadline), request, deadline)[0]

    def _tally(
        self, plan: Plan, request: SearchRequest, deadline: Deadline, weights: Weights = WEIGHTS
    ) -> tuple[int, int]:
        """The number of all moments, and of their episodes."""
        from indexer.core.memory.paused_collection import collection_paused
        from search.results.tally import episodes_of_contexts, tallied
        from search.retrieval.unranked import can_be_unranked

        resolved = self.resolved(plan)
        episodes: Sequence[object]
        if self.snapshot.titles:
            episodes = [moment.episode.id for moment in self._each(plan, request, deadline)]
        elif can_be_unranked(resolved):
            self._note(NotedRanking(resolved))
            with collection_paused():
                amounts = [amount for _, amount in tallied(resolved, self.snapshot, request.context, deadline)]
            return sum(amounts), len(amounts)
        else:
            found = self._find(resolved, deadline, weights=weights).found
            episodes = episodes_of_contexts(found, resolved, self.snapshot, request.context, deadline)
        return len(episodes), len(set(episodes))

    def _best(
        self, plan: Plan, request: SearchRequest, limit: int, deadline: Deadline, exact: BestPage | None = None
    ) -> BestPage:
        """At most `limit` best moments of a plan; `exact` are those without expansions."""
        most, resolved = limit, self.resolved(plan)
        while True:
            # Nearby moments are merged, so more windows may be needed.
            most *= MORE
            ranking = self._find(resolved, deadline, most, exact)
            page = BestPage(ranking, resolved, self.snapshot, request.context, limit)
            if not plan.is_exhaustive or ranking.is_complete or page.is_sure or deadline.reason:
                return page

    def _find(
        self,
        plan: ResolvedPlan,
        deadline: Deadline,
        most: int | None = None,
        exact: BestPage | None = None,
        weights: Weights = WEIGHTS,
    ) -> Ranking:
        known, before = (None, ()) if exact is None else (exact.ranking, exact.before_expansions)
        ranking = find_moments(plan, self.snapshot, most, weights, known, before, deadline)
        self._note(NotedRanking(plan, ranking, most, follows=known is not None and bool(known.total)))
        return ranking

    def _best_of_sentence(
        self, plan: Plan, request: SearchRequest, limit: int, deadline: Deadline, usual: Ranking, problems: list[str]
    ) -> list[Moment]:
        """At most `limit` best moments of a query of running text; none if the `usual` ranking is better for it. Adds
        to `problems` why the vectors of the index were not used."""
        from indexer.store.vectors import FILE as VECTORS
        from search.query.running_text import is_running_text, running_text
        from search.retrieval.sentences.rerank_sentences import best_of_sentence

        tree = parse(request.query)
        if not is_running_text(tree):
            return []
        near = None
        if self._vectors is None:
            path = place(self.snapshot.folder, VECTORS)
            self._vectors = path, state(path)
        if request.meaning and not request.exact and self._vectors[1] is not None:
            from search.retrieval.meaning.near_lines import near_finder

            near = near_finder(self.meaning, running_text(tree), problems)
        elif plan.is_single or not plan.is_long_text:
            return []
        ranked = best_of_sentence(self.resolved(plan), self.snapshot, usual, deadline, limit, near)
        if ranked is not None or not usual.scored:
            self._note(NotedRanking(self.resolved(plan), wanted=SENTENCES.episodes))
        if ranked is None:
            return []
        return list(contexts(ranked.found, ranked.plan, self.snapshot, request.context, limit))

    @cached_property
    def meaning(self) -> Meaning:
        """The vectors of the index."""
        from search.retrieval.meaning.asking import Meaning

        return Meaning(self.snapshot)

    def _filled(self, moments: list[Moment], request: SearchRequest, limit: int) -> list[Moment]:
        """The moments of a query with quotes, filled up with what is found without them."""
        from search.retrieval.unquoted import filled_up, without_quotes

        tree = without_quotes(parse(request.query))
        if tree is None:
            return moments
        text = str(tree)[1:-1]
        others = request._replace(query=text, limit=limit + len(moments), offset=0, sort="score")
        return filled_up(moments, self._search(others), limit)

    def _all(self, plan: Plan, request: SearchRequest, deadline: Deadline) -> Result:
        moments = list(self._each(plan, request, deadline))
        shown = in_order(moments[request.offset :], request.sort)
        return Result(shown, lambda: len(moments), plan, deadline.reason)

    def _each(self, plan: Plan, request: SearchRequest, deadline: Deadline) -> Iterator[Moment]:
        from search.results.ranked_stream import moments_in_order
        from search.retrieval.unranked import can_be_unranked

        resolved = self.resolved(plan)
        if can_be_unranked(resolved):
            self._note(NotedRanking(resolved))
            moments = moments_in_order(resolved, self.snapshot, request.context, deadline)
        else:
            found = self._find(resolved, deadline).found
            moments = contexts(found, resolved, self.snapshot, request.context, None, deadline=deadline)
        return iter(self._with_titles(list(moments), plan, None)) if self.snapshot.titles else moments

    def _with_titles(self, moments: list[Moment], plan: Plan, limit: int | None) -> list[Moment]:
        if not self.snapshot.titles:
            return moments
        from search.results.chapter_hits import with_titles

        return with_titles(moments, self.resolved(plan), self.snapshot, limit)


def _may_be_filled(plan: Plan, request: SearchRequest) -> bool:
    """True for a query with a condition that may be only that quotes are somewhere."""
    return plan.need is not None and not (plan.leaves_out or plan.is_single or request.exact)
