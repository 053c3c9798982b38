"""Resolves patterns: finds where they occur in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from search.matching.sources import PlacesSource, PositionSource, RunSource, WordSource
from search.matching.terms import (
    Alternative,
    NumberPattern,
    Pattern,
    PercentPattern,
    QuorumPattern,
    RegexPattern,
    RunPattern,
    SoundPattern,
    WordPattern,
)

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_MOST_KNOWN = 4096


class Resolver:
    """The sources of patterns in one snapshot.

    Keeps the sources of the last two queries, because planning, expanding, searching and counting need the same ones,
    and each keeps the positions it has looked up. Threads may share a resolver: at worst two of them resolve the same
    pattern.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[Pattern, PositionSource] = {}
        self._before: dict[Pattern, PositionSource] = {}

    def source(self, pattern: Pattern) -> PositionSource:
        """Where a pattern occurs."""
        known = self._known.get(pattern)
        if known is None:
            known = self.learn(pattern, self._before.get(pattern) or self._found(pattern))
        return known

    def learn(self, pattern: Pattern, source: PositionSource) -> PositionSource:
        """Keeps and returns the source of a pattern: for a caller that has already found its places."""
        if len(self._known) >= _MOST_KNOWN:
            self._known = {}
        self._known[pattern] = source
        return source

    def forget(self) -> None:
        """Drops the sources of earlier queries but the last; plans that are still being executed keep theirs."""
        self._before, self._known = self._known, {}

    def lengths_of_regex(self, expression: str, episodes: Iterable[int]) -> list[int]:
        """Looks a regular expression up in these episodes and keeps its places; returns the lengths of its matches.
        Raises QueryProblem."""
        from search.matching.regex_places import places_of_regex

        places = places_of_regex(expression, self.snapshot, episodes)
        for length, found in places.items():
            self.learn(RegexPattern(expression, length), PlacesSource(length, found))
        return sorted(places)

    def count(self, alternatives: Iterable[Alternative]) -> int:
        """The number of occurrences of all alternatives in the whole index."""
        return sum(self.source(alternative.pattern).count for alternative in alternatives)

    def frequency(self, alternatives: Iterable[Alternative]) -> int:
        """The collection frequency of a term with these alternatives, by which it is weighed."""
        return sum(self.source(alternative.pattern).frequency for alternative in alternatives)

    def _found(self, pattern: Pattern) -> PositionSource:
        snapshot = self.snapshot
        match pattern:
            case WordPattern(atoms):
                return WordSource(snapshot, atoms)
            case RunPattern(atoms):
                return RunSource(snapshot, atoms)
            case PercentPattern(atoms, place):
                from search.matching.numbers import before_percent

                snapshot.seek((atoms,))
                return before_percent(self.source(RunPattern(atoms)), snapshot, place)
            case NumberPattern(atoms):
                from search.matching.numbers import whole_numbers

                snapshot.seek((atoms,))
                return whole_numbers(self.source(RunPattern(atoms)), snapshot)
            case QuorumPattern(atoms, there):
                from search.matching.fuzzy_phrase import most_of

                return PlacesSource(len(atoms), most_of(atoms, snapshot).get(there, {}))
            case RegexPattern(expression, length):
                self.lengths_of_regex(expression, snapshot.episodes())
                return self._known.get(pattern) or PlacesSource(length, {})
            case SoundPattern():
                from search.matching.sounds import places_of_sound

                snapshot.seek((pattern.atoms,))
                source = self.source(RunPattern(pattern.atoms))
                return PlacesSource(source.length, places_of_sound(pattern, source, snapshot))
