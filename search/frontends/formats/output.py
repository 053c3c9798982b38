"""How a query was understood, as lines for people; the caller prints them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from search.frontends.formats import text
from search.frontends.formats.display import clean
from search.matching.terms import written

if TYPE_CHECKING:
    from search.query.syntax import Node
    from search.retrieval.resolved import ResolvedPlan

_MOST_INSTEAD = 5
"""Expansions of a term that are named."""


def plan(tree: Node, made: ResolvedPlan) -> Iterator[str]:
    """How a query was understood: its tree, each term with its weight and counts, and its expansions."""
    return map(clean, _plan(tree, made))


def _plan(tree: Node, made: ResolvedPlan) -> Iterator[str]:
    yield f"query  {tree}"
    for number, term in enumerate(made.terms):
        if not term.is_exact:
            continue
        share = "excluded" if number in made.excluded else f"weight {term.weight:.3f}"
        yield f"term   {term.label}  {share}, {term.count:,} times in {len(term.counts):,} episodes"
        for other in made.stand_ins.get(number, ()):
            stand_in = made.terms[other]
            backed = ", beside another term" if stand_in.backed else ""
            for form in stand_in.alternatives:
                what = f"{form.how} {written(form.atoms)}"
                yield f"  or   {what}  weight {stand_in.weight:.3f}, {form.source.count:,} times{backed}"


def instead(made: ResolvedPlan) -> Iterator[str]:
    """One line for each term with no exact occurrence: what was searched instead."""
    for number, term in enumerate(made.terms):
        if number not in made.stand_ins or term.count:
            continue
        counts: dict[str, int] = {}  # a word in one place may be a run of others elsewhere
        for form in chain.from_iterable(made.terms[other].alternatives for other in made.stand_ins[number]):
            name = f"{text.HOW[form.how]} {written(form.atoms)}"
            counts[name] = counts.get(name, 0) + form.source.count
        listed = "、".join(f"{name} ({count})" for name, count in islice(counts.items(), _MOST_INSTEAD))
        more = f" and {len(counts) - _MOST_INSTEAD} more" if len(counts) > _MOST_INSTEAD else ""
        yield clean(f"{term.label} is nowhere exactly; looked for {listed}{more}")
