"""Query plans as text; the caller prints the lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from search.frontends.formats import text
from search.frontends.formats.display import clean
from search.matching.terms import written

if TYPE_CHECKING:
    from search.api import Moment
    from search.query.syntax import Node
    from search.retrieval.resolved_plan import ResolvedPlan

_MOST_INSTEAD = 5
"""Maximum number of expansions listed per term."""


def plan(tree: Node, made: ResolvedPlan) -> Iterator[str]:
    """Yields the syntax tree of a query, then each term with its weight, counts and expansions."""
    return map(clean, _plan(tree, made))


def _plan(tree: Node, made: ResolvedPlan) -> Iterator[str]:
    yield _("query  {tree}").format(tree=tree)
    for number, term in enumerate(made.terms):
        if not term.is_exact:
            continue
        line = _("term   {label}  weight {weight:.3f}, {times} in {where}")
        if number in made.excluded:
            line = _("term   {label}  excluded, {times} in {where}")
        where = ngettext("{n:,} episode", "{n:,} episodes", term.episodes).format(n=term.episodes)
        yield line.format(label=term.label, weight=term.weight, times=_times(term.count), where=where)
        for other in made.stand_ins.get(number, ()):
            stand_in = made.terms[other]
            line = _("  or   {what}  weight {weight:.3f}, {times}")
            if stand_in.backed:
                line = _("  or   {what}  weight {weight:.3f}, {times}, beside another term")
            for form in stand_in.alternatives:
                what = f"{_(text.HOW[form.how])} {written(form.atoms)}"
                yield line.format(what=what, weight=stand_in.weight, times=_times(form.source.count))


def _times(count: int) -> str:
    return ngettext("{n:,} time", "{n:,} times", count).format(n=count)


def instead(made: ResolvedPlan, shown: Sequence[Moment] = (), search: Callable[[str], str] = str) -> Iterator[str]:
    """Yields a line for each term that has no exact occurrence, unless part of a longer such term, with the expansions
    searched instead; for guesses of which not all are shown, a line with how to `search` the query that shows all.
    Nothing if the moments `shown` answer a question without them."""
    if shown and made.replaced:
        from search.results.answered import is_answered  # late: few searches need it

        if is_answered(made, shown):
            return
    for number in made.replaced:
        term = made.terms[number]
        counts: dict[str, int] = {}  # the same text may be one word or a run of words
        for form in chain.from_iterable(made.terms[other].alternatives for other in made.stand_ins[number]):
            name = f"{_(text.HOW[form.how])} {written(form.atoms)}"
            counts[name] = counts.get(name, 0) + form.source.count
        listed = _(", ").join(f"{name} ({count})" for name, count in islice(counts.items(), _MOST_INSTEAD))
        line = _("{label} is nowhere exactly; looked for {listed}")
        if len(counts) > _MOST_INSTEAD:
            line = _("{label} is nowhere exactly; looked for {listed} and {n} more")
        yield clean(line.format(label=term.label, listed=listed, n=len(counts) - _MOST_INSTEAD))
        most = made.most_moments
        is_part = made.has_more_guesses or (most is not None and sum(counts.values()) > most)
        if is_part and " " not in term.label:
            query = f"~{term.label}"
            line = _("These are guesses: at most {most} are shown; {query} shows all")
            yield clean(line.format(most=most, query=search(query)))
