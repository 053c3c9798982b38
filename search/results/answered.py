"""Decides whether the moments shown answer a question in its own words: then there is no need to report what else was
looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from search.retrieval.resolved_plan import is_part

if TYPE_CHECKING:
    from search.api import Moment
    from search.retrieval.resolved_plan import ResolvedPlan

_OWN = frozenset(("exact", "number", "alias", "meaning", "unquoted"))
"""The ways to match that have no part of a term changed."""
_LEAST = 0.4
"""Share of the characters and Latin words of a question that the best moment has exactly. Of 15 questions and titles of
`bench/questions.tsv` over real lectures and talks of which a piece is nowhere and no guess is shown, 9 reach it: the
right moment is the first in 6 of these, and in 2 more among the first five. Of the others it is the first in 2 of 6."""


def is_answered(made: ResolvedPlan, moments: Sequence[Moment]) -> bool:
    """True for a question or a sentence whose best moment has much of it exactly, and of whose guesses none is in a
    moment. Who types a few words wants to know which is nowhere; of a sentence, it is often no more than a wrong cut
    between two words."""
    if not moments or not made.plan.may_be_sentence:
        return False
    if any(match.how not in _OWN for moment in moments for match in moment.matches):
        return False
    found = {match.term for match in moments[0].matches}
    runs = {term.alternatives[0].atoms for term in made.terms[: len(made.shares)] if term.label in found}
    whole = [run for run in runs if not any(is_part(run, other) for other in runs)]
    return sum(map(len, whole)) >= _LEAST * sum(map(len, made.texts))
