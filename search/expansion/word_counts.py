"""The words of an index with their counts, as its episodes are cut, and where those are that the dictionary lacks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.positions.token_stream import is_basic
from search.query.deadline import Deadline, OutOfTime

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

Places: TypeAlias = Mapping[int, list[int]]
"""episode -> positions in atoms."""

WORD = re.compile("10+")
"""A word of several atoms, in a string of word boundaries."""


class WordsRead:
    """What was read by the deadline, or before a request raised OutOfTime. `counts` has the words of several atoms,
    `new` the positions of those that are in no dictionary."""

    def __init__(self, snapshot: Snapshot, deadline: Deadline) -> None:
        self._snapshot = snapshot
        self.counts: Counter[str] = Counter()
        self.new: defaultdict[str, dict[int, list[int]]] = defaultdict(dict)
        numbers = snapshot.episodes()
        with suppress(OutOfTime):
            for number in deadline.within(numbers):
                self._read(number)

    def _read(self, number: int) -> None:
        units, marks = self._snapshot.stream(number).units(), self._snapshot.marks(number)
        begins, unknown = marks.begins, marks.new
        self.counts.update([units[match.start() : match.end()] for match in WORD.finditer(begins)])
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
