"""Tells how well a text fits where another word is said: by the words right before and after each.

The evidence of one neighbour is a logarithm of how much likelier it is beside the word than anywhere. A neighbour
counts once an episode, so that one that is repeated in a single episode, as in a pun or a chorus, says little.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from itertools import compress
from typing import TYPE_CHECKING

from indexer.core.memory.caches import cached
from indexer.core.positions.token_stream import Stream, is_basic
from search.expansion.word_counts import WordsRead
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
    """The neighbours of a word on one side, with the number of episodes that have each."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.total = 0

    def add(self, neighbour: str) -> None:
        self.counts[neighbour] += 1
        self.total += 1

    def evidence(self, neighbour: str, share: float) -> float:
        """How much likelier a neighbour is here than in all text, of which it is a share."""
        there = max(0.0, self.counts.get(neighbour, 0) - _DISCOUNT) + _PRIOR * share
        low, high = _RANGE
        return min(high, max(low, math.log(there / ((self.total + _PRIOR) * share))))


class Contexts:
    """The neighbours of some words of several atoms and of some names."""

    def __init__(self, words: Collection[str], read: WordsRead, snapshot: Snapshot, deadline: Deadline) -> None:
        self._snapshot = snapshot
        self._share = cached(read.share, 65536)
        self._units: Callable[[int], str] = cached(lambda number: snapshot.stream(number).units(), _KEPT)
        self._begins: Callable[[int], str] = cached(lambda number: snapshot.marks(number).begins, _KEPT)
        self._before = {word: _Side() for word in words}
        self._after = {word: _Side() for word in words}
        wanted = {number: word for word in words if is_basic(word[0]) and (number := read.numbered.get(word))}
        names = {word for word in words if not is_basic(word[0])}
        numbers = snapshot.episodes()
        with suppress(OutOfTime):
            for number in deadline.within([n for first in range(_STEP) for n in numbers[first::_STEP]]):
                self._learn_words(number, wanted, read)
                self._learn_names(number, names)

    def _learn_words(self, number: int, wanted: dict[int, str], read: WordsRead) -> None:
        """Adds the neighbours of words in one episode; drops words of which enough are known from `wanted`."""
        said, texts = read.words(number), read.vocabulary
        names, enough = self._snapshot.stream(number).names_by_code(), set[int]()
        there = bytes(map(wanted.__contains__, said))
        beside = (array("I", [0]) + said, said[1:] + array("I", [0]))  # beyond the ends is no word
        for sides, others in zip((self._before, self._after), beside, strict=True):
            for word, other in set(compress(zip(said, others, strict=False), there)):
                side, text = sides[wanted[word]], texts[other]
                side.add(names.get(text, text))
                if side.total >= _ENOUGH:
                    enough.add(word)
        for word in enough:
            del wanted[word]

    def _learn_names(self, number: int, names: Collection[str]) -> None:
        """Adds the neighbours of names in one episode."""
        stream, units = self._snapshot.stream(number), self._units(number)
        befores, afters = set[tuple[str, str]](), set[tuple[str, str]]()
        for name, start, end in _names_at(stream, units, stream.codes.keys() & names):
            before, after = neighbours(stream, units, self._begins(number), start, end)
            befores.add((name, before))
            afters.add((name, after))
        for sides, seen in ((self._before, befores), (self._after, afters)):
            for name, neighbour in seen:
                sides[name].add(neighbour)

    def evidence(self, word: str, number: int, start: int, end: int) -> float:
        """How much likelier the neighbours of a place are beside `word` than anywhere, in nats; both sides added."""
        stream = self._snapshot.stream(number)
        before, after = neighbours(stream, self._units(number), self._begins(number), start, end)
        fits = self._before[word].evidence(before, self._share(before)) if before else 0.0
        return fits + (self._after[word].evidence(after, self._share(after)) if after else 0.0)

    def is_near(self, word: str, number: int, start: int, end: int) -> bool:
        """True if the word itself is said around a place: people play with words that sound alike."""
        said = word if is_basic(word[0]) else self._snapshot.stream(number).codes.get(word)
        return said is not None and said in self._units(number)[max(0, start - _AROUND) : end + _AROUND]


def neighbours(stream: Stream, units: str, begins: str, start: int, end: int) -> tuple[str, str]:
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
