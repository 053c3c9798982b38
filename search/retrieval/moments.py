"""Finds moments: scored windows over the hits of episodes, kept apart.

Windows are not indexed. There are two ways to choose them: a ranked query takes the best windows and drops their
neighbours (`search.retrieval.pruning.top_k`); an exhaustive query (a phrase, an operator, a single word) puts every
occurrence into exactly one moment (`search.retrieval.exhaustive`).
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from search.query.deadline import Deadline
from search.retrieval.query_weights import Model
from search.retrieval.ranking import FIRST_PAGE, Ranking, in_order, least_whole
from search.retrieval.rerank import Evidence
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.windows import Window
from search.scoring import WEIGHTS, Weights

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.query.plan import Plan
    from search.retrieval.pruning.untimed_episodes import UntimedEpisodes

MORE = 2
"""Windows searched in the first round, as a multiple of the moments requested."""
_AT_LEAST = 50
"""Windows found at once for an exhaustive query; nearby ones are merged later."""


def find_moments(
    plan: ResolvedPlan,
    snapshot: Snapshot,
    most: int | None = None,
    weights: Weights = WEIGHTS,
    exact: Ranking | None = None,
    deadline: Deadline | None = None,
) -> Ranking:
    """The moments of a plan: all of them, or about `most` of the best; once the `deadline` is over, the best of those
    that were found.

    `exact` is the ranking of the same query without stand-ins, if that is known: then only what they add is sought.

    A ranked query then yields its best candidates, a few hundred at most (`Ranking.further` has the others); of an
    exhaustive one only a word or phrase alone is ever cut short.
    """
    model = Model(plan, snapshot, weights, deadline)
    evidence = Evidence(model)
    if exact is not None and not exact.total:
        exact = None
    if most is not None and plan.need is not None and not plan.is_plain:
        return _best_of_need(model, evidence, max(most, _AT_LEAST))
    if plan.is_exhaustive:
        return Ranking(model, evidence, *_exhaustive_windows(model, most if plan.is_plain else None))
    return Ranking(model, evidence, *_ranked_windows(model, most, exact), exact=exact)


def _best_of_need(model: Model, evidence: Evidence, most: int) -> Ranking:
    """The `most` best moments of a query with a condition, or all of them."""
    untimed = model.snapshot.untimed(model.candidates) if model.plan.most_moments is None else ()
    if not untimed:
        return _best_of_timed(model, evidence, most)
    from search.retrieval.pruning.untimed_episodes import UntimedEpisodes

    others, apart = UntimedEpisodes(model, evidence, untimed), set(untimed)
    model.candidates = [episode for episode in model.candidates if episode not in apart]
    return _beside_untimed(model, evidence, _best_of_timed(model, evidence, most), others, most)


def _best_of_timed(model: Model, evidence: Evidence, most: int) -> Ranking:
    if model.plan.stand_ins:
        return Ranking(model, evidence, *_exhaustive_windows(model, None))
    from search.retrieval.pruning.best_groups import best_groups

    groups = best_groups(model, evidence, most)
    least = least_whole(model, groups.scored)
    if groups.has_whole:
        least = min(least, groups.floor)
    ranked = in_order(model, groups.scored, least)
    # Another may be better than what follows.
    scored = ranked if groups.is_complete else ranked[:most]
    windows = [one.window for one in groups.scored]
    return Ranking(model, evidence, windows, groups.is_complete, (scored, least), groups.hits)


def _beside_untimed(model: Model, evidence: Evidence, ranking: Ranking, others: UntimedEpisodes, most: int) -> Ranking:
    """The moments in the episodes whose times are known. The `others` have none of these, or have their times asked
    for: then this is no ranking of all."""
    scored, least, hits = ranking.scored, ranking.least_whole, ranking.hits
    if hits is None:
        from search.retrieval.exhaustive import bearing_of

        hits = partial(bearing_of, model)
    is_complete, floor = len(scored) < most, -math.inf
    if not is_complete:
        worst = scored[most - 1]
        floor = min(worst.score, least) if model.has_stand_in(worst.window) else worst.score
    others.ask(floor, least)
    return Ranking(model, evidence, ranking.windows, is_complete, (scored[:most], least), hits)


def _exhaustive_windows(model: Model, most: int | None) -> tuple[list[Window], bool]:
    """The windows with every occurrence, or the `most` densest of a single term; and whether these are all."""
    from search.retrieval.exhaustive import densest_windows, every_window  # late: a ranked query has no use for it

    windows = [] if most is None else densest_windows(model, most)
    if most is None or (len(windows) < most and _is_any_damped(model)):
        return list(every_window(model)), True
    return windows, len(windows) < most


def _is_any_damped(model: Model) -> bool:
    """True if an episode with a term of the query has loops or stock lines."""
    having = set[int]().union(*(model.plan.terms[number].counts for number in model.wanted))
    return any(map(model.snapshot.damped, having.intersection(model.candidates)))


def _ranked_windows(model: Model, most: int | None, exact: Ranking | None) -> tuple[list[Window], bool]:
    """The windows that get the full score, and whether these are all."""
    from search.retrieval.pruning.top_k import all_windows, are_cut, best_windows, damped_windows, with_stand_ins

    if most is None:
        return [*all_windows(model), *damped_windows(model)], True
    if exact is not None:
        # A word that is said only in other words has a weight now, and every window covers less of the query.
        share = exact.total / model.total
        known = [window._replace(score=window.score * share) for window in exact.windows]
        windows = with_stand_ins(model, known)
        return windows, exact.is_complete and not are_cut(model, windows)
    windows = best_windows(model)
    if len(windows) >= min(most, MORE * FIRST_PAGE):
        return windows, False
    return [*windows, *damped_windows(model)], not are_cut(model, windows)


def may_be_sentence(plan: Plan) -> bool:
    """True for a query with a long run of text, or a question with spaces, and without a condition."""
    if plan.need is not None or plan.most_moments is not None:
        return False
    if plan.is_long_text:
        return True
    if sum(map(len, plan.texts)) < 4 or not any(text[0].isascii() for text in plan.texts):
        return False
    from search.retrieval.sentences.running_text import asked_text

    return bool(asked_text(plan.texts))
