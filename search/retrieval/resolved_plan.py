"""A plan resolved for execution: the same query, whose terms know where they occur in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.token_stream import Region
from indexer.core.text.folding import Folding
from indexer.core.types import Episode
from search.matching.resolver import Resolver
from search.matching.sources import RunSource, WordSource
from search.query.filters import Condition, EpisodeTest, condition, voice
from search.query.plan import Plan

if TYPE_CHECKING:
    from search.matching.position_source import PositionSource
    from search.matching.terms import Term


class ResolvedAlternative(NamedTuple):
    """One way a term may occur: its atoms, their positions, and how they relate to the typed text. `around` are the
    atoms to show with it, for a line of a segment that is near in meaning."""

    atoms: tuple[str, ...]
    source: PositionSource
    how: str = "exact"
    around: Region | None = None


_FEW = 4
"""Up to so many alternatives of a term are looked at one by one."""


class ResolvedTerm:
    """A term and its occurrences: its `alternatives` are those of the term, resolved."""

    def __init__(self, term: Term, alternatives: tuple[ResolvedAlternative, ...]) -> None:
        self.alternatives = alternatives
        self._term = term
        self.label, _, self.weight, self.stands_for, self.backed, self.unbacked_by = term
        self._looked = 0
        self._present: Mapping[int, list[tuple[int, PositionSource]]] | None = None

    def weighing(self, share: float) -> ResolvedTerm:
        """The term with its weight multiplied by a share."""
        return ResolvedTerm(self._term._replace(weight=self.weight * share), self.alternatives)

    def present(self, episode: int) -> Sequence[tuple[int, PositionSource]]:
        """The numbers and sources of the alternatives that may be in an episode. A hundred texts may sound like a word,
        and an episode has few of them. So after enough calls, the alternatives are listed by episode."""
        present = self._present
        if present is not None:
            return present.get(episode, ())
        several = self.alternatives
        if len(several) == 1:  # mostly
            source = several[0].source
            return [(0, source)] if episode in source.bounds else ()
        if len(several) > _FEW:
            self._looked += len(several)
            if self._looked > self._pairs:
                self._present = present = self._by_episode()
                return present.get(episode, ())
        return [(number, way.source) for number, way in enumerate(several) if episode in way.source.bounds]

    @cached_property
    def _pairs(self) -> int:
        return sum(len(way.source.bounds) for way in self.alternatives)

    def _by_episode(self) -> Mapping[int, list[tuple[int, PositionSource]]]:
        found: dict[int, list[tuple[int, PositionSource]]] = {}
        for number, way in enumerate(self.alternatives):
            for episode in way.source.bounds:
                found.setdefault(episode, []).append((number, way.source))
        return found

    @property
    def is_exact(self) -> bool:
        return self.stands_for is None

    @cached_property
    def counts(self) -> Mapping[int, int]:
        """episode -> the term's number of occurrences there, over all alternatives."""
        return _added([alternative.source.counts for alternative in self.alternatives])

    @cached_property
    def episodes(self) -> int:
        """The number of episodes of the whole index with the term."""
        sources = [alternative.source for alternative in self.alternatives]
        if len(sources) == 1:
            return sources[0].episodes
        runs = [source for source in sources if isinstance(source, WordSource | RunSource)]
        if not runs:
            return len(self.counts)
        ways = [(source.atoms, isinstance(source, WordSource)) for source in runs]
        return runs[0].snapshot.having(ways, self.counts)

    @cached_property
    def bounds(self) -> Mapping[int, int]:
        """episode -> an upper bound of `counts`."""
        return _added([alternative.source.bounds for alternative in self.alternatives])

    @cached_property
    def peaks(self) -> Mapping[int, int]:
        """episode -> an upper bound of the term's occurrences in one window, over all alternatives."""
        return _added([alternative.source.peaks for alternative in self.alternatives])

    def amount(self, episode: int, first: int, end: int) -> int:
        """The term's number of occurrences that begin in the atoms [first, end), over all alternatives."""
        return sum(alternative.source.amount(episode, first, end) for alternative in self.alternatives)

    @cached_property
    def frequency(self) -> int:
        """The collection frequency used for the term's weight."""
        return sum(alternative.source.frequency for alternative in self.alternatives)

    @cached_property
    def count(self) -> int:
        """The term's number of occurrences in the whole index, over all alternatives."""
        return sum(alternative.source.count for alternative in self.alternatives)


