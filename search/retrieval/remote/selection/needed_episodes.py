"""Which episodes of a remote index the rankings of an answer depend on."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from functools import cached_property

from indexer.core.named_tuples import NamedTuple
from search.backends.conditions import Condition, Holds, all_of
from search.backends.remote import Counted, Likeliest, RemoteIndex
from search.matching.terms import RunPattern, WordPattern
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Plan, Some
from search.retrieval.moments import FIRST_PAGE, MORE, Ranking
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.fetching.likeliest_episodes import LikeliestEpisodes
from search.retrieval.remote.selection import fetch_conditions
from search.retrieval.remote.selection.one_run import only_run
from search.retrieval.remote.snapshots.fetched_snapshot import FetchedSnapshot
from search.retrieval.resolved_plan import ResolvedPlan, ResolvedTerm
from search.retrieval.scorer import WeighedPlan
from search.retrieval.sentences.rerank_sentences import shares_of
from search.retrieval.windows import Window
from search.scoring import K1, bm25_norm, bm25_weight

RARE = 60
"""A run in at most so many episodes is read in all of them: its first atom says little of where it may be."""
TIMED_AT_ONCE = 500
"""Where a condition is met in at most so many episodes, these are fetched with their clocks: few would be left out."""
_MOST_RARE = 200
"""So many episodes with rare runs are fetched with their clocks."""
_MOST = 0.5
"""The part of all episodes in which a term is that a ranking needs most of."""


class BestWindows(NamedTuple):
    """How many windows are wanted, the best by their own score, and the score that others must reach to matter; None
    while these are too few."""

    most: int
    floor: float | None


class AskedRanking:
    """A ranking that an answer is made of (`search.searcher.Note`), and what the snapshot had lacked by then."""

    def __init__(
        self, snapshot: FetchedSnapshot, plan: ResolvedPlan, ranking: Ranking | None, most: int | None, follows: bool
    ) -> None:
        self.snapshot = snapshot
        self.lacked = snapshot.lacking()
        self.plan, self.ranking, self.most, self.follows = plan, ranking, most, follows
        self.is_sentence = ranking is None and most is not None

    @cached_property
    def weighed(self) -> WeighedPlan:
        """How its terms weigh."""
        return WeighedPlan(self.plan)

    @property
    def most_whole(self) -> float:
        """The most moments that may meet its condition, or have all of its words, by how often its terms are said."""
        if self.plan.need is not None:
            return most_of(self.plan.need, self.plan, lambda term: term.count)
        terms = (self.plan.terms[number] for number in self.weighed.wanted)
        return min((term.count for term in terms if term.is_exact), default=math.inf)

    @property
    def ranked(self) -> Sequence[Window]:
        """Its windows, best first, if these were put in order."""
        scored = self.ranking.scored if self.ranking is not None and self.ranking.is_scored else ()
        return [one.window for one in scored[: self.most]]

    @property
    def undamped(self) -> Sequence[Window]:
        """The windows with the full score that are not damped."""
        return [window for window in self.ranking.windows if not window.damped] if self.ranking is not None else ()

    @property
    def best(self) -> BestWindows:
        """Of those that get the full score."""
        most, scores = self.weighed.most_windows, sorted((window.score for window in self.undamped), reverse=True)
        return BestWindows(most, scores[most - 1] if len(scores) >= most else None)

    @property
    def further(self) -> BestWindows | None:
        """Of these and of those beyond, of which more moments were made; None if none were. Of what is beyond, what
        scores less than the last one that was taken for a moment matters no more, however many are known."""
        further = self.ranking.further if self.ranking is not None else None
        if further is None or not further.most:
            return None
        floor, least = self.best.floor, further.least
        return BestWindows(further.most, None if floor is None or not least else min(floor, least))

    @property
    def most_windows(self) -> int:
        """How many windows are probably wanted."""
        return self.further.most if self.is_long and self.further else self.weighed.most_windows

    @property
    def is_long(self) -> bool:
        """Whether windows with the full score give surely fewer moments than are wanted."""
        return self.most is not None and self.most > MORE * self.weighed.most_windows

    @property
    def wants_damped(self) -> bool:
        """Whether windows that are only in loops were made into moments, or would be."""
        further = self.ranking.further if self.ranking is not None else None
        if further is not None and further.wants_damped:
            return True
        return self.most is not None and len(self.undamped) < min(self.most, MORE * FIRST_PAGE)


class NeededEpisodes:
    """Tells for one state of a remote index; threads may share it."""

    def __init__(self, remote: RemoteIndex, words: KnownWords, filters: fetch_conditions.Filters) -> None:
        self._remote = remote
        self._words = words
        self._filters = filters

    def conditions(self, asked: AskedRanking, likeliest: LikeliestEpisodes | None) -> Iterator[Condition]:
        """The conditions of episodes all of which a ranking depends on; running text rather on the `likeliest` ones."""
        plan = asked.plan.plan
        filters = self._filters.all(plan.filters)
        if self._remote.has_titles and not plan.voices:
            yield fetch_conditions.of_titles(plan, self._filters)
        for term in plan.terms:
            if not term.is_exact and (said := fetch_conditions.not_heard(term)).alternatives:
                yield all_of((filters, fetch_conditions.of_term(said)))
        if asked.is_sentence and likeliest is not None and not likeliest.are_too_many:
            return
        weighed = asked.weighed
        if asked.ranking is None or asked.most is None or (plan.is_exhaustive and not plan.is_plain):
            yield fetch_conditions.of_plan(plan, self._filters)
        elif plan.is_plain:
            if only_run(plan, weighed) is None:
                yield fetch_conditions.of_plan(plan, self._filters)
        elif not asked.follows:
            for number in weighed.wanted:
                term = plan.terms[number]
                if term.is_exact and self.is_read_whole(plan, number):
                    yield all_of((filters, fetch_conditions.of_term(term)))

    def is_read_whole(self, plan: Plan, number: int) -> bool:
        """Whether a term is looked up in all episodes that have it, and not only where its bound is high."""
        term = plan.terms[number]
        if fetch_conditions.bound_of(term, 1.0) is None:
            return True
        runs = [way.pattern for way in term.alternatives if isinstance(way.pattern, RunPattern)]
        if len(runs) != 1 or len(runs[0].atoms) == 1:
            return False
        if plan.is_long_text and self._remote.has_decks:  # of which passages name the pairs
            return False
        known = self._words.known_run(runs[0].atoms)
        return known is not None and known.episodes <= RARE

    def are_rare(self, conditions: Sequence[Condition]) -> bool:
        """Whether few episodes have one of some runs: their clocks are not worth another request."""
        known = [self._words.known_run(one.run) if isinstance(one, Holds) else None for one in conditions]
        return sum(math.inf if one is None else one.episodes for one in known) <= _MOST_RARE

    def has_bounds(self, asked: AskedRanking) -> bool:
        """Whether a ranking looks at the times of few episodes: not of running text, of whose many words some are
        nearly everywhere."""
        plan = asked.plan.plan
        if asked.ranking is None or asked.most is None:
            return False
        if plan.is_plain or not plan.is_exhaustive:
            return True
        if plan.need is None or plan.most_moments is not None:
            return False
        return TIMED_AT_ONCE < most_of(plan.need, asked.plan, lambda term: term.episodes * term.is_exact) < math.inf

    def are_most(self, several: Sequence[AskedRanking]) -> bool:
        """Whether a ranking needs most episodes of a small index, for one of its terms is in so many."""
        least = _MOST * self._remote.episode_count
        return any(
            only_run(one.plan.plan, one.weighed) is None
            and any(term.is_exact and term.episodes >= least for term in one.plan.terms)
            for one in several
        )

    def likeliest(self, asked: AskedRanking) -> Likeliest | None:
        """What ranks the episodes of running text (`search.retrieval.sentences.sentence_windows`); None for any other
        query, and if they cannot be ranked by the occurrences of words and runs alone."""
        if not asked.is_sentence or not self._filters.are_exact(asked.plan.plan.filters):
            return None
        plan, count = asked.plan, self._remote.episode_count
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
        slope = bm25_norm(1, self._remote.total_atoms / max(1, count)) - base
        condition = self._filters.all(plan.plan.filters)
        return Likeliest(tuple(terms), base, slope, asked.most or 0, condition) if terms else None


def ranked_parts(several: Iterable[AskedRanking], but: Collection[str]) -> dict[str, Set[str]]:
    """The keys of the episodes of the windows of some rankings, best first, with the text parts of each that these
    would show; none where they are not known, or it is here whole. Without some keys."""
    found: dict[str, Set[str]] = {}
    for one in several:
        for window in one.ranked:
            key = one.snapshot.key(window.episode)
            if key not in but:
                parts = one.snapshot.parts_around(window.episode, window.hits[0][0], window.hits[-1][0])
                found[key] = found.get(key, frozenset()) | parts
    return found


def most_of(need: Need, plan: ResolvedPlan, amount: Callable[[ResolvedTerm], int]) -> float:
    """The most moments or episodes that may meet a need, by this amount of each of its terms; infinite if it wants none
    of them."""
    match need:
        case Has(numbers):
            return sum(amount(plan.terms[number]) for number in numbers)
        case Some(needs):
            return sum(most_of(one, plan, amount) for one in needs)
        case Every(needs):
            return min((most_of(one, plan, amount) for one in needs), default=math.inf)
        case HasNear(left, right):
            return min(most_of(left, plan, amount), most_of(right, plan, amount))
        case Lacks() | Passes():
            return math.inf
