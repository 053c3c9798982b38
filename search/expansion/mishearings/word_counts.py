"""The words of an index with their counts, as its episodes are cut, and where those are that the dictionary lacks."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.native import tally, word_numbers
from indexer.core.positions.token_stream import is_basic
from search.query.deadline import Deadline, OutOfTime

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

Places: TypeAlias = Mapping[int, list[int]]
"""episode -> positions in atoms."""


_KEPT = 8_000_000
"""Words of episodes whose numbers are kept, 4 bytes each; those of other episodes are read again."""


class WordsRead:
    """What was read by the deadline, or before a request raised OutOfTime. `counts` has the words of several atoms,
    `new` the positions of those that are in no dictionary.

    `numbered` has the numbers of all words, as they are coded in the stream of an episode, and of all names; `size` is
    more than any of these numbers.
    """

    def __init__(self, snapshot: Snapshot, deadline: Deadline) -> None:
        self._snapshot = snapshot
        self.numbered: dict[str, int] = {}
        self._vocabulary = [""]
        self._known = bytearray()
        self._names: set[int] = set()
        self._kept: dict[int, array[int]] = {}
        self._room = _KEPT
        self._amounts = array("Q")
        self._shares: dict[str, float] = {}
        self.new: defaultdict[str, dict[int, list[int]]] = defaultdict(dict)
        numbers = snapshot.episodes()
        with suppress(OutOfTime):
            for number in deadline.within(numbers):
                self._read(number)
        self.counts: Mapping[str, int] = Counter(
            {
                word: self._amounts[number]
                for word, number in self.numbered.items()
                if len(word) > 1 and number not in self._names and number < len(self._amounts)
            }
        )

    @property
    def size(self) -> int:
        return len(self._vocabulary)

    def number(self, word: str) -> int:
        """The number of a word or a name, a new one if it has none; 0 for an empty text."""
        number = self.numbered.get(word) if word else 0
        if number is None:
            number = self.numbered[word] = len(self._vocabulary)
            self._vocabulary.append(word)
        return number

    def words(self, number: int) -> array[int]:
        """The numbers of the words of an episode, in order."""
        said = self._kept.get(number)
        if said is None:
            stream, marks = self._snapshot.stream(number), self._snapshot.marks(number)
            names = {code: self.number(name) for code, name in stream.names_by_code().items()}
            self._names.update(names.values())
            said = array("I")
            said.frombytes(
                word_numbers(*stream.packed_units, marks.packed, names, self.numbered, self._vocabulary, self._known)
            )
            if len(said) <= self._room:
                self._room -= len(said)
                self._kept[number] = said
        return said

    def _read(self, number: int) -> None:
        said = self.words(number)
        self._amounts.extend([0] * (self.size - len(self._amounts)))
        tally(said, self._amounts)
        units, marks = self._snapshot.stream(number).units(), self._snapshot.marks(number)
        begins, unknown = marks.begins, marks.new
        at = unknown.find("1")
        while at >= 0:
            end = begins.find("1", at + 1)
            self.new[units[at : end if end >= 0 else None]].setdefault(number, []).append(at)
            at = unknown.find("1", at + 1)

    def share(self, word: str) -> float:
        """The share of a word, a character that is a word of its own, or a name in all text; never 0."""
        if word not in self._shares:
            self._shares[word] = (self._count(word) + 1) / max(1, self._snapshot.total_atoms)
        return self._shares[word]

    def together(self, text: str) -> float:
        """How often two characters would stand side by side if they were independent words."""
        return self.share(text[0]) * self.share(text[1]) * self._snapshot.total_atoms

    def _count(self, word: str) -> int:
        if len(word) == 1 and is_basic(word):
            return max(0, self._snapshot.char_count(word) - self._inside[word])
        return self.counts[word] if word and is_basic(word[0]) else self._snapshot.word_count(word)

    @cached_property
    def _inside(self) -> Mapping[str, int]:
        """How often each character is a part of a longer word."""
        inside: Counter[str] = Counter()
        for word, count in self.counts.items():
            for character in word:
                inside[character] += count
        self._snapshot.announce_counts(self._snapshot.characters())
        return inside
