"""Expands the terms of a query: adds what may stand for them, once all that was typed is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from search.terms import Term
from search.tolerance.forms import Form, Forms
from search.tolerance.gates import MOST_TERMS, Standing

Weigh = Callable[[int, int], float]
"""The weight of a term, by number, that occurs so often."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for a term: its atoms, which of them a % sign follows, whether it was quoted, whether it is to
    be found in any form (`~word`), and its atoms with signs as they are said."""

    atoms: tuple[str, ...]
    percent: int | None = None
    quoted: bool = False
    forced: bool = False
    spoken: tuple[str, ...] | None = None


def expand(
    terms: list[Term], typed: Mapping[int, Typed], forms: Forms, weigh: Weigh
) -> tuple[dict[int, tuple[int, ...]], bool]:
    """Adds to `terms` those that stand for others.

    `typed` are the terms, by number, that others may stand for. Returns exact term -> its stand-ins, the
    best first, and whether nothing but guesses was found.
    """
    alone = len(typed) == 1
    found = {
        number: _forms_of(one, terms[number].count, forms, alone)
        for number, one in (typed.items() if len(typed) <= MOST_TERMS else ())
    }
    certain = any(term.count for term in terms)
    certain = certain or any(form.standing is Standing.FREE for several in found.values() for form in several)
    stand_ins = {}
    for number, several in found.items():
        kept = [form for form in several if form.standing is not Standing.SUGGESTED or not certain]
        if kept:
            stand_ins[number] = tuple(_add_stand_ins(terms, number, kept, weigh))
    return stand_ins, bool(stand_ins) and not certain


def _forms_of(typed: Typed, exact: int, forms: Forms, alone: bool) -> list[Form]:
    if typed.quoted:
        return [] if exact else forms.of_phrase(typed.atoms, typed.percent)
    if typed.forced:
        found = forms.of_word(typed.atoms, 0, alone, typed.percent, typed.spoken)
        return [replace(form, standing=Standing.FREE) for form in found]
    return forms.of_word(typed.atoms, exact, alone, typed.percent, typed.spoken)


def _add_stand_ins(terms: list[Term], number: int, forms: Sequence[Form], weigh: Weigh) -> Iterator[int]:
    """Adds the terms for the forms of one, one for each share and standing; yields their numbers."""
    term = terms[number]
    if not term.count:
        # A term that is nowhere exactly is as rare as what stands for it.
        own = [form for form in forms if form.standing is not Standing.BACKED] or forms
        weight = weigh(number, sum(form.alternative.source.count for form in own))
        term = terms[number] = replace(term, weight=weight)
    ordered = sorted(forms, key=lambda form: (-form.share, form.standing.value))
    for (share, standing), group in groupby(ordered, key=lambda form: (form.share, form.standing)):
        stand_in = replace(
            term,
            alternatives=tuple(form.alternative for form in group),
            weight=term.weight * share,
            stands_for=number,
            backed=standing is Standing.BACKED,
        )
        terms.append(stand_in)
        yield len(terms) - 1
