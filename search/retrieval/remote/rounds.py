"""Searches a remote index in rounds: fetch what the answer depends on, answer from that, see what was lacking.

The answer of the last round, which lacked nothing, is the one that an index on this machine would have given: every
episode that was not fetched can neither have a moment among those returned nor change the score of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from indexer.core.messages import _
from indexer.store import schema
from search.api import Moment, Result, SearchRequest
from search.backends.remote import EVERY, Condition, Counted, HasDamped, Likeliest, RemoteIndex, all_of
from search.matching.terms import RunPattern, WordPattern
from search.query.deadline import Deadline, OutOfTime
from search.query.plan import Plan
from search.query.syntax import Node
from search.retrieval.moments import Ranking
from search.retrieval.query_weights import WeighedPlan
from search.retrieval.remote import fetch_conditions
from search.retrieval.remote.episode_body import COLUMNS
from search.retrieval.remote.fetched_episodes import Gathered
from search.retrieval.remote.fetched_snapshot import FetchedSnapshot
from search.retrieval.remote.kept_episodes import KeptEpisodes
from search.retrieval.remote.known_words import KnownWords
from search.retrieval.remote.missing_facts import Lacking
from search.retrieval.remote.one_run import only_run, worst_peak
from search.retrieval.remote.typed_words import substrings, tests, whole_runs
from search.retrieval.rerank_sentences import shares_of
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import Window
from search.scoring import K1, bm25_norm, bm25_weight

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.expansion.variants import Variant

_Answer = TypeVar("_Answer")

MOST_ROUNDS = 40
RARE = 60
"""A run in at most so many episodes is read in all of them: its first atom says little of where it may be."""


class AskedRanking:
    """A ranking that an answer is made of (`search.searcher.Note`), and what the snapshot had lacked by then."""

    def __init__(
        self, snapshot: FetchedSnapshot, plan: ResolvedPlan, ranking: Ranking | None, most: int | None, follows: bool
    ) -> None:
        self.snapshot = snapshot
        self.lacked = snapshot.lacking()
        self.plan, self.ranking, self.most, self.follows = plan, ranking, most, follows
        self.is_sentence = ranking is None and most is not None


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


Make = Callable[[FetchedSnapshot, Callable[..., None]], AnySearcher]


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

    def settled(
        self,
        ask: Callable[[AnySearcher], _Answer],
        deadline: Deadline,
        tree: Node | None = None,
        keys: Sequence[str] = (),
        most: int | None = None,
    ) -> tuple[_Answer, str | None]:
        """Returns what `ask` answers when nothing is missing, and what is incomplete about it. `tree` is that of the
        query; `keys` are of episodes that are surely needed; at most `most` are read. Once the deadline is over, also
        within a request, the answer is of what was read by then."""
        self.remote.told()
        gathered = Gathered(self.remote, self.kept, most)
        with suppress(OutOfTime), self.remote.within(deadline.left):
            if tree is not None:
                self.words.learn_all(substrings(tree, self.words), whole_runs(tree, self.words))
            if keys:
                gathered.fetch(keys, COLUMNS)
                gathered.complete.add(EVERY)
        for _round in range(MOST_ROUNDS):
            asked: list[AskedRanking] = []
            snapshot = FetchedSnapshot(self.remote, self.words, gathered.bodies.values(), gathered.complete)
            note = partial(_note, asked, snapshot)
            with self.remote.within(deadline.left):
                answer = ask(self._make(snapshot, note))
                try:
                    if deadline.reason or not self._got_more(snapshot, asked, gathered, tree):
                        break
                except OutOfTime:
                    if snapshot.size == len(gathered.bodies):
                        break
        else:
            gathered.incomplete = gathered.incomplete or _("the search took too many rounds")
        untold = self.remote.told()
        if untold:  # nor may what was kept for other questions be whole
            self.words.forget_runs()
            self._filters.forget()
        self.read_last = len(gathered.bodies)
        told = [*untold, *([gathered.incomplete] if gathered.incomplete else [])]
        return answer, _("incomplete: {reason}").format(reason=told[0]) if told else None

    def _got_more(
        self, snapshot: FetchedSnapshot, asked: Sequence[AskedRanking], gathered: Gathered, tree: Node | None
    ) -> bool:
        """Fetches what an answer lacked; False if it lacked nothing. The first ranking comes first: with enough moments
        in it, nothing that follows is needed."""
        lacked = snapshot.lacking()
        gathered.wants_likeliest = False
        for one in asked:
            if one.is_sentence and not (lacked.terms or lacked.runs) and (ranked := self._likeliest(one)) is not None:
                gathered.want_likeliest(ranked, one.most or 0)
        if asked and not asked[0].follows and self._got(asked[0].lacked, asked[:1], gathered, tree):
            return True
        return self._got(snapshot.lacking(), asked, gathered, tree)

    def _got(self, lacked: Lacking, asked: Sequence[AskedRanking], gathered: Gathered, tree: Node | None) -> bool:
        """Fetches what was lacked, and what some rankings depend on; False if that is nothing."""
        if lacked.terms or lacked.runs:
            self.words.learn_all(lacked.terms, lacked.runs)
            return True
        if lacked.sounds:
            gathered.fetch(sorted(lacked.sounds), (*COLUMNS, schema.SOUNDS))
            return True
        wanted = list(lacked.conditions)
        for one in asked:
            wanted += self._conditions(one, gathered)
        new = [condition for condition in dict.fromkeys(wanted) if condition not in gathered.complete]
        if new:
            asked_for = {one: self._for_regexes(tree) if one == EVERY and tree is not None else one for one in new}
            gathered.get_all(asked_for)
            return True
        if sum(self._got_likely(one, gathered) for one in asked):
            return True
        return any(one.is_sentence for one in asked) and gathered.get_likeliest()

    def _likeliest(self, asked: AskedRanking) -> Likeliest | None:
        """What ranks the episodes of running text (`search.retrieval.sentence_windows`); None if they cannot be ranked
        by the occurrences of words and runs alone."""
        if asked.plan.plan.filters:  # of which conditions may admit more
            return None
        plan, count = asked.plan, self.remote.episode_count
        weights = WeighedPlan(plan.weighing(shares := shares_of(plan))).term_weights
        terms = []
        for number, term in enumerate(plan.terms):
            if not weights[number] or not term.is_exact:
                continue
            way, *others = plan.plan.terms[number].alternatives
            if others or not isinstance(way.pattern, RunPattern | WordPattern):
                return None
            run = way.atoms if isinstance(way.pattern, RunPattern) else ("".join(way.atoms),)
            terms.append(Counted(run, shares[number] * bm25_weight(term.episodes, count) * (K1 + 1.0)))
        base = bm25_norm(0, 1.0)
        slope = bm25_norm(1, self.remote.total_atoms / max(1, count)) - base
        return Likeliest(tuple(terms), base, slope) if terms else None

    def _for_regexes(self, tree: Node) -> Condition:
        """The condition of the episodes in which the regular expressions of a query are looked up."""
        return fetch_conditions.of_regexes(tree, tests(tree, self.words), self._filters, self.words.folding)

    def _conditions(self, asked: AskedRanking, gathered: Gathered) -> Iterator[Condition]:
        """The conditions of episodes all of which a ranking depends on."""
        plan = asked.plan.plan
        filters = self._filters.all(plan.filters)
        if self.remote.has_titles and not plan.voices:
            yield fetch_conditions.of_titles(plan, self._filters)
        for term in plan.terms:
            if not term.is_exact and (ways := fetch_conditions.not_heard(term)) is not None:
                yield all_of((filters, fetch_conditions.of_term(ways)))
        if asked.is_sentence and gathered.likeliest is not None and not gathered.likeliest.are_too_many:
            return
        model = WeighedPlan(asked.plan)
        if asked.ranking is None or asked.most is None or (plan.is_exhaustive and not plan.is_plain):
            yield fetch_conditions.of_plan(plan, self._filters)
        elif plan.is_plain:
            if only_run(plan, model) is None:
                yield fetch_conditions.of_plan(plan, self._filters)
        elif not asked.follows:
            for number in model.wanted:
                term = plan.terms[number]
                if term.is_exact and self._is_read_whole(plan, number):
                    yield all_of((filters, fetch_conditions.of_term(term)))

    def _is_read_whole(self, plan: Plan, number: int) -> bool:
        """Whether a term is looked up in all episodes that have it, and not only where its bound is high."""
        term = plan.terms[number]
        if fetch_conditions.bound_of(term, 1.0) is None:
            return True
        runs = [way.pattern for way in term.alternatives if isinstance(way.pattern, RunPattern)]
        if len(runs) != 1 or len(runs[0].atoms) == 1:
            return False
        known = self.words.known_run(runs[0].atoms)
        return known is not None and known.episodes <= RARE

    def _got_likely(self, asked: AskedRanking, gathered: Gathered) -> bool:
        """Fetches the episodes that may have a better window than the worst of a ranking; False if there are none."""
        plan, ranking = asked.plan.plan, asked.ranking
        model = WeighedPlan(asked.plan)
        if ranking is None or asked.most is None or asked.follows or not model.wanted:
            return False
        run = only_run(plan, model)
        if plan.is_exhaustive and run is None:
            return False
        every = fetch_conditions.of_plan(plan, self._filters)
        if every in gathered.complete:
            return False
        filters = self._filters.all(plan.filters)
        whole = [window for window in ranking.windows if not window.damped]
        if run is not None:
            got = gathered.get_densest(
                run, filters, worst_peak(model, whole, asked.most, asked.snapshot.ids), asked.most
            )
        else:
            got = self._got_by_bound(plan, model, filters, whole, gathered)
        if got is None:  # no bound leaves enough of them out
            gathered.get_all({every: every})
            return True
        if not got and run is None and len(whole) < asked.most:
            heard = all_of((every, HasDamped()))
            if heard not in gathered.complete:
                gathered.get_all({heard: heard})
                return True
        return got

    def _got_by_bound(
        self, plan: Plan, model: WeighedPlan, filters: Condition, whole: Sequence[Window], gathered: Gathered
    ) -> bool | None:
        """Fetches the episodes next that may have a window among the best, of which the `whole` ones are known; False
        if there are none, None if too many passages may."""
        is_full = len(whole) >= model.most_windows
        if not is_full and gathered.bodies:
            return None
        floor = sorted((window.score for window in whole), reverse=True)[model.most_windows - 1] if is_full else None
        terms = [
            bound
            for number in model.wanted
            if plan.terms[number].is_exact
            and not self._is_read_whole(plan, number)
            and (bound := fetch_conditions.bound_of(plan.terms[number], model.term_weights[number])) is not None
        ]
        return gathered.get_likely(terms, model.total, filters, floor, model.most_windows) if terms else False


def _note(
    asked: list[AskedRanking],
    snapshot: FetchedSnapshot,
    plan: ResolvedPlan,
    ranking: Ranking | None,
    most: int | None,
    follows: bool,
) -> None:
    asked.append(AskedRanking(snapshot, plan, ranking, most, follows))
