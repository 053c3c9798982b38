"""The plan of a query: the terms to look up, and the condition a moment must meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple
from search.matching.terms import Term
from search.query.filters import Condition, Voice


class Has(NamedTuple):
    """The moment has one of these terms (by number)."""

    terms: tuple[int, ...]


class HasNear(NamedTuple):
    """The moment has both sides within a distance of seconds or atoms."""

    left: Need
    right: Need
    distance: float
    seconds: bool


class Every(NamedTuple):
    needs: tuple[Need, ...]


class Some(NamedTuple):
    needs: tuple[Need, ...]


class Lacks(NamedTuple):
    need: Need


class Passes(NamedTuple):
    """The episode passes a filter."""

    test: Condition


Need: TypeAlias = Has | HasNear | Every | Some | Lacks | Passes


class Typed(NamedTuple):
    """What was typed for a term: its atoms, which of them a % sign follows, whether it was quoted, whether it is to
    be found in any form (`~word`), and its atoms with signs as they are said."""

    atoms: tuple[str, ...]
    percent: int | None = None
    quoted: bool = False
    forced: bool = False
    spoken: tuple[str, ...] | None = None


class Plan(NamedTuple):
    """What to do for a query.

    `terms` are looked up; those of `excluded` only to leave moments out (`leaves_out` is True when any
    are, even terms that are also looked for). `need` is the condition a moment must meet, None when any
    term will do. `texts` are the stretches of running text in the query, as atoms, for the evidence of
    shared characters. `filters` hold for the whole query. `typed` are the terms that others may stand for,
    `shares` the share of each term in the query.

    `voices` are the tests for who says it. `damping` puts what is only said in loops and stock lines last.

    `stand_ins` maps an exact term to those that stand for it, the best first (`search.expansion.expand`).
    `most_moments` bounds the results, None for no bound.
    """

    terms: tuple[Term, ...]
    excluded: frozenset[int]
    need: Need | None
    texts: tuple[tuple[str, ...], ...]
    filters: tuple[Condition, ...]
    leaves_out: bool
    typed: Mapping[int, Typed]
    shares: tuple[float, ...]
    voices: tuple[Voice, ...] = ()
    damping: bool = True
    stand_ins: Mapping[int, tuple[int, ...]] = {}
    most_moments: int | None = None

    @property
    def is_single(self) -> bool:
        """True when the query looks for one thing."""
        return sum(term.is_exact for term in self.terms) == 1

    @property
    def lacks_words(self) -> bool:
        """True when something that others may stand for is nowhere exactly: then no moment has the whole query."""
        return any(not self.terms[number].frequency for number in self.typed)

    @property
    def is_exhaustive(self) -> bool:
        """True when the query says exactly what it wants: then every occurrence is in some moment."""
        return self.need is not None or self.is_single

    @property
    def is_plain(self) -> bool:
        """True when every occurrence of one thing alone is asked for, and nothing else decides."""
        return self.is_single and not self.stand_ins and not self.leaves_out and isinstance(self.need, Has | None)


def widened(need: Need, stand_ins: Mapping[int, tuple[int, ...]]) -> Need:
    """The need, met as well by what stands for its terms."""
    match need:
        case Has(terms):
            return Has((*terms, *(number for term in terms for number in stand_ins.get(term, ()))))
        case Every(needs):
            return Every(tuple(widened(inner, stand_ins) for inner in needs))
        case Some(needs):
            return Some(tuple(widened(inner, stand_ins) for inner in needs))
        case HasNear(left, right, distance, seconds):
            return HasNear(widened(left, stand_ins), widened(right, stand_ins), distance, seconds)
        case Lacks() | Passes():
            return need
