"""Sources: where something occurs, as atom positions in the episodes of one snapshot."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from indexer.core import native
from indexer.core.native import within
from indexer.core.positions.token_stream import Region, is_basic
from indexer.core.positions.tokens import is_single
from indexer.store.impacts import RUN_ATOMS
from search.matching.word_positions import cut_so, word_places, words_within

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


MANY = 24
"""With more terms than this, all are looked for in one pass (`search.matching.many_sources`); with fewer, the rare ones
first."""


class WordSource:
    """A word of the vocabulary, found where jieba cut it."""

    def __init__(self, snapshot: Snapshot, atoms: Sequence[str]) -> None:
        self.length = len(atoms)
        self.snapshot = snapshot
        self._atoms = tuple(atoms)
        self.counts = self.bounds = snapshot.word_episodes("".join(atoms))
        self.count = self.frequency = self.held = snapshot.occurrences(self._atoms, lambda: self.counts, True)
        self._places: dict[int, list[int]] = {}
        self._asked: dict[int, int] = {}
        self._spotted: tuple[int, list[int]] = -1, []
        """An episode, and where the atoms are in it, however they are cut."""

    @property
    def episodes(self) -> int:
        return self.snapshot.having([(self._atoms, True)], self.counts)

    @property
    def peaks(self) -> Mapping[int, int]:
        return self.snapshot.word_peaks("".join(self._atoms))

    def positions(self, episode: int) -> list[int]:
        count = self.counts.get(episode)
        if not count:
            return []
        found = self._places.get(episode)
        if found is None:
            stream = self.snapshot.stream(episode)
            found = word_places(stream, self._atoms, count, lambda: self.snapshot.marks(episode))
            self._places[episode] = found
        return found

    def within(self, episode: int, regions: Sequence[Region]) -> list[int]:
        if episode not in self.counts:
            return []
        found = self._places.get(episode)
        if found is not None:
            return within(found, regions)
        spotted = self._spotted
        if spotted[0] == episode:
            return within(cut_so(spotted[1], self.length, self.snapshot.marks(episode)), regions)
        # Saves looking up all positions of a common word where no other term occurs.
        stream = self.snapshot.stream(episode)
        places = stream.find(self._atoms, regions)
        marks = partial(self.snapshot.marks, episode)
        return words_within(places, stream, self._atoms, regions, marks) if places else places

    def perhaps(self, episode: int, regions: Sequence[Region]) -> list[int]:
        found = self._places.get(episode)
        if found is not None:
            return within(found, regions)
        # Ignores word boundaries: reading them would mean unpacking the marks.
        stream = self.snapshot.stream(episode)
        places = stream.find(self._atoms, regions)
        if len(places) == self.counts.get(episode) and list(regions) == [(0, len(stream))]:
            self._places[episode] = places  # no occurrence is cut differently
        return places

    def spot(self, episode: int, places: list[int]) -> None:
        """Notes where the atoms are in an episode, for the next calls, which ask about this episode."""
        if len(places) == self.counts.get(episode):
            self._places[episode] = places  # no occurrence is cut differently
        else:
            self._spotted = episode, places

    @property
    def atoms(self) -> tuple[str, ...]:
        return self._atoms

    def amount(self, episode: int, first: int, end: int) -> int:
        found = self._places.get(episode)
        if found is None:
            asked = self._asked[episode] = self._asked.get(episode, 0) + 1
            if asked < _OFTEN:
                return len(self.within(episode, [(first, end)]))
            found = self.positions(episode)
        return _amount(found, first, end)


class RunSource:
    """An exact run of atoms, found in the streams across all cue and word boundaries."""

    def __init__(self, snapshot: Snapshot, atoms: Sequence[str]) -> None:
        self.length = len(atoms)
        self.snapshot = snapshot
        self._atoms = tuple(atoms)
        self._places: dict[int, list[int]] = {}
        self._is_complete = False
        """True if the positions in all episodes are known."""

    @property
    def atoms(self) -> tuple[str, ...]:
        return self._atoms

    @cached_property
    def bounds(self) -> dict[int, int]:
        """A run occurs no more often than any of its atoms."""
        least = _least([partial(_atom_episodes, self.snapshot, atom) for atom in self._rarest_first(self._atoms)])
        return as_dict(self.snapshot.may_hold(self._atoms, least))

    @cached_property
    def peaks(self) -> Mapping[int, int]:
        first = self._rarest_first(self._atoms[:RUN_ATOMS])
        peaks = _least([partial(_atom_peaks, self.snapshot, atom) for atom in first])
        return native.least(self.bounds, peaks)

    @cached_property
    def by_peak(self) -> Sequence[int]:
        """The episodes of `peaks` by falling peak, equals in order."""
        return sorted(sorted(self.peaks), key=self.peaks.__getitem__, reverse=True)

    def _rarest_first(self, atoms: Sequence[str]) -> list[str]:
        total = {atom: _atom_count(self.snapshot, atom) for atom in set(atoms)}
        return sorted(total, key=total.__getitem__)

    @cached_property
    def counts(self) -> Mapping[int, int]:
        episodes = list(self.bounds)
        self._places = places = self._found_in(episodes)
        self._is_complete = True
        return {episode: len(found) for episode, found in places.items()}

    @cached_property
    def count(self) -> int:
        return self.snapshot.occurrences(self._atoms, lambda: self.counts)

    @property
    def episodes(self) -> int:
        return self.snapshot.having([(self._atoms, False)], self.counts)

    @property
    def frequency(self) -> int:
        return count_atoms(self.snapshot, self._atoms) or self.count

    @property
    def held(self) -> int:
        if self._is_complete:
            return sum(map(len, self._places.values()))
        return min(_atom_count(self.snapshot, atom) for atom in self._atoms)

    def look_up(self, episodes: Sequence[int]) -> None:
        """Finds the positions in several episodes at once, for a caller that is about to ask for them."""
        if not self._is_complete:
            places = self._places
            unknown = [episode for episode in episodes if episode not in places and episode in self.bounds]
            places.update(dict.fromkeys(unknown, _NOWHERE) | self._found_in(unknown))

    def _found_in(self, episodes: Sequence[int]) -> dict[int, list[int]]:
        return self.snapshot.find_in_all(episodes, self._atoms)

    def positions(self, episode: int) -> list[int]:
        found = self._places.get(episode)
        if found is None:
            if self._is_complete or episode not in self.bounds:
                return []
            found = self._places[episode] = self.snapshot.stream(episode).find(self._atoms)
        return found

    def known(self, episode: int) -> list[int] | None:
        """The positions in an episode; None if they were not looked for yet."""
        return self._places.get(episode, _NOWHERE if self._is_complete else None)

    def within(self, episode: int, regions: Sequence[Region]) -> list[int]:
        return within(self.positions(episode), regions)

    perhaps = within

    def amount(self, episode: int, first: int, end: int) -> int:
        return _amount(self.positions(episode), first, end)


class PlacesSource:
    """Positions known in advance: episode -> ascending positions."""

    def __init__(self, length: int, places: Mapping[int, list[int]]) -> None:
        self.length = length
        self._places = places
        self.counts = self.bounds = self.peaks = {episode: len(found) for episode, found in places.items()}
        self.count = self.frequency = self.held = sum(self.counts.values())
        self.episodes = len(self.counts)

    def positions(self, episode: int) -> list[int]:
        return self._places.get(episode, [])

    def within(self, episode: int, regions: Sequence[Region]) -> list[int]:
        return within(self.positions(episode), regions)

    perhaps = within

    def amount(self, episode: int, first: int, end: int) -> int:
        return _amount(self.positions(episode), first, end)


_NOWHERE: list[int] = []

_OFTEN = 4
"""Regions of an episode that are counted one by one; for more of them, all its positions are looked up."""


def _amount(places: Sequence[int], first: int, end: int) -> int:
    return bisect_left(places, end) - bisect_left(places, first)


def _least(counts: Iterable[Callable[[], dict[int, int]]]) -> dict[int, int]:
    """episode -> the minimum of its counts, for episodes that are in all of them; stops reading once none are left."""
    least: dict[int, int] | None = None
    for read in counts:
        if least is None:
            least = read()
        elif least:
            least = native.least(least, read())
    return least or {}


def count_atoms(snapshot: Snapshot, atoms: Sequence[str]) -> int:
    """The collection frequency of a word or a single character; 0 for any other run."""
    if len(atoms) == 1:
        return _atom_count(snapshot, atoms[0])
    return snapshot.word_count("".join(atoms)) if all(map(is_single, atoms)) else 0


def _atom_count(snapshot: Snapshot, atom: str) -> int:
    return snapshot.char_count(atom) if is_basic(atom) else snapshot.word_count(atom)


def _atom_episodes(snapshot: Snapshot, atom: str) -> dict[int, int]:
    return as_dict(snapshot.char_episodes(atom) if is_basic(atom) else snapshot.word_episodes(atom))


def _atom_peaks(snapshot: Snapshot, atom: str) -> dict[int, int]:
    return as_dict(snapshot.char_peaks(atom) if is_basic(atom) else snapshot.word_peaks(atom))


def as_dict(counts: Mapping[int, int]) -> dict[int, int]:
    """The counts as the compiled loops take them."""
    return counts if isinstance(counts, dict) else dict(counts)
