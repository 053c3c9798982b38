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


class WordsRead:
    """What was read by the deadline, or before a request raised OutOfTime. `counts` has the words of several atoms,
    `new` the positions of those that are in no dictionary.

    Words are numbered as they are coded in the stream of an episode; `numbered` has the numbers of all, `vocabulary`
    their texts by number. A single unit may be a name, another one in each episode.
    """

    def __init__(self, snapshot: Snapshot, deadline: Deadline) -> None:
        self._snapshot = snapshot
        self.numbered: dict[str, int] = {}
        self.vocabulary = [""]
        self._amounts = array("Q")
        self.new: defaultdict[str, dict[int, list[int]]] = defaultdict(dict)
        numbers = snapshot.episodes()
        with suppress(OutOfTime):
            for number in deadline.within(numbers):
                self._read(number)
        self.counts: Mapping[str, int] = Counter(
            {word: count for word, count in zip(self.vocabulary, self._amounts, strict=False) if len(word) > 1}
        )

    def words(self, number: int) -> array[int]:
        """The numbers of the words of an episode, in order."""
        stream, marks = self._snapshot.stream(number), self._snapshot.marks(number)
        said = array("I")
        said.frombytes(word_numbers(*stream.packed_units, marks.packed, {}, self.numbered, self.vocabulary))
        return said

    def _read(self, number: int) -> None:
        said = self.words(number)
        self._amounts.extend([0] * (len(self.vocabulary) - len(self._amounts)))
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
        return (self._count(word) + 1) / max(1, self._snapshot.total_atoms)

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
