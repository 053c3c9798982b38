"""Tells how well a text fits where another word is said: by the words right before and after each.

The evidence of one neighbour is a logarithm of how much likelier it is beside the word than anywhere. A neighbour
counts once an episode, so that one that is repeated in a single episode, as in a pun or a chorus, says little.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.core.memory.caches import cached
from indexer.core.native import neighbours
from indexer.core.positions.token_stream import Stream, is_basic
from search.expansion.mishearings.word_counts import WordsRead
from search.query.deadline import Deadline, OutOfTime

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_ENOUGH = 250
"""Neighbours on a side after which no more are collected for a word."""
_PRIOR, _DISCOUNT = 3.0, 0.7
"""How many neighbours drawn from all text are added to those of a word, and what is taken from the count of each: a
neighbour seen once proves little."""
_RANGE = -3.0, 6.0
"""The least and the most evidence of one neighbour, in nats."""
_AROUND = 30
"""Atoms around a place in which the word itself is looked for."""
_KEPT = 1024
"""Episodes whose units and word boundaries are kept: some 60 KB each, for an hour of speech."""
_STEP = 7
"""Episodes are read in this stride, so that those collected first are from all over the index."""


class _Side:
    """The neighbours of words on one side. `counts` has how many episodes have each pair, a number with the word in its
    upper 32 bits; `left` how many more neighbours of each word are wanted."""

    def __init__(self, words: Iterable[int], size: int) -> None:
        """Of the given words, by their numbers below `size`, _ENOUGH neighbours are wanted."""
        self.counts: Counter[int] = Counter()
        self.left = array("q", bytes(8 * size))
        for word in words:
            self.left[word] = _ENOUGH
        self._wanted = self.left[:]

    def add(self, pairs: bytes) -> None:
        """Adds the pairs of an episode as `neighbours` returns them."""
        self.counts.update(memoryview(pairs).cast("Q"))

    def add_names(self, pairs: Collection[tuple[int, int]]) -> None:
        """Adds the different pairs of names and their neighbours in an episode."""
        for name, neighbour in pairs:
            self.counts[name << 32 | neighbour] += 1
            self.left[name] -= 1

    def total(self, word: int) -> int:
        """How many neighbours of a word were counted."""
        return self._wanted[word] - self.left[word]

    def evidence(self, word: int, neighbour: int, share: float) -> float:
        """How much likelier a neighbour is beside a word than in all text, of which it is a share."""
        there = max(0.0, self.counts.get(word << 32 | neighbour, 0) - _DISCOUNT) + _PRIOR * share
        low, high = _RANGE
        return min(high, max(low, math.log(there / ((self.total(word) + _PRIOR) * share))))


class Contexts:
    """The neighbours of some words of several atoms and of some names."""

    def __init__(self, words: Collection[str], read: WordsRead, snapshot: Snapshot, deadline: Deadline) -> None:
        self._snapshot = snapshot
        self._read = read
        self._units: Callable[[int], str] = cached(lambda number: snapshot.stream(number).units(), _KEPT)
        self._begins: Callable[[int], str] = cached(lambda number: snapshot.marks(number).begins, _KEPT)
        numbers_of = {word: read.number(word) for word in words}
        names = {word: number for word, number in numbers_of.items() if not is_basic(word[0])}
        others = numbers_of.keys() - names.keys()
        self._before, self._after = (_Side(map(numbers_of.__getitem__, others), read.size) for _ in range(2))
        numbers = snapshot.episodes()
        with suppress(OutOfTime):
            for number in deadline.within([n for first in range(_STEP) for n in numbers[first::_STEP]]):
                before, after = neighbours(read.words(number), self._before.left, self._after.left)
                self._before.add(before)
                self._after.add(after)
                self._learn_names(number, names)

    def _learn_names(self, number: int, names: Mapping[str, int]) -> None:
        """Adds the neighbours of names in one episode."""
        stream, units = self._snapshot.stream(number), self._units(number)
        befores, afters = set[tuple[int, int]](), set[tuple[int, int]]()
        for name, start, end in _names_at(stream, units, stream.codes.keys() & names.keys()):
            before, after = words_beside(stream, units, self._begins(number), start, end)
            befores.add((names[name], self._read.number(before)))
            afters.add((names[name], self._read.number(after)))
        self._before.add_names(befores)
        self._after.add_names(afters)

    def evidence(self, word: str, number: int, start: int, end: int) -> float:
        """How much likelier the neighbours of a place are beside `word` than anywhere, in nats; both sides added."""
        stream = self._snapshot.stream(number)
        beside = words_beside(stream, self._units(number), self._begins(number), start, end)
        numbered, fits = self._read.number, 0.0
        for side, neighbour in zip((self._before, self._after), beside, strict=True):
            if neighbour:
                fits += side.evidence(numbered(word), numbered(neighbour), self._read.share(neighbour))
        return fits

    def is_near(self, word: str, number: int, start: int, end: int) -> bool:
        """True if the word itself is said around a place: people play with words that sound alike."""
        said = word if is_basic(word[0]) else self._snapshot.stream(number).codes.get(word)
        return said is not None and said in self._units(number)[max(0, start - _AROUND) : end + _AROUND]


def words_beside(stream: Stream, units: str, begins: str, start: int, end: int) -> tuple[str, str]:
    """The words before and after the atoms [start, end); empty beyond the ends of an episode."""
    first = begins.rfind("1", 0, start)
    last = begins.find("1", end + 1)
    before = units[first:start] if first >= 0 else ""
    after = units[end : last if last >= 0 else len(units)]
    return _written(before, stream), _written(after, stream)


def _written(units: str, stream: Stream) -> str:
    return stream.name(units) if len(units) == 1 else units


def _names_at(stream: Stream, units: str, names: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    for name in names:
        code = stream.codes[name]
        at = units.find(code)
        while at >= 0:
            yield name, at, at + 1
            at = units.find(code, at + 1)
