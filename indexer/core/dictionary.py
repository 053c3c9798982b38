"""jieba's dictionary and its hidden Markov model, of which only the characters that a text needs are in memory.

Where they come from is the business of `indexer.core.dictionary_file`. The user's words are added here.
"""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from indexer.core.memo import Memo

HAN = "\u4e00-\u9fd5"
"""The characters that jieba joins to words; to it all others but Latin letters and figures stand alone."""
STATES = "BEMS"
"""Of the hidden Markov model: a character begins, ends, is inside, or is a word."""
STEPS = (("B", "EM"), ("M", "EM"), ("E", "BS"), ("S", "BS"))
"""From one state to the next: a word that has begun ends or goes on; after its end another begins."""
IMPOSSIBLE = -3.14e100
"""jieba's logarithm of a probability of zero."""

_MOST_ENTRIES = 2000
"""Characters whose entries are held in memory; with those of before they take up to 40 MB."""

Emissions = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a character: the longer words that begin with it with their frequencies, their second
    characters and the length of the longest; its frequency as a word, 0 when it is none; the characters that follow
    it anywhere in a word; its log probability in each of the `STATES`."""

    words: Mapping[str, int]
    seconds: Collection[str]
    longest: int
    alone: int
    followers: Collection[str]
    emissions: Emissions


NOTHING = Entry({}, "", 1, 0, "", (IMPOSSIBLE,) * 4)
"""The entry of a character that is in no word."""


@dataclass(frozen=True, slots=True)
class HiddenMarkovModel:
    """Log probabilities of the hidden Markov model: of each of the `STATES` at the beginning, and of the `STEPS`."""

    start: Sequence[float]
    steps: Sequence[tuple[float, float]]


class PackedEntries(Protocol):
    """Where entries are read from."""

    def find(self, character: str) -> bytes | None:
        """The fields of a character's `Entry`, marshalled; None for a character that is in no word."""


class Dictionary:
    """The prepared data and words added to them: `entries` by character (also of those in no word), `total`, the
    sum of all frequencies, and `model`, what of the hidden Markov model belongs to no character."""

    def __init__(self, total: int, model: HiddenMarkovModel, packed: PackedEntries) -> None:
        self.total = total
        self.model = model
        self._packed = packed
        self.entries = Memo(self._load, _MOST_ENTRIES)
        self._added: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._added_followers: defaultdict[str, set[str]] = defaultdict(set)

    def frequency(self, word: str) -> int:
        """How often a word is, 0 for an unknown one."""
        entry = self.entries[word[0]]
        return entry.words.get(word, 0) if len(word) > 1 else entry.alone

    def add(self, word: str, frequency: int) -> None:
        """Adds a word, or changes its frequency."""
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
    """The second characters of words of two and more, and the length of the longest."""
    return "".join(sorted({word[1] for word in words})), max(map(len, words), default=1)


def followers_of(words: Iterable[str]) -> dict[str, set[str]]:
    """character -> those that follow it within a word; where none does, every cut has a border."""
    followers: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for before, after in pairwise(word):
            if "\u4e00" <= before <= "\u9fd5" and "\u4e00" <= after <= "\u9fd5":
                followers[before].add(after)
    return followers
