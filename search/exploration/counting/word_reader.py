"""Reads the words of an index as numbers, as far as time allows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from indexer.core.native import word_numbers
from search.exploration.counting.words import Words
from search.query.deadline import Deadline, OutOfTime

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_PATIENCE = 0.1
"""Seconds until a thread that waits for another looks at its deadline."""


class WordReader:
    """Reads the words of an index, episode by episode. Threads may share it; the first one reads for all."""

    def __init__(self, snapshot: Snapshot, characters: bool = False) -> None:
        self._snapshot = snapshot
        self._characters = characters
        self._numbers = _Numbers()
        self._said: dict[int, array[int]] = {}
        self._words = Words(snapshot, characters, {}, [""], self._numbers)
        self._reading = Lock()

    def read(self, deadline: Deadline | None = None, needed: Sequence[int] = ()) -> Words:
        """Returns the words of all episodes; once the deadline has passed, of those read by then, and of the `needed`
        ones in any case. The next call continues where this one stopped."""
        deadline = deadline or Deadline()
        while not self._reading.acquire(timeout=_PATIENCE):
            if deadline.is_over():
                return self._words
        try:
            rest = [episode for episode in self._snapshot.episodes() if episode not in self._said]
            with suppress(OutOfTime):
                for episode in deadline.within(rest):
                    self._read(episode)
            deadline.note_progress(len(self._said), self._snapshot.episode_count)
            for episode in needed:  # not before: the numbers of the words would depend on it
                if episode not in self._said:
                    self._read(episode)
            if len(self._words.episodes) < len(self._said):
                said = {number: self._said[number] for number in self._snapshot.episodes() if number in self._said}
                self._words = Words(
                    self._snapshot, self._characters, said, list(self._numbers.vocabulary), self._numbers
                )
            return self._words
        finally:
            self._reading.release()

    def _read(self, episode: int) -> None:
        stream, numbers = self._snapshot.stream(episode), self._numbers
        # Codes are local to an episode: each stands for a different name there, and never for other text.
        names = {code: numbers[name] for code, name in stream.names_by_code().items()}
        marks = b"" if self._characters else self._snapshot.marks(episode).packed
        said = array("I")
        said.frombytes(word_numbers(*stream.packed_units, marks, names, numbers, numbers.vocabulary, numbers.known))
        self._said[episode] = said[:]  # without the room in which an array grows


class _Numbers(dict[str, int]):
    """word -> its number, assigned on first use."""

    def __init__(self) -> None:
        super().__init__()
        self.vocabulary = [""]
        self.known = bytearray()

    def __missing__(self, word: str) -> int:
        self.vocabulary.append(word)
        self[word] = number = len(self.vocabulary) - 1
        return number
