"""Which episodes whose times are not at hand may have one of the best windows of a query with a condition.

Every occurrence is in some window of such a query, so a ranking would read the times of every episode, which of a
cluster have to be fetched. Such episodes are set apart. What their windows can score at most follows from positions: a
window has the hits of one group, and no group extends over more atoms than `group_atoms`, whatever the times. Only of
episodes that may compete by this are the times asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from indexer.core.named_tuples import NamedTuple
from search.retrieval.conditions.near_chains import near_hits
from search.retrieval.conditions.rewrite import flattened
from search.retrieval.exhaustive import hits_near_required, possible
from search.retrieval.expansion_hits import allowed
from search.retrieval.pruning.closeness import BESIDE, closeness_of
from search.retrieval.rerank import Evidence
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, group_atoms, slide
from search.scoring import count_gains, window_score

FIRST_TIMED = 200
"""Until the times of so many episodes are known, those of so many are asked for at once, the likeliest: without these
the worst of the best windows says little."""


class _Bounded(NamedTuple):
    """What the windows of an episode can score at most, and whether one may have all of the query exactly."""

    most: float
    episode: int
    may_be_whole: bool


class UntimedEpisodes:
    """Episodes whose times are not at hand, set apart from the candidates of a scorer."""

    def __init__(self, scorer: Scorer, evidence: Evidence, episodes: Sequence[int]) -> None:
        self._scorer = scorer
        self._evidence = evidence
        self._episodes = episodes
        terms, weights = scorer.plan.terms, scorer.term_weights
        self._longest = max((way.source.length for term in terms for way in term.alternatives), default=1)
        by_weight = sorted(scorer.wanted, key=lambda number: -weights[number])
        self._ranks = {number: rank for rank, number in enumerate(by_weight)}
        self._weights = [weights[number] for number in by_weight]
        # In the wider context a term and what stands for it count as one thing.
        forms: dict[int, int] = {}
        meant = {n: n if (other := terms[n].stands_for) is None else other for n in by_weight}
        self._forms = {number: forms.setdefault(meant[number], len(forms)) for number in by_weight}
        self._form_weights = [0.0] * len(forms)
        for number, form in self._forms.items():
            self._form_weights[form] = max(self._form_weights[form], weights[number])

    def ask(self, floor: float, least_whole: float) -> None:
        """Asks for the times of those of which a window may score as much as `floor`, the worst of the best (minus
        infinity while there are too few); or that may have a window with all of the query exactly, where it matters
        whether one scores less than `least_whole`."""
        is_settled = least_whole < floor or (least_whole == floor and not self._scorer.plan.stand_ins)
        found = [one for one in self._bounded if one.most >= floor - BESIDE or (one.may_be_whole and not is_settled)]
        known = len(self._scorer.candidates)
        for one in found if known >= FIRST_TIMED else found[:FIRST_TIMED]:
            self._scorer.snapshot.times(one.episode)

    @cached_property
    def _bounded(self) -> list[_Bounded]:
        """Those that may have any window, best first."""
        scorer, need = self._scorer, self._scorer.plan.need
        assert need is not None
        episodes = possible(need, scorer.plan.terms, self._episodes, scorer.passes)
        found = filter(None, map(self._bound, scorer.deadline.within(episodes)))
        return sorted(found, key=lambda one: (-one.most, one.episode))

    def _bound(self, episode: int) -> _Bounded | None:
        scorer, evidence, weights = self._scorer, self._evidence, self._scorer.weights
        hits = self._bearing(episode)
        if not hits:
            return None
        places, longest = [hit[0] for hit in hits], self._longest
        most, is_whole = 0.0, False
        for begin, end in _widest(places, group_atoms(weights)):
            near = hits[begin:end]
            close = closeness_of(
                places[begin:end], [self._ranks[hit[1]] for hit in near], self._weights, weights.closeness_atoms
            )
            score = self._score(near) + weights.closeness * close
            most = max(most, score + evidence.characters(episode, places[begin], places[end - 1] + longest))
            is_whole = is_whole or scorer.is_whole(Window(episode, tuple(near), 0.0))
        beside = evidence.most_beside(episode) - evidence.most_characters
        return _Bounded(most + beside + self._most_context(episode), episode, is_whole)

    def _bearing(self, episode: int) -> Sequence[Hit]:
        """The hits by which an episode may meet the need, as far as positions tell, in order."""
        scorer, plan = self._scorer, self._scorer.plan
        assert plan.need is not None
        hits = hits_near_required(scorer, episode)
        if plan.stand_ins:
            hits = [hits[index] for index in allowed(hits, [0] * len(hits), plan.terms, scorer.span)]
        times = scorer.snapshot.bounding_times(episode)
        near = near_hits(flattened(plan.need), hits, plan.terms, times, scorer.span)
        return [hit for hit in (hits if near is None else near) if hit[1] in self._ranks]

    def _score(self, hits: Sequence[Hit]) -> float:
        """The most that a window with some of the hits can score itself."""
        scorer = self._scorer
        gains = count_gains(scorer.weights)
        # Also what stands for a term beside it: where times go back, a window may have both.
        windows = slide(hits, [0] * len(hits), scorer.span, scorer.term_weights, gains, scorer.total)
        return max(score for score, _, _ in windows)

    def _most_context(self, episode: int) -> float:
        """The most that the wider context can add."""
        scorer, counts = self._scorer, [0] * len(self._form_weights)
        for number, form in self._forms.items():
            counts[form] += scorer.plan.terms[number].counts.get(episode, 0)
        return scorer.weights.context * window_score(counts, self._form_weights, scorer.total, scorer.weights)


def _widest(places: Sequence[int], atoms: int) -> Iterator[tuple[int, int]]:
    """(begin, end) of the ascending places that are at most so many atoms apart, none of them within another.

    >>> list(_widest([0, 5, 9, 30], 9))
    [(0, 3), (3, 4)]
    """
    reached = 0
    for begin, place in enumerate(places):
        end = bisect_right(places, place + atoms, begin)
        if end > reached:
            yield begin, end
            reached = end
