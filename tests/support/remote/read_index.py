"""What an index in a folder says, worked out once for all stand-ins that answer from the same commit of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from indexer.core.positions.tokens import split_atoms
from indexer.store.cluster.documents.decks import NAMES, deal
from indexer.store.cluster.documents.layout import CLOCK
from indexer.store.cluster.documents.run_peaks import find_run_peaks
from indexer.store.cluster.documents.text_parts import NAMES as TEXT_PARTS
from indexer.store.cluster.documents.text_parts import pack_parts, size_of
from indexer.store.fields.clock import pack_clock
from indexer.store.impacts import RUN_ATOMS, WINDOW_ATOMS, WINDOW_MS
from indexer.store.segments.toc import newest_generation, written_at
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.backends.remote import Frequency
from search.matching.sources import RunSource, WordSource
from support.remote.remote_conditions import counts_of

Peaks = Mapping[str, tuple[int, int]]


def read_index(folder: Path) -> ReadIndex:
    """The last commit of an index."""
    generation = newest_generation(folder)
    return _read(folder, generation, written_at(folder, generation))


@lru_cache(4)
def _read(folder: Path, generation: int, written: int) -> ReadIndex:
    return ReadIndex(EmbeddedSnapshot(folder))


class ReadIndex:
    """One commit of an index. Threads may share it: what it keeps never changes."""

    def __init__(self, snapshot: EmbeddedSnapshot) -> None:
        self.snapshot = snapshot
        self._frequencies: dict[str, Frequency | None] = {}
        self._runs: dict[tuple[str, ...], RunSource] = {}
        self._words: dict[str, WordSource] = {}
        self._clocks: dict[int, bytes] = {}
        self._decks: dict[int, Mapping[str, bytes]] = {}
        self._text_parts: dict[tuple[int, int], Mapping[str, bytes]] = {}
        self._peaks: dict[int, Peaks] = {}
        self._passages: dict[int, Sequence[int]] = {}

    @cached_property
    def words(self) -> Sequence[str]:
        return tuple(self.snapshot.words())

    def frequency(self, term: str) -> Frequency | None:
        """How often a word or character occurs; None if it does not."""
        if term not in self._frequencies:
            counts = counts_of(self.snapshot, term)
            self._frequencies[term] = Frequency(sum(counts.values()), len(counts)) if counts else None
        return self._frequencies[term]

    def run(self, atoms: tuple[str, ...]) -> RunSource:
        if atoms not in self._runs:
            self._runs[atoms] = RunSource(self.snapshot, atoms)
        return self._runs[atoms]

    def word(self, text: str) -> WordSource:
        if text not in self._words:
            self._words[text] = WordSource(self.snapshot, split_atoms(text))
        return self._words[text]

    def column(self, name: str, number: int) -> bytes:
        """A column of an episode, as a cluster stores it."""
        if name == CLOCK:
            if number not in self._clocks:
                self._clocks[number] = pack_clock(self.snapshot.times(number))
            return self._clocks[number]
        if name in NAMES:
            return self._decks_of(number).get(name, b"")
        if name in TEXT_PARTS:
            return self._text_parts_of(number).get(name, b"")
        return bytes(self.snapshot._stored.value(name, number))

    def _text_parts_of(self, number: int) -> Mapping[str, bytes]:
        texts, speakers = self.snapshot.text(number)
        asked = number, size_of(len(texts))  # which tests set
        if asked not in self._text_parts:
            self._text_parts[asked] = pack_parts(list(texts), list(speakers))
        return self._text_parts[asked]

    def _decks_of(self, number: int) -> Mapping[str, bytes]:
        if number not in self._decks:
            snapshot = self.snapshot
            self._decks[number] = deal(snapshot.stream(number), snapshot.sounds(number), snapshot.marks(number))
        return self._decks[number]

    def peak(self, run: tuple[str, ...], number: int) -> int:
        """How often a run is said in one window of an episode at most."""
        stream = self.snapshot.stream(number)
        if number not in self._peaks:
            self._peaks[number] = find_run_peaks(stream.units(), self.snapshot.times(number))
        return self._peaks[number].get(stream.coded(run[:RUN_ATOMS]), (1, 0))[0]

    def passages(self, number: int) -> Sequence[int]:
        """The passage of each atom of an episode."""
        if number not in self._passages:
            self._passages[number] = _passages(self.snapshot, number)
        return self._passages[number]


def _passages(snapshot: EmbeddedSnapshot, number: int) -> Sequence[int]:
    times = snapshot.times(number)
    said: list[int] = []
    for first, end in pairwise(times.first):
        said += map(times.at, range(first, end))
    if said != sorted(said) or not said or not said[-1]:
        return [at // WINDOW_ATOMS for at in range(len(said))]
    return [at // WINDOW_MS for at in said]
