"""Queries for a single run of atoms: their episodes can be fetched in the order of what they may score."""

from __future__ import annotations

from collections.abc import Sequence

from search.backends.remote import Peak
from search.query.plan import Plan
from search.retrieval.remote.selection.fetch_conditions import bound_of
from search.retrieval.scorer import WeighedPlan
from search.retrieval.windows import Window


def only_run(plan: Plan, weighed: WeighedPlan) -> tuple[str, ...] | None:
    """The run that a query of one thing alone looks for, if its episodes come in the order of what they can score."""
    if not plan.is_plain or len(weighed.wanted) != 1:
        return None
    (term,) = (plan.terms[number] for number in weighed.wanted)
    if len(term.alternatives) != 1 or bound_of(term, 1.0) is None:
        return None
    return term.alternatives[0].atoms


def worst_peak(weighed: WeighedPlan, whole: Sequence[Window], most: int, ids: Sequence[str]) -> Peak | None:
    """The worst of the `most` windows of one thing alone, of which the `whole` ones are known: its occurrences and its
    episode, of these `ids`. None if there are fewer. Equals are in the order of their episodes."""
    if len(whole) < most:
        return None
    worst = sorted(whole, key=lambda window: (-window.score, window.episode))[most - 1]
    return Peak(_least_count(weighed, worst.score), ids[worst.episode], "")


def _least_count(weighed: WeighedPlan, score: float) -> int:
    """The least number of occurrences of the only term in a window that scores at least `score`."""
    (number,) = weighed.wanted
    worth = weighed.term_weights[number]
    least = score * (1 - 1e-9)
    return max(1, next((count for count, share in enumerate(weighed.saturation) if worth * share >= least), 1))
