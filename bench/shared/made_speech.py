"""Running text without end, made of given text: its grammar stays, the other words are drawn anew,
and the vocabulary grows by Heaps' law. `bench/make_corpus.py` says what it is for, and how fair it is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

HEAPS_K, HEAPS_B = 6.0, 0.62
"""New words in made text: the growth of real talk, as bench/make_corpus.py has it."""
COMMON = 1 / 1000
"""Words said more often than this belong to the grammar and are never redrawn."""
FROM_EPISODE = 0.3
"""The share of redrawn words that were said in the same episode before: what is talked about is named again."""
LATIN, NUMBERS = 0.03, 0.03
"""The shares of new words that are names in Latin letters, and numbers."""

PASSAGE = (2, 8)
"""Cues of the source that stay together."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Running text to recombine: the words of each cue; `share` of its uncommon words are drawn anew."""

    cues: tuple[Words, ...]
    share: float
    heaps_k: float
    before: int
    """Number of running words so far, in all of the text that the source is a sample of."""
    recut: bool
    """Whether its cues are too long for talk, and are cut anew."""


class Speech:
    """An endless speaker: words that go on as the source does, its vocabulary growing as talk's does."""

    def __init__(self, source: Source, chance: random.Random) -> None:
        self._source = source
        self._chance = chance
        self._said = [word for cue in source.cues for word in cue if is_content(word)]
        counts = Counter(word for cue in source.cues for word in cue)
        running = counts.total()
        self._kept = {word for word, count in counts.items() if count > running * COMMON or not is_content(word)}
        self._said = [word for word in self._said if word not in self._kept] or ["播客"]
        self._running = max(running, source.before)
        self._kinds = max(len(counts), heaps(source.heaps_k, source.before))
        self._new = new_words(counts.keys(), chance)

    def episode(self) -> Iterator[Words]:
        """Cues without end; what was said in the episode is likely to be said again."""
        topics: list[str] = []
        cues, chance = self._source.cues, self._chance
        while True:
            at = chance.randrange(len(cues))
            for cue in cues[at : at + chance.randint(*PASSAGE)]:
                yield tuple(self._drawn(word, topics) for word in cue)

    def _drawn(self, word: str, topics: list[str]) -> str:
        """The word itself, or another in its place."""
        self._running += 1
        drawn = self._chance.random
        if word in self._kept or drawn() >= self._source.share:
            return word
        if self._kinds < heaps(self._source.heaps_k, self._running):
            self._kinds += 1
            word = next(self._new)
        elif topics and drawn() < FROM_EPISODE:
            word = topics[int(drawn() * len(topics))]
        else:
            word = self._said[int(drawn() * len(self._said))]
        topics.append(word)
        self._said.append(word)
        return word


def is_content(word: str) -> bool:
    return len(word) > 1 and word.isalnum()


def heaps(k: float, running: int) -> int:
    return int(k * running**HEAPS_B)


def new_words(known: Iterable[str], chance: random.Random) -> Iterator[str]:
    """Words that do not occur yet: those of the dictionary, frequent ones more likely first, and names and numbers."""
    taken = set(known)
    # Drawn without replacement, by weight (Efraimidis and Spirakis): the largest keys first.
    weighted = [
        (chance.random() ** (1 / frequency), word)
        for word, frequency in jieba_dictionary()
        if 2 <= len(word) <= 4 and word not in taken
    ]
    weighted.sort(reverse=True)
    for _, word in weighted:
        kind = chance.random()
        if kind < LATIN:
            yield latin_name(chance)
        elif kind < LATIN + NUMBERS:
            yield str(chance.randrange(10, 10_000))
        yield word
    while True:  # a corpus that has used up the dictionary
        yield latin_name(chance)


@cache
def jieba_dictionary() -> tuple[tuple[str, int], ...]:
    """Every word, and how often jieba's authors counted it."""
    import jieba

    with jieba.get_dict_file() as file:
        lines = (line.split(" ") for line in file.read().decode("utf-8").splitlines())
        return tuple((word, max(1, int(frequency))) for word, frequency, *_ in lines)


def latin_name(chance: random.Random) -> str:
    syllables = chance.randint(2, 4)
    name = "".join(chance.choice("bcdfghklmnprstvwz") + chance.choice("aeiou") for _ in range(syllables))
    return name.capitalize() if chance.random() < 0.7 else name.upper()[: syllables + 1]