_LONGEST_WORD = 5
"""Atoms; of a longer text parts are what a search looks for."""


class ResolvedPlan:
    """A plan with its terms resolved and its filters as functions; the other attributes are those of the plan."""

    def __init__(self, plan: Plan, terms: Sequence[ResolvedTerm], folding: Folding) -> None:
        self.plan = plan
        self.terms = terms
        self._folding = folding
        self._conditions: dict[EpisodeTest, Condition] = {}
        self.filters = tuple(condition(test, folding) for test in plan.filters)
        self.voices = tuple(voice(test, folding) for test in plan.voices)
        self.excluded = plan.excluded
        self.need = plan.need
        self.texts = plan.texts
        self.leaves_out = plan.leaves_out
        self.shares = plan.shares
        self.damping = plan.damping
        self.stand_ins = plan.stand_ins
        self.most_moments = plan.most_moments
        self.has_more_guesses = plan.has_more_guesses
        self.is_single = plan.is_single
        self.is_exhaustive = plan.is_exhaustive
        self.is_plain = plan.is_plain
        self.is_long_text = plan.is_long_text

    def weighing(self, shares: Sequence[float]) -> ResolvedPlan:
        """The plan with each term's weight multiplied by its share."""
        terms = tuple(term.weighing(share) for term, share in zip(self.terms, shares, strict=True))
        return ResolvedPlan(self.plan, terms, self._folding)

    def with_term(self, term: ResolvedTerm) -> ResolvedPlan:
        """The plan with one more term, the last."""
        return ResolvedPlan(self.plan, (*self.terms, term), self._folding)

    def without_last(self) -> ResolvedPlan:
        """The plan without its last term."""
        return ResolvedPlan(self.plan, self.terms[:-1], self._folding)

    @cached_property
    def replaced(self) -> Sequence[int]:
        """The numbers of the terms that occur nowhere and were replaced by expansions, without those that are part of a
        longer one among them (巴吧 of 阿里巴吧), which nobody typed."""
        runs = {number: self.terms[number].alternatives[0].atoms for number in self.stand_ins}
        found = [number for number in sorted(runs) if not self.terms[number].count]
        return [n for n in found if not any(is_part(runs[n], runs[other]) for other in found)]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The words of the query, folded, of two to five characters, that are nowhere in the index as a whole."""
        return tuple(
            "".join(term.alternatives[0].atoms)
            for number, term in enumerate(self.terms)
            if term.is_exact and term.alternatives and number not in self.excluded
            if 2 <= len(term.alternatives[0].atoms) <= _LONGEST_WORD
            if not (term.count if number in self.stand_ins else term.weight)
        )

    def passes(self, test: EpisodeTest, episode: Episode) -> bool:
        """True if an episode passes a test of the need."""
        known = self._conditions.get(test)
        if known is None:
            known = self._conditions[test] = condition(test, self._folding)
        return known(episode)


def resolve(plan: Plan, resolver: Resolver) -> ResolvedPlan:
    """Returns the plan with the occurrences of its terms in the resolver's snapshot."""
    terms = tuple(ResolvedTerm(term, tuple(_resolved(term, resolver))) for term in plan.terms)
    return ResolvedPlan(plan, terms, resolver.snapshot.folding)


def _resolved(term: Term, resolver: Resolver) -> Iterator[ResolvedAlternative]:
    for pattern, how in term.alternatives:
        yield ResolvedAlternative(pattern.atoms, resolver.source(pattern), how)


def is_part(run: Sequence[str], of: Sequence[str]) -> bool:
    """True if a longer run contains this one."""
    return len(run) < len(of) and any(of[at : at + len(run)] == run for at in range(len(of) - len(run) + 1))


def _added(counts: Sequence[Mapping[int, int]]) -> Mapping[int, int]:
    if len(counts) == 1:
        return counts[0]
    added: dict[int, int] = {}
    for one in counts:
        for episode, count in one.items():
            added[episode] = added.get(episode, 0) + count
    return added
