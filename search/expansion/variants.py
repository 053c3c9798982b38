"""Lists the variants of a term: what sounds, is spelled or is written like it in this index, for a person to review."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.positions.tokens import split_atoms
from indexer.core.types import Episode
from search.expansion.aliases import LONGEST_TERM
from search.expansion.candidates import CandidateFinder
from search.matching.numbers import as_spoken, percent_at
from search.matching.resolver import Resolver
from search.matching.terms import Alternative, RunPattern, written
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource


@dataclass(frozen=True, slots=True)
class Example:
    """One occurrence: the episode, the start of its cue in seconds, and the cue's text."""

    episode: Episode
    start: float
    line: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A text that may stand for a term: how it relates to it, its number of occurrences, and one example."""

    text: str
    how: str
    count: int
    example: Example


def find_variants(term: str, finder: CandidateFinder, deadline: Deadline | None = None) -> list[Variant]:
    """Returns the term itself, if it occurs, and what may stand for it, best first, as far as read by the deadline.

    Raises QueryProblem for a term with nothing to look for, or one that is too long.
    """
    if len(term) > LONGEST_TERM:
        raise QueryProblem(
            _("the term has {count:,} characters: at most {most}: shorten it").format(
                count=len(term), most=LONGEST_TERM
            )
        )
    folded = finder.resolver.snapshot.folding.fold(term)
    atoms = tuple(split_atoms(folded))
    if not atoms:
        raise QueryProblem(_("the term is empty: name a word"))
    itself = Alternative(RunPattern(atoms))
    found = [itself] if finder.resolver.count([itself]) else []
    candidates = finder.of_word(atoms, 0, percent=percent_at(folded), spoken=as_spoken(folded))
    found += [candidate.alternative for candidate in candidates]
    for alternative in found:
        finder.resolver.snapshot.seek((alternative.atoms,))
    there = (one for one in found if finder.resolver.source(one.pattern).counts)
    listed: dict[tuple[str, str], Variant] = {}  # the same text may be one word, a run of words, or inside others
    for alternative in (deadline or Deadline()).within(there):
        one = _variant(alternative, finder.resolver)
        known = listed.setdefault((one.text, one.how), one)
        if known is not one:
            listed[one.text, one.how] = replace(known, count=known.count + one.count)
    return list(listed.values())


def _variant(alternative: Alternative, resolver: Resolver) -> Variant:
    source = resolver.source(alternative.pattern)
    return Variant(written(alternative.atoms), alternative.how, source.count, first_place(source, resolver.snapshot))


def first_place(source: PositionSource, snapshot: Snapshot) -> Example:
    """The first occurrence of a source."""
    number = min(source.counts)
    times = snapshot.times(number)
    cue = times.cue_at(source.positions(number)[0])
    return Example(snapshot.episode(number), times.starts[cue] / 1000, snapshot.text(number)[0][cue])
