"""Terms without exact occurrences, and the expansions searched in their place, for a page in either language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from search.exploration.counting.function_words import FUNCTION_WORDS
from search.matching.terms import written

if TYPE_CHECKING:
    from search.retrieval.resolved_plan import ResolvedPlan

_MOST = 5
"""Substitutes of a term that are named."""


@dataclass(frozen=True, slots=True)
class Substitutes:
    """What stands for a term: (how it is alike, its text, its occurrences), and how many `more` there are."""

    term: str
    forms: Sequence[tuple[str, str, int]]
    more: int


def substitutes_of(plan: ResolvedPlan) -> list[Substitutes]:
    """Returns the substitutes of each term without an exact occurrence, unless part of a longer such term."""
    found = []
    for number in plan.replaced:
        term = plan.terms[number]
        counts: dict[tuple[str, str], int] = {}  # a word in one place may be a run of others elsewhere
        for form in chain.from_iterable(plan.terms[other].alternatives for other in plan.stand_ins[number]):
            name = form.how, written(form.atoms)
            counts[name] = counts.get(name, 0) + form.source.count
        forms = [(how, text, count) for (how, text), count in counts.items()]
        found.append(Substitutes(term.label, forms[:_MOST], max(0, len(forms) - _MOST)))
    return found


def nowhere_in(plan: ResolvedPlan) -> list[str]:
    """Returns the terms that do not occur in the index, nor anything that may stand for them.

    A longer text is left out if a part of it is looked for, too (`量子zzz` where there is 量子), and so is
    what is left of a sentence and is no word (都变了吗).
    """
    labels = [term.label for term in plan.terms if term.is_exact]
    return [
        term.label
        for number, term in enumerate(plan.terms)
        if term.is_exact
        and not term.weight  # few are left to be counted: a term that occurs has a weight
        and number not in plan.stand_ins
        and number not in plan.excluded
        and not any(other != term.label and other in term.label for other in labels)
        and (term.label.isascii() or FUNCTION_WORDS.isdisjoint(term.label))
        and not term.count
    ]
