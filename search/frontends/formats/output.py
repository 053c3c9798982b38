"""Query plans as text; the caller prints the lines."""

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
"""Maximum number of expansions listed per term."""


def plan(tree: Node, made: ResolvedPlan) -> Iterator[str]:
    """Yields the syntax tree of a query, then each term with its weight, counts and expansions."""
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
    """Yields a line for each term that has no exact occurrence, with the expansions searched instead."""
    for number, term in enumerate(made.terms):
        if number not in made.stand_ins or term.count:
            continue
        counts: dict[str, int] = {}  # the same text may be one word or a run of words
        for form in chain.from_iterable(made.terms[other].alternatives for other in made.stand_ins[number]):
            name = f"{text.HOW[form.how]} {written(form.atoms)}"
            counts[name] = counts.get(name, 0) + form.source.count
        listed = "、".join(f"{name} ({count})" for name, count in islice(counts.items(), _MOST_INSTEAD))
        more = f" and {len(counts) - _MOST_INSTEAD} more" if len(counts) > _MOST_INSTEAD else ""
        yield clean(f"{term.label} is nowhere exactly; looked for {listed}{more}")
