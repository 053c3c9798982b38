"""N-grams: words in a row, counted size by size, the rare ones left out as soon as they are known to be.

A gram is its words but the last, and its words but the first: two grams of the size before, which begin beside each
other. None is more frequent than what it is made of, so what is rare need not be made longer (Agrawal and Srikant,
Fast algorithms for mining association rules, 1994).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import add

from search.explore.words import Runs

Gram = tuple[int, ...]
"""Words in a row, by number."""

_WIDTH = (1 << 31) - 1
"""More than there are grams of a size; a prime, which spreads the keys."""


class Size:
    """The grams of one size, numbered from 1; 0 is a rare one. `counts` tells how often each occurs."""

    def __init__(self, counts: Mapping[int, int], before: Size | None = None) -> None:
        """`counts` is by key: a word, or two grams of the size before."""
        self.before = before
        self.words: int = before.words + 1 if before else 1
        self.counts = (0, *counts.values())
        self._keys = (0, *counts)
        self._numbers = {key: number for number, key in enumerate(counts, 1)}

    def runs(self, before: Runs) -> Runs:
        """Runs of words, or of grams of the size before, as those of the grams that begin there."""
        known = self._numbers.get
        return [array("I", map(known, run, repeat(0))) for run in (map(pairs, before) if self.before else before)]

    def gram(self, number: int) -> Gram:
        """The words of a gram."""
        if self.before is None:
            return (self._keys[number],)
        first, second = self.halves(number)
        return (*self.before.gram(first), self.before.gram(second)[-1])

    def halves(self, number: int) -> tuple[int, int]:
        """What a gram is made of: its words but the last, and its words but the first, of the size before."""
        return divmod(self._keys[number], _WIDTH)

    def grams(self) -> Iterator[tuple[Gram, int]]:
        """The grams with their counts."""
        return ((self.gram(number), count) for number, count in enumerate(self.counts) if number)


def learn(runs: Runs, longest: int, least: int, wanted: Callable[[int], bool] = bool) -> Iterator[Size]:
    """The grams of one word, two and up to `longest`, of those words that are wanted; each at least so often."""
    counts = Counter(chain.from_iterable(runs))
    size = Size({word: count for word, count in counts.items() if count >= least and wanted(word)})
    yield size
    while size.words < longest:
        runs = size.runs(runs)
        counts = Counter(chain.from_iterable(map(pairs, runs)))
        size = Size({key: count for key, count in counts.items() if count >= least and all(divmod(key, _WIDTH))}, size)
        yield size


def recount(sizes: Iterable[Size], runs: Runs) -> Iterator[Counter[int]]:
    """How often the grams of each size are in other runs; each size goes on from the one before."""
    for size in sizes:
        runs = size.runs(runs)
        yield Counter(chain.from_iterable(runs))


def pairs(run: Sequence[int]) -> Iterator[int]:
    """A key for every two neighbours of a run."""
    return map(add, map(_WIDTH.__mul__, run), run[1:])
