"""Finds the places of many sources in an episode in one pass over its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.native import is_compiled, within
from indexer.core.positions.token_stream import Region, Stream
from search.matching.sources import RunSource, WordSource
from search.matching.word_positions import cut_so, words_within

if TYPE_CHECKING:
    from typing import TypeGuard

    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource


class Needles(NamedTuple):
    """The sources that can be found by their text in an episode: their numbers, ascending, and their encoded runs."""

    numbers: Sequence[int]
    runs: Sequence[bytes]


class _Encoded:
    """Runs of atoms, by number, as encoded in the streams of episodes: most are encoded alike in all streams of one
    width, those with names are not."""

    def __init__(self, runs: Mapping[int, tuple[str, ...]]) -> None:
        self._runs = runs
        self._of_width: dict[int, tuple[Needles, Sequence[int]]] = {}
        """The runs that are encoded alike in streams of this width, and the numbers of the others."""
        self._of_episode: dict[int, Needles] = {}
        """All runs that may occur in an episode, if some are encoded differently there."""

    def needles(self, episode: int, stream: Stream) -> Needles:
        known = self._of_width.get(stream.width)
        if known is None:
            plain = {number: stream.plain(run) for number, run in self._runs.items()}
            differing = [number for number, run in plain.items() if run is None]
            known = self._of_width[stream.width] = _needles(plain), differing
        alike, named = known
        if not named:
            return alike
        needles = self._of_episode.get(episode)
        if needles is None:
            own = {number: stream.encoded(self._runs[number]) for number in named}
            needles = self._of_episode[episode] = _needles(dict(zip(*alike, strict=True)) | own)
        return needles


def _needles(runs: Mapping[int, bytes | None]) -> Needles:
    there = [(number, run) for number, run in sorted(runs.items()) if run]
    return Needles([number for number, _ in there], [run for _, run in there])


def _has_text(source: PositionSource) -> TypeGuard[WordSource | RunSource]:
    """Whether a source may be wherever its atoms are: not one that may go on as a longer number."""
    return type(source) in (WordSource, RunSource)


class Together:
    """Sources of one snapshot. Words and runs are found by their text; others are asked for their positions."""

    def __init__(self, sources: Sequence[PositionSource], snapshot: Snapshot) -> None:
        self._sources = sources
        self._snapshot = snapshot
        numbered = list(enumerate(sources))
        self._encoded = _Encoded({n: one.atoms for n, one in numbered if _has_text(one)})
        self._others = [n for n, one in numbered if not _has_text(one)]

    def needles(self, episode: int) -> Needles:
        """The words and runs that may occur in an episode."""
        return self._encoded.needles(episode, self._snapshot.stream(episode))

    def others(self, episode: int) -> Iterator[tuple[int, Sequence[int]]]:
        """(number, positions) of the sources in an episode that are not found by their text."""
        for number in self._others:
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
        """number -> the positions of each run that was looked for in the episode before, for its count."""
        runs = ((number, source) for number, source in enumerate(self._sources) if type(source) is RunSource)
        known = ((number, run.known(episode)) for number, run in runs)
        return {number: places for number, places in known if places is not None}

    def _looked_for(self, episode: int, regions: Sequence[Region] | None) -> list[tuple[int, list[int]]]:
        """(number, positions) of the words and runs whose atoms occur, however they are cut."""
        stream, (numbers, runs) = self._snapshot.stream(episode), self.needles(episode)
        found: dict[int, list[int]] = {}
        if not is_compiled and (known := self._known(episode)):  # each saves a pass; in C all are found in one
            found = known if regions is None else {n: within(places, regions) for n, places in known.items()}
            left = [(number, run) for number, run in zip(numbers, runs, strict=True) if number not in known]
            numbers, runs = [number for number, _ in left], [run for _, run in left]
        for region in [None] if regions is None else regions:
            for number, places in zip(numbers, stream.find_needles(runs, region), strict=True):
                if places:
                    found[number] = found[number] + places if number in found else places
        return [(number, places) for number, places in found.items() if places]
