"""Sources of words and runs that are not part of a longer number (`search.matching.longer_numbers`).

What is around a place is looked at where a search asks for positions. Bounds are those of all places, and so is the
frequency: a number weighs as much as in quotes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.core.positions.token_stream import Region
from search.matching.longer_numbers import Numeral, whole
from search.matching.numbers import NUMERALS
from search.matching.sources import RunSource, WordSource


class WholeWordSource(WordSource):
    """A word without the places at which a number goes on."""

    def __init__(self, word: WordSource, text: Numeral) -> None:
        super().__init__(word.snapshot, word.atoms)
        self._word = word
        self._text = text
        self._kept: dict[int, list[int]] = {}

    def positions(self, episode: int) -> list[int]:
        found = self._kept.get(episode)
        if found is None:
            found = self._kept[episode] = self._whole(episode, self._word.positions(episode))
        return found

    def within(self, episode: int, regions: Sequence[Region]) -> list[int]:
        return self._whole(episode, self._word.within(episode, regions))

    def perhaps(self, episode: int, regions: Sequence[Region]) -> list[int]:
        return self._word.perhaps(episode, regions)

    def amount(self, episode: int, first: int, end: int) -> int:
        return len(self.within(episode, [(first, end)]))

    def _whole(self, episode: int, places: list[int]) -> list[int]:
        if not places:
            return places
        self.snapshot.look_beside(NUMERALS)
        return whole(places, self.snapshot, episode, self._text)


class WholeRunSource(RunSource):
    """A run without the places at which a number goes on."""

    def __init__(self, run: RunSource, text: Numeral) -> None:
        super().__init__(run.snapshot, run.atoms)
        self._run = run
        self._text = text

    @property
    def bounds(self) -> dict[int, int]:
        return self._run.bounds

    @property
    def peaks(self) -> Mapping[int, int]:
        return self._run.peaks

    @property
    def by_peak(self) -> Sequence[int]:
        return self._run.by_peak

    @property
    def counts(self) -> Mapping[int, int]:
        found = ((episode, len(self.positions(episode))) for episode in self._run.counts)
        return {episode: count for episode, count in found if count}

    @property
    def count(self) -> int:
        return self._run.count

    @property
    def episodes(self) -> int:
        return self._run.episodes

    @property
    def frequency(self) -> int:
        return self._run.frequency

    @property
    def held(self) -> int:
        return self._run.held

    def look_up(self, episodes: Sequence[int]) -> None:
        self._run.look_up(episodes)

    def positions(self, episode: int) -> list[int]:
        found = self._places.get(episode)
        if found is None:
            found = self._run.positions(episode)
            if found:
                self.snapshot.look_beside(NUMERALS)
                found = whole(found, self.snapshot, episode, self._text)
            self._places[episode] = found
        return found
