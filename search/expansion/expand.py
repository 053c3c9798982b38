"""Expands a plan: adds the terms that may stand for the typed ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from search.expansion.admission_rules import MANY, MANY_IN_TEXT, MOST_SUGGESTIONS, MOST_TERMS, Admission
from search.expansion.candidate_maker import Candidate
from search.expansion.candidates import CandidateFinder
from search.matching.terms import Term
from search.query.deadline import Deadline
from search.query.plan import Plan, Typed, widened
from search.scoring import information


def expanded(plan: Plan, finder: CandidateFinder, deadline: Deadline | None = None) -> Plan:
    """Returns the plan with its expansions. Raises OutOfTime."""
    deadline, atoms = deadline or Deadline(), max(1, finder.resolver.snapshot.total_atoms)
    terms, typed, count = list(plan.terms), plan.typed, finder.resolver.count
    alone = len(typed) == 1
    most = MANY_IN_TEXT if plan.is_long_text else MANY
    found = {
        number: _candidates_of(one, count(terms[number].alternatives), finder, alone, most, deadline)
        for number, one in (typed.items() if len(typed) <= MOST_TERMS else ())
    }
    certain = any(count(term.alternatives) for term in terms)
    certain = certain or any(
        candidate.admission is Admission.FREE for several in found.values() for candidate in several
    )
    questions = frozenset() if alone else _questions(plan)
    stand_ins, has_more = {}, False
    for number, several in found.items():
        kept = [candidate for candidate in several if candidate.admission is not Admission.SUGGESTED or not certain]
        if alone and not certain:
            has_more = len(kept) > MOST_SUGGESTIONS
            kept = sorted(kept, key=lambda candidate: -candidate.share)[:MOST_SUGGESTIONS]
        if kept:
            if not count(terms[number].alternatives):
                # A term with no exact occurrence is as rare as its expansions.
                own = [candidate for candidate in kept if candidate.admission is not Admission.BACKED] or kept
                occurrences = sum(candidate.occurrences for candidate in own)
                weight = plan.shares[number] * information(occurrences, atoms)
                terms[number] = terms[number]._replace(weight=weight)
            unbacked_by = questions if count(terms[number].alternatives) else frozenset[int]()
            stand_ins[number] = tuple(_add_stand_ins(terms, number, kept, unbacked_by))
    guessed = bool(stand_ins) and not certain
    return plan._replace(
        terms=tuple(terms),
        need=None if plan.need is None else widened(plan.need, stand_ins),
        stand_ins=stand_ins,
        most_moments=MOST_SUGGESTIONS if guessed else None,
        has_more_guesses=has_more,
    )


def _candidates_of(
    typed: Typed, exact: int, finder: CandidateFinder, alone: bool, most: int, deadline: Deadline
) -> list[Candidate]:
    deadline.check()
    if typed.quoted:
        return [] if exact else finder.of_phrase(typed.atoms, typed.percent)
    if typed.forced:
        found = finder.of_word(typed.atoms, 0, alone, typed.percent, typed.spoken)
        return [candidate._replace(admission=Admission.FREE) for candidate in found]
    return finder.of_word(typed.atoms, exact, alone, typed.percent, typed.spoken, most)


def _questions(plan: Plan) -> frozenset[int]:
    """The numbers of the terms that only ask."""
    from search.query.question_words import is_question  # late: few queries have a term that needs another

    return frozenset(number for number, term in enumerate(plan.terms) if is_question(term.label))


def _add_stand_ins(
    terms: list[Term], number: int, candidates: Sequence[Candidate], unbacked_by: frozenset[int]
) -> Iterator[int]:
    """Adds the terms for the candidates of one, one for each share and admission; yields their numbers."""
    term = terms[number]
    ordered = sorted(candidates, key=lambda candidate: (-candidate.share, candidate.admission.value))
    for (share, admission), group in groupby(ordered, key=lambda candidate: (candidate.share, candidate.admission)):
        ways = tuple(candidate.alternative for candidate in group)
        backed = admission is Admission.BACKED
        others = unbacked_by if backed else frozenset[int]()
        terms.append(Term(term.label, ways, term.weight * share, number, backed, others))
        yield len(terms) - 1
