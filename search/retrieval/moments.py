"""Finds moments: scored windows over the hits of episodes, kept apart.

Windows are not indexed. There are two ways to choose them: a ranked query takes the best windows and drops their
neighbours (`search.retrieval.pruning.top_k`); an exhaustive query (a phrase, an operator, a single word) puts every
occurrence into exactly one moment (`search.retrieval.exhaustive`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from heapq import heapify, heappop, heappush, heappushpop
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from search.query.deadline import Deadline
from search.retrieval.rerank import Evidence, Found, Scored, apart, not_above
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window
from search.scoring import WEIGHTS, Weights

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.pruning.further_windows import FurtherWindows
    from search.retrieval.pruning.untimed_episodes import UntimedEpisodes

MORE = 2
"""Windows searched in the first round, as a multiple of the moments requested."""
_AT_LEAST = 50
"""Windows found at once for an exhaustive query; nearby ones are merged later."""
FIRST_PAGE = 10
"""Moments on a first page. A longer list begins with the same ones."""
_LESS = 1e-9
"""More than the rounding errors of a score."""


class Ranking:
    """Moments, best first; ties are ordered by episode and time. Full scores are computed only when something needs
    them, because a question often ends up with a better ranking, or needs expansions in any case.

    `is_complete` is False if there may be more moments than `found` yields. `windows` are those that get a full score;
    `total` is the weight of the whole query with which they were chosen. `hits` returns the hits by which an episode
    meets the condition of the query; None if these are the hits of the windows.
    """

    def __init__(
        self,
        scorer: Scorer,
        evidence: Evidence,
        windows: list[Window],
        is_complete: bool,
        known: tuple[Sequence[Scored], float] | None = None,
        hits: Callable[[int], Sequence[Hit]] | None = None,
        exact: Ranking | None = None,
        before: Sequence[Scored] = (),
    ) -> None:
        """`known` are `scored` and `least_whole`, where the caller has computed them already. `exact` is the ranking of
        the same query without expansions, if these windows were made from it. `before` are windows to list before all
        others (`find_moments`)."""
        self._scorer = scorer
        self._evidence = evidence
        self.windows = windows
        self.is_complete = is_complete
        self.total = scorer.total
        self.hits = hits
        self.exact = exact
        self._before = before
        if known is not None:
            self.scored, self.least_whole = known

    @property
    def is_scored(self) -> bool:
        """True once the full scores have been computed."""
        return "scored" in vars(self)

    @property
    def found(self) -> Iterator[Found]:
        """The moments of the windows with a full score, from the first on."""
        found, most = self.placed(self.scored), self._scorer.plan.most_moments
        if most is None:
            return found
        from search.retrieval.different_texts import of_different_texts

        return of_different_texts(found, most, self._scorer.term_weights)

    def placed(self, scored: Iterable[Scored]) -> Iterator[Found]:
        """Yields the moments of windows, best first, each with the time at which to start playback."""
        timed = (Found(one, self._evidence.start(one.window)) for one in scored)
        return timed if self._scorer.plan.is_exhaustive else apart(timed, self._scorer.apart_ms)

    @cached_property
    def further(self) -> FurtherWindows | None:
        """The windows that come after those with a full score; None unless the query is of several plain words."""
        if self._scorer.plan.is_exhaustive or self._scorer.plan.most_moments is not None:
            return None
        from search.retrieval.pruning.further_windows import FurtherWindows  # late: most searches have enough without

        return FurtherWindows(self._scorer, self.windows, self.exact.further if self.exact is not None else None)

    def with_further(self, moments: int, first: int = 0) -> Iterator[Scored]:
        """Yields `scored[first:]`, then as many further windows as it takes to make `moments` moments."""
        yield from self.scored[first:]
        if self.further is not None:
            yield from self.further.scored(moments, self.scored[-1].score if self.scored else math.inf)

    def before_expansions(self, moments: int) -> Iterator[Scored]:
        """Yields the windows that come before any with an expansion, as many as it takes to make `moments` moments."""
        least = self.least_whole
        for one in self.scored:
            if one.score < least:
                return
            yield one
        further = self.with_further(moments, len(self.scored))
        yield from takewhile(lambda one: is_sound(self._scorer, one.window), further)

    @cached_property
    def has_whole(self) -> bool:
        """True if an undamped moment has all of the query exactly."""
        return any(is_sound(self._scorer, window) for window in self.windows)

    @cached_property
    def least_whole(self) -> float:
        """The lowest score of such a moment: no moment that depends on an expansion comes before it."""
        return least_whole(self._scorer, self._with_scores) if self.has_whole else math.inf

    @cached_property
    def scored(self) -> Sequence[Scored]:
        """All windows with their full scores in order, before any is dropped as a neighbour of a better one."""
        scored = in_order(self._scorer, self._with_scores, self.least_whole)
        if not self._before:
            return scored
        worst = self._before[-1].score
        return [*self._before, *(not_above(one, worst) for one in scored)]

    def best(self, most: int) -> Sequence[Scored]:
        """The first `most` of `scored`, found without reading the context of windows that cannot be among them."""
        if self.has_whole or self._scorer.plan.is_single or self.is_scored:
            return self.scored[:most]
        evidence, best = self._evidence, list[Scored]()
        beside = list(map(evidence.beside, self.windows))
        likely = [(-evidence.most(*each), at) for at, each in enumerate(zip(self.windows, beside, strict=True))]
        heapify(likely)
        floor: list[float] = []
        while likely and (len(floor) < most or -likely[0][0] > floor[0] - _LESS):
            _, at = heappop(likely)
            best.append(evidence.with_context(self.windows[at], beside[at]))
            (heappush if len(floor) < most else heappushpop)(floor, best[-1].score)
        return in_order(self._scorer, best, math.inf)[:most]

    @cached_property
    def _with_scores(self) -> list[Scored]:
        return _scored(self._scorer, self._evidence, self.windows)


class NotedRanking(NamedTuple):
    """A ranking that contributes to an answer, its plan, and how many windows are `wanted` of it (None: all).

    Without a `ranking`, all episodes with a word of the plan compete or, if a number is `wanted` (for running text),
    that many episodes with the highest BM25. A ranking that `follows` only adds expansions to an earlier one.
    """

    plan: ResolvedPlan
    ranking: Ranking | None = None
    wanted: int | None = None
    follows: bool = False


def find_moments(
    plan: ResolvedPlan,
    snapshot: Snapshot,
    most: int | None = None,
    weights: Weights = WEIGHTS,
    exact: Ranking | None = None,
    before: Sequence[Scored] = (),
    deadline: Deadline | None = None,
) -> Ranking:
    """Returns the moments of a plan: all of them, or about the `most` best; if the `deadline` passes, the best of those
    found by then.

    `exact` is the ranking of the same query without expansions, if the caller has it: then only what the expansions add
    is searched for. `before` are the windows of `exact` that come before all others, because they fill a first page
    without expansions.

    With a limit, a ranked query yields its best candidates, a few hundred at most (`Ranking.further` has the others);
    of the exhaustive queries, only a single word or phrase is ever cut short.
    """
    scorer = Scorer(plan, snapshot, weights, deadline)
    evidence = Evidence(scorer)
    if exact is not None and not exact.total:
        exact = None
    if most is not None and plan.need is not None and not plan.is_plain:
        return _best_of_need(scorer, evidence, max(most, _AT_LEAST))
    if plan.is_exhaustive:
        from search.retrieval.exhaustive import exhaustive_windows  # late: a ranked query has no use for it

        return Ranking(scorer, evidence, *exhaustive_windows(scorer, most if plan.is_plain else None))
    return Ranking(scorer, evidence, *_ranked_windows(scorer, most, exact), exact=exact, before=before)


def _best_of_need(scorer: Scorer, evidence: Evidence, most: int) -> Ranking:
    """The `most` best moments of a query with a condition, or all of them."""
    untimed = scorer.snapshot.untimed(scorer.candidates) if scorer.plan.most_moments is None else ()
    if not untimed:
        return _best_of_timed(scorer, evidence, most)
    from search.retrieval.pruning.untimed_episodes import UntimedEpisodes

    others, apart = UntimedEpisodes(scorer, evidence, untimed), set(untimed)
    scorer.candidates = [episode for episode in scorer.candidates if episode not in apart]
    return _beside_untimed(scorer, evidence, _best_of_timed(scorer, evidence, most), others, most)


def _best_of_timed(scorer: Scorer, evidence: Evidence, most: int) -> Ranking:
    if scorer.plan.stand_ins:
        from search.retrieval.exhaustive import exhaustive_windows

        return Ranking(scorer, evidence, *exhaustive_windows(scorer, None))
    from search.retrieval.pruning.best_groups import best_groups

    groups = best_groups(scorer, evidence, most)
    least = least_whole(scorer, groups.scored)
    if groups.has_whole:
        least = min(least, groups.floor)
    ranked = in_order(scorer, groups.scored, least)
    # A window that was not looked at may be better than what follows.
    scored = ranked if groups.is_complete else ranked[:most]
    windows = [one.window for one in groups.scored]
    return Ranking(scorer, evidence, windows, groups.is_complete, (scored, least), groups.hits)


def _beside_untimed(
    scorer: Scorer, evidence: Evidence, ranking: Ranking, others: UntimedEpisodes, most: int
) -> Ranking:
    """The ranking of the episodes whose times are known. Then asks for the times of those `others` that may have one of
    its moments; if there are any, this ranking is not the final one."""
    scored, least, hits = ranking.scored, ranking.least_whole, ranking.hits
    if hits is None:
        from search.retrieval.exhaustive import bearing_of

        hits = partial(bearing_of, scorer)
    is_complete, floor = len(scored) < most, -math.inf
    if not is_complete:
        worst = scored[most - 1]
        floor = min(worst.score, least) if scorer.has_stand_in(worst.window) else worst.score
    others.ask(floor, least)
    return Ranking(scorer, evidence, ranking.windows, is_complete, (scored[:most], least), hits)


def _ranked_windows(scorer: Scorer, most: int | None, exact: Ranking | None) -> tuple[list[Window], bool]:
    """The windows that get a full score, and whether there are no others."""
    from search.retrieval.pruning.top_k import all_windows, are_cut, best_windows, damped_windows, with_stand_ins

    if most is None:
        return [*all_windows(scorer), *damped_windows(scorer)], True
    if exact is not None:
        # A word that occurs only as an expansion has a weight now, so every window covers a smaller share of the query.
        share = exact.total / scorer.total
        known = [window._replace(score=window.score * share) for window in exact.windows]
        windows = with_stand_ins(scorer, known)
        return windows, exact.is_complete and not are_cut(scorer, windows)
    windows = best_windows(scorer)
    if len(windows) >= min(most, MORE * FIRST_PAGE):
        return windows, False
    return [*windows, *damped_windows(scorer)], not are_cut(scorer, windows)


def least_whole(scorer: Scorer, scored: Iterable[Scored]) -> float:
    """The lowest score of an undamped window with all of the query exactly."""
    return min((one.score for one in scored if is_sound(scorer, one.window)), default=math.inf)


def is_sound(scorer: Scorer, window: Window) -> bool:
    """True for a window with all terms exactly, and not only in a loop."""
    return not window.damped and scorer.is_whole(window)


def in_order(scorer: Scorer, scored: Sequence[Scored], least_whole: float) -> list[Scored]:
    """The windows by full score, best first.

    Windows with all terms exactly come before any that depends on an expansion, whatever the scores.
    """
    places = []
    for one in scored:
        needs_stand_in = scorer.has_stand_in(one.window)
        place = min(one.score, least_whole) if needs_stand_in else one.score
        places.append((-place, needs_stand_in, one.window.episode, one.window.hits[0], one))
    places.sort(key=lambda place: place[:4])
    return [place[4] for place in places]


def _scored(scorer: Scorer, evidence: Evidence, windows: list[Window]) -> list[Scored]:
    """The windows with their full score; if time runs out, at least the most promising ones."""
    surely = scorer.weights.candidates
    if len(windows) <= surely:
        return list(map(evidence.score, windows))
    windows.sort(key=lambda window: -window.score)
    scored = list(map(evidence.score, windows[:surely]))
    scored += map(evidence.score, scorer.deadline.within(islice(windows, surely, None)))
    return scored
