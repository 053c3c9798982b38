"""Resolves patterns: finds where they occur in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from search.matching.sources import PlacesSource, RunSource, WordSource
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
    from search.matching.position_source import PositionSource

_MOST_KNOWN = 4096
"""Sources in one generation at most."""
_MOST_HELD = 300_000
"""Positions that the sources of one generation keep at most, about 40 bytes each."""


class Resolver:
    """The sources of patterns in one snapshot, each of which keeps the positions that it has looked up.

    Planning, expanding, searching and counting need the same sources, and so do queries that share a word. They are
    kept in two generations: when the younger one is full, it replaces the older one, whose sources are dropped. A
    source that is used again moves to the younger one. Threads may share a resolver: at worst two of them resolve the
    same pattern.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[Pattern, PositionSource] = {}
        self._before: dict[Pattern, PositionSource] = {}
        self._unmeasured: list[PositionSource] = []
        """Sources added to the younger generation since `forget` was called last; their positions are not counted
        yet."""
        self._held = 0
        """An upper bound of the positions kept by the other sources of the younger generation."""

    def source(self, pattern: Pattern) -> PositionSource:
        """Where a pattern occurs."""
        known = self._known.get(pattern)
        if known is None:
            known = self.learn(pattern, self._before.get(pattern) or self._found(pattern))
        return known

    def knows(self, pattern: Pattern) -> bool:
        """True if the source of a pattern is kept."""
        return pattern in self._known or pattern in self._before

    def learn(self, pattern: Pattern, source: PositionSource) -> PositionSource:
        """Keeps a source under its pattern, and returns it; for callers that have found the places of a pattern
        already."""
        if len(self._known) >= _MOST_KNOWN:
            self._age()
        self._known[pattern] = source
        self._unmeasured.append(source)
        return source

    def forget(self) -> None:
        """Drops the older generation if the younger one keeps too many positions. Called before a query is planned;
        plans that are still being executed keep their sources."""
        unmeasured, self._unmeasured = self._unmeasured, []
        self._held += sum(source.held for source in unmeasured)
        if self._held > _MOST_HELD:
            self._age()

    def _age(self) -> None:
        self._before, self._known, self._unmeasured, self._held = self._known, {}, [], 0

    def count(self, alternatives: Iterable[Alternative]) -> int:
        """The number of occurrences of all alternatives in the whole index."""
        return sum(self.source(alternative.pattern).count for alternative in alternatives)

    def frequency(self, alternatives: Iterable[Alternative]) -> int:
        """The collection frequency of a term with these alternatives, by which it is weighed."""
        return sum(self.source(alternative.pattern).frequency for alternative in alternatives)

    def _found(self, pattern: Pattern) -> PositionSource:
        snapshot = self.snapshot
        match pattern:
            case WordPattern(_, True) | RunPattern(_, True):
                return self._whole(pattern)
            case WordPattern(atoms):
                return WordSource(snapshot, atoms)
            case RunPattern(atoms):
                return RunSource(snapshot, atoms)
            case PercentPattern(atoms, place):
                from search.matching.numbers import before_percent

                snapshot.seek((atoms,), with_signs=True)
                return before_percent(self.source(RunPattern(atoms)), snapshot, place)
            case NumberPattern(atoms):
                from search.matching.longer_numbers import whole_numbers
                from search.matching.numbers import NUMERALS

                snapshot.seek((atoms,), beside=NUMERALS)
                return whole_numbers(self.source(RunPattern(atoms)), snapshot, atoms)
            case QuorumPattern(atoms, there):
                from search.matching.fuzzy_phrase import most_of

                return PlacesSource(len(atoms), most_of(atoms, snapshot).get(there, {}))
            case RegexPattern(expression, length, filters, last):
                # The matches of this pattern are no longer kept, or its plan was made for another snapshot. All
                # episodes are searched, since the filters are applied to what is found in any case.
                if filters or last is not None:
                    return self.source(RegexPattern(expression, length))
                from search.matching.regex_places import places_of_regex

                places = places_of_regex(expression, snapshot, snapshot.episodes())
                for other, found in places.items():
                    self.learn(RegexPattern(expression, other), PlacesSource(other, found))
                return self._known.get(pattern) or PlacesSource(length, {})
            case SoundPattern():
                from search.matching.sounds import places_of_sound

                snapshot.seek((pattern.atoms,))
                source = self.source(RunPattern(pattern.atoms))
                return PlacesSource(source.length, places_of_sound(pattern, source, snapshot))

    def _whole(self, pattern: WordPattern | RunPattern) -> PositionSource:
        from search.matching.longer_numbers import numeral
        from search.matching.whole_sources import WholeRunSource, WholeWordSource  # late: few queries have a number

        source, text = self.source(type(pattern)(pattern.atoms)), numeral(pattern.atoms)
        if text is None:
            return source
        if isinstance(source, WordSource):
            return WholeWordSource(source, text)
        return WholeRunSource(source, text) if isinstance(source, RunSource) else source
