"""The plan of a query: the terms to look up, and the condition a moment must meet.

Plans are values: they can be printed, compared, pickled and sent, and executed on another snapshot than they were made
for, whose vocabulary then only gave the weights. `search.retrieval.resolved_plan` resolves a plan for execution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple, distinct
from search.matching.terms import Term
from search.query.filters import EpisodeTest, VoiceTest
from search.scoring import SENTENCES


@distinct
class Has(NamedTuple):
    """The moment contains one of these terms (by number)."""

    terms: tuple[int, ...]


@distinct
class HasNear(NamedTuple):
    """The moment contains both sides within a distance of seconds or atoms."""

    left: Need
    right: Need
    distance: float
    seconds: bool


@distinct
class Every(NamedTuple):
    needs: tuple[Need, ...]


@distinct
class Some(NamedTuple):
    needs: tuple[Need, ...]


@distinct
class Lacks(NamedTuple):
    need: Need


@distinct
class Passes(NamedTuple):
    """The episode passes a filter."""

    test: EpisodeTest


Need: TypeAlias = Has | HasNear | Every | Some | Lacks | Passes


class Typed(NamedTuple):
    """The typed text of a term: its atoms, the index of the atom that a % sign follows, whether it was quoted, whether
    `~word` forces expansion, and its atoms with signs spelled out as spoken."""

    atoms: tuple[str, ...]
    percent: int | None = None
    quoted: bool = False
    forced: bool = False
    spoken: tuple[str, ...] | None = None


class Plan(NamedTuple):
    """How to answer a query; immutable.

    `terms` are looked up; terms in `excluded` only rule moments out (`leaves_out` is True if there are any, even terms
    that are also searched for). `need` is the condition a moment must meet, None if any term will do. `texts` are the
    stretches of running text in the query, as atoms, for the reranking signal of shared characters. `filters` apply to
    the whole query. `typed` holds the terms that may be expanded, `shares` the share of each term in the query.

    `voices` are the tests of who is speaking. `damping` ranks what is said only in loops and stock lines last.

    `stand_ins` maps an exact term to its expansions, best first (`search.expansion.expand`). `most_moments` limits the
    results; None for no limit. `has_more_guesses` is True if there are other guesses than the expansions.
    """

    terms: tuple[Term, ...]
    excluded: frozenset[int]
    need: Need | None
    texts: tuple[tuple[str, ...], ...]
    filters: tuple[EpisodeTest, ...]
    leaves_out: bool
    typed: Mapping[int, Typed]
    shares: tuple[float, ...]
    voices: tuple[VoiceTest, ...] = ()
    damping: bool = True
    stand_ins: Mapping[int, tuple[int, ...]] = {}
    most_moments: int | None = None
    has_more_guesses: bool = False

    @property
    def is_single(self) -> bool:
        """True if the query looks for a single term."""
        return sum(term.is_exact for term in self.terms) == 1

    @property
    def lacks_words(self) -> bool:
        """True if an expandable term has no exact occurrence, so that no moment can match the whole query."""
        return any(not self.terms[number].weight for number in self.typed)

    @property
    def is_exhaustive(self) -> bool:
        """True if the query has an exact condition, so that every occurrence belongs to some moment."""
        return self.need is not None or self.is_single

    @property
    def is_long_text(self) -> bool:
        """True for a query with a long run of text without a space, and without a condition."""
        return self.need is None and any(len(text) >= SENTENCES.atoms for text in self.texts)

    @property
    def may_be_sentence(self) -> bool:
        """True for a query with a long run of text, or a question with spaces, and without a condition."""
        if self.need is not None or self.most_moments is not None:
            return False
        if self.is_long_text:
            return True
        if sum(map(len, self.texts)) < 4 or not any(text[0].isascii() for text in self.texts):
            return False
        from search.query.running_text import asked_text  # late: most queries are a word, or Chinese

        return bool(asked_text(self.texts))

    @property
    def is_plain(self) -> bool:
        """True if the query asks for every occurrence of one term, with no other condition."""
        return self.is_single and not self.stand_ins and not self.leaves_out and isinstance(self.need, Has | None)


def widened(need: Need, stand_ins: Mapping[int, tuple[int, ...]]) -> Need:
    """The need, also met by the expansions of its terms."""
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


def required(need: Need) -> list[tuple[int, ...]]:
    """Groups of terms; every window that meets the need contains a term of each group.

    >>> required(Every((Has((0, 3)), HasNear(Has((1,)), Has((2,)), 8.0, False), Lacks(Has((4,))))))
    [(0, 3), (1,), (2,)]
    """
    match need:
        case Has(terms):
            return [terms]
        case Every(needs):
            return [group for inner in needs for group in required(inner)]
        case HasNear(left, right):
            return [*required(left), *required(right)]
        case Some() | Lacks() | Passes():
            return []


def near_needs(need: Need | None) -> Iterator[HasNear]:
    """The NEARs in a need; a window must be able to span their distances."""
    match need:
        case HasNear(left, right):
            yield need
            yield from near_needs(left)
            yield from near_needs(right)
        case Every(needs) | Some(needs):
            for inner in needs:
                yield from near_needs(inner)
        case Lacks(inner):
            yield from near_needs(inner)
        case _:
            return


def is_silent(need: Need) -> bool:
    """True for a need that names nothing to look for: exclusions and filters."""
    match need:
        case Lacks() | Passes():
            return True
        case Every(needs) | Some(needs):
            return all(map(is_silent, needs))
        case _:
            return False
