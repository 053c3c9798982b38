"""Finds the places of many sources in an episode in one pass over its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING

from indexer.core.native import is_compiled, within
from indexer.core.positions.token_stream import Region
from search.matching.sources import RunSource, WordSource
from search.matching.word_positions import cut_so, words_within

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource


class Together:
    """Sources of one snapshot. Words and runs are found by their text; others are asked for their positions."""

    def __init__(self, sources: Sequence[PositionSource], snapshot: Snapshot) -> None:
        self._sources = sources
        self._snapshot = snapshot
        self._atoms = [source.atoms if isinstance(source, WordSource | RunSource) else None for source in sources]
        self._rest = [number for number, atoms in enumerate(self._atoms) if atoms is None]
        self._plain: dict[int, tuple[list[bytes], list[int]]] = {}
        """By the width of a unit: each run of atoms as encoded, and the numbers of those that differ by stream."""
        self._named: dict[int, list[bytes]] = {}
        """The needles of an episode, if some differ by stream."""

    def needles(self, episode: int) -> list[bytes]:
        """Each source's run of atoms as encoded in an episode; empty for one that does not occur there, or is not found
        by its text."""
        stream = self._snapshot.stream(episode)
        plain = self._plain.get(stream.width)
        if plain is None:
            runs = [b"" if atoms is None else stream.plain(atoms) for atoms in self._atoms]
            named = [number for number, run in enumerate(runs) if run is None]
            plain = self._plain[stream.width] = [run or b"" for run in runs], named
        needles, named = plain
        if not named:
            return needles
        known = self._named.get(episode)
        if known is None:
            known = self._named[episode] = needles.copy()
            for number in named:
                known[number] = stream.encoded(self._atoms[number] or ())
        return known

    def others(self, episode: int) -> Iterator[tuple[int, Sequence[int]]]:
        """(number, positions) of the sources in an episode that are not found by their text."""
        for number in self._rest:
            if episode in self._sources[number].bounds:
                yield number, self._sources[number].positions(episode)

    def spotted(self, episode: int) -> dict[int, Sequence[int]]:
        """number -> a superset of the positions of each source that occurs in an episode, however they are cut."""
        found: dict[int, Sequence[int]] = dict(self.others(episode))
        for number, places in self._looked_for(episode, None):
            found[number] = places
            source = self._sources[number]
            if isinstance(source, WordSource):
                source.spot(episode, places)
        return found

    def within(self, episode: int, regions: Sequence[Region] | None) -> list[tuple[int, list[int]]]:
        """(number, positions) of the sources that occur in an episode, or in regions of it, which are disjoint and in
        order."""
        stream, marks = self._snapshot.stream(episode), partial(self._snapshot.marks, episode)
        found: list[tuple[int, list[int]]] = []
        for number, places in self._looked_for(episode, regions):
            source = self._sources[number]
            if isinstance(source, WordSource):
                if episode not in source.counts:
                    continue
                if regions is not None:
                    places = words_within(places, stream, source.atoms, regions, marks)
                elif len(places) != source.counts[episode]:
                    places = cut_so(places, source.length, marks())
            found.append((number, places))
        for number, known in self.others(episode):
            found.append((number, list(known) if regions is None else within(known, regions)))
        return [(number, places) for number, places in found if places]

    def amounts(self, episode: int, region: Region) -> list[int]:
        """The number of occurrences of each source that begin in a region."""
        amounts = [0] * len(self._sources)
        for number, places in self.within(episode, [region]):
            amounts[number] = len(places)
        return amounts

    def _known(self, episode: int) -> dict[int, list[int]]:
        """number -> the positions of each run that was looked for in the episode before, for its count, which saves a
        pass for each; none if all are looked for in one pass."""
        known: dict[int, list[int]] = {}
        for number, source in enumerate(() if is_compiled else self._sources):
            if isinstance(source, RunSource) and (places := source.known(episode)) is not None:
                known[number] = places
        return known

    def _looked_for(self, episode: int, regions: Sequence[Region] | None) -> list[tuple[int, list[int]]]:
        """(number, positions) of the words and runs whose atoms occur, however they are cut."""
        stream, needles = self._snapshot.stream(episode), self.needles(episode)
        numbers, looked = list(compress(range(len(needles)), needles)), list(filter(None, needles))
        found: dict[int, list[int]] = {}
        known = self._known(episode)
        if known:
            inside = ((n, places if regions is None else within(places, regions)) for n, places in known.items())
            found = {number: places for number, places in inside if places}
            numbers = [number for number in numbers if number not in known]
            looked = [needles[number] for number in numbers]
        for region in [None] if regions is None else regions:
            for number, places in zip(numbers, stream.find_needles(looked, region), strict=True):
                if places:
                    found[number] = found[number] + places if number in found else places
        return list(found.items())
