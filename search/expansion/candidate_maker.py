"""A candidate (one text that may stand for a term of the query), and how candidates are made."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.tokens import is_single
from search.expansion import admission_rules as rules
from search.expansion.admission_rules import Admission
from search.expansion.similarity.phonetic import SoundMatch
from search.expansion.similarity.written_otherwise import joined_and_split
from search.matching.resolver import Resolver
from search.matching.sources import PlacesSource
from search.matching.terms import Alternative, Pattern, RunPattern


class Candidate(NamedTuple):
    """One text that may stand for a term, with its number of occurrences. `share` is the weight of a match, as a
    fraction of an exact one."""

    alternative: Alternative
    occurrences: int
    share: float
    admission: Admission


class CandidateMaker:
    """Makes the candidates of one index, with their numbers of occurrences."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.snapshot = resolver.snapshot

    def run(
        self, run: tuple[str, ...], how: str, share: float, admission: Admission = Admission.FREE
    ) -> list[Candidate]:
        return self.candidate(RunPattern(run), how, share, admission)

    def candidate(
        self, pattern: Pattern, how: str, share: float, admission: Admission = Admission.FREE
    ) -> list[Candidate]:
        """The candidate, if it occurs at all."""
        count = self.resolver.source(pattern).count
        return [Candidate(Alternative(pattern, how), count, share, admission)] if count else []

    def matching(self, match: SoundMatch, how: str, share: float, admission: Admission = Admission.FREE) -> Candidate:
        """The candidate for a text found by its sound, whose places are known."""
        source = self.resolver.learn(match.pattern, PlacesSource(len(match.atoms), match.places))
        return Candidate(Alternative(match.pattern, how), source.count, share, admission)

    def count(self, run: tuple[str, ...]) -> int:
        """The number of occurrences of a run."""
        return self.resolver.source(RunPattern(run)).count

    def cut_otherwise(self, atoms: tuple[str, ...]) -> Iterator[Candidate]:
        """Candidates with the same letters and digits, split differently."""
        if not any(map(is_single, atoms)):
            for run in dict.fromkeys(joined_and_split(atoms, self.snapshot.names)):
                yield from self.run(run, "spelling", rules.SPELLING)
