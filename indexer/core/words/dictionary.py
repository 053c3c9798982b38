"""jieba's dictionary and hidden Markov model, loaded per character on demand, plus the user's words.

`indexer.core.words.dictionary_file` provides the packed data.
"""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from indexer.core.memory.caches import Memo

HAN = "\u4e00-\u9fd5"
"""The characters that jieba joins into words. Others, except Latin letters and digits, are words by themselves."""
STATES = "BEMS"
"""The hidden states: the character begins a word, ends one, is inside one, or is one."""
STEPS = (("B", "EM"), ("M", "EM"), ("E", "BS"), ("S", "BS"))
"""The allowed transitions: after B and M a word continues or ends; after E and S another begins."""
IMPOSSIBLE = -3.14e100
"""jieba's log probability for an impossible event."""

_MOST_ENTRIES = 2000
"""Entries cached in memory; two generations of them (see `Memo`) take up to 40 MB."""

Emissions = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the dictionary knows about a character: the longer words that begin with it and their frequencies; their
    second characters; the length of the longest; the character's frequency as a word (0 if it is not one); the
    characters that follow it inside any word; its emission log probability in each of the `STATES`."""

    words: Mapping[str, int]
    seconds: Collection[str]
    longest: int
    alone: int
    followers: Collection[str]
    emissions: Emissions


NOTHING = Entry({}, "", 1, 0, "", (IMPOSSIBLE,) * 4)
"""The entry of a character that occurs in no word."""


@dataclass(frozen=True, slots=True)
class HiddenMarkovModel:
    """Log probabilities: of starting in each of the `STATES`, and of each transition in `STEPS`."""

    start: Sequence[float]
    steps: Sequence[tuple[float, float]]


class PackedEntries(Protocol):
    """The source of packed entries."""

    def find(self, character: str) -> bytes | None:
        """The marshalled fields of a character's `Entry`; None for a character that occurs in no word."""


class Dictionary:
    """The packed dictionary plus added words. `entries` maps every character to its `Entry` (`NOTHING` if unknown),
    `total` is the sum of all frequencies, `model` the part of the hidden Markov model that belongs to no character."""

    def __init__(self, total: int, model: HiddenMarkovModel, packed: PackedEntries) -> None:
        self.total = total
        self.model = model
        self._packed = packed
        self.entries = Memo(self._load, _MOST_ENTRIES)
        self._added: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._added_followers: defaultdict[str, set[str]] = defaultdict(set)

    def frequency(self, word: str) -> int:
        """The frequency of a non-empty word; 0 if it is unknown."""
        entry = self.entries[word[0]]
        return entry.words.get(word, 0) if len(word) > 1 else entry.alone

    def add(self, word: str, frequency: int) -> None:
        """Adds a word or changes its frequency."""
        self._added[word[0]][word] = frequency
        self.total += frequency
        for before, after in followers_of([word]).items():
            self._added_followers[before] |= after
        self.entries.forget()

    def _load(self, character: str) -> Entry:
        packed = self._packed.find(character)
        entry = NOTHING if packed is None else Entry(*marshal.loads(packed))
        added = self._added.get(character, {})
        followers = self._added_followers.get(character, set())
        if not added and not followers:
            return entry
        words = {**entry.words, **added}
        alone = words.pop(character, entry.alone)
        return Entry(words, *beginnings(words), alone, {*entry.followers, *followers}, entry.emissions)


def beginnings(words: Collection[str]) -> tuple[str, int]:
    """The second characters of words of at least two characters, and the length of the longest."""
    return "".join(sorted({word[1] for word in words})), max(map(len, words), default=1)


def followers_of(words: Iterable[str]) -> dict[str, set[str]]:
    """Maps each Han character to those that follow it inside a word. Between any other pair every segmentation has a
    word boundary."""
    followers: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for before, after in pairwise(word):
            if "\u4e00" <= before <= "\u9fd5" and "\u4e00" <= after <= "\u9fd5":
                followers[before].add(after)
    return followers
