"""N-grams: words in a row, counted size by size, the rare ones left out as soon as they are known to be.

A gram is its words but the last, and its words but the first: two grams of the size before, which begin beside each
other. None is more frequent than what it is made of, so what is rare need not be made longer (Agrawal and Srikant,
Fast algorithms for mining association rules, 1994).
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, repeat

from search.explore.words import Runs

Gram = tuple[int, ...]
"""Words in a row, by number."""

_SMALL, _LARGE, _PAIR = "H", "I", "Q"
"""Arrays of small numbers, of larger ones, and of two of those beside each other; two small ones are a large one."""
_MOST_SMALL = 0xD7FF
"""As characters, the next ones would be halves of others."""
_WIDER = {_SMALL: _LARGE, _LARGE: _PAIR}


class Size:
    """The grams of one size, numbered from 1; 0 is a rare one. `counts` tells how often each occurs."""

    def __init__(self, counts: Mapping[int, int], before: Size | None = None, most: int = 0) -> None:
        """`counts` is by key: a word, or two grams of the size before, the second in the higher bits. Most words are
        not above `most`."""
        self.before = before
        self.words: int = before.words + 1 if before else 1
        self._code = _SMALL if len(counts) <= _MOST_SMALL else _LARGE
        self._bits: int = 8 * array(before._code).itemsize if before else 0
        self.counts = (0, *counts.values())
        self._keys = (0, *counts)
        self._numbers = {key: number for number, key in enumerate(counts, 1)}
        self._most = max(most, *self._keys) if before is None else 0

    def runs(self, before: Runs) -> Runs:
        """Runs of words, or of grams of the size before, as those of the grams that begin there."""
        if self.before:
            return self._numbered(map(_pairs, before))
        # There are not many words, and a list is faster to look into.
        table = [0] * (self._most + 1)
        for number, key in enumerate(self._keys):
            table[key] = number
        try:
            return [array(self._code, map(table.__getitem__, run)) for run in before]
        except IndexError:  # words of another part
            return self._numbered(before)

    def _numbered(self, keys: Iterable[array[int]]) -> Runs:
        known = self._numbers.get
        return [array(self._code, map(known, run, repeat(0))) for run in keys]

    def then(self, counts: Mapping[int, int], least: int) -> Size:
        """The next size, of pairs of these grams and how often each is: of those that come so often."""
        mask = (1 << 8 * array(self._code).itemsize) - 1
        return Size({key: n for key, n in counts.items() if n >= least and key & mask and key > mask}, self)

    def gram(self, number: int) -> Gram:
        """The words of a gram."""
        if self.before is None:
            return (self._keys[number],)
        first, second = self.halves(number)
        return (*self.before.gram(first), self.before.gram(second)[-1])

    def halves(self, number: int) -> tuple[int, int]:
        """What a gram is made of: its words but the last, and its words but the first, of the size before."""
        key = self._keys[number]
        return key & ((1 << self._bits) - 1), key >> self._bits

    def cuts(self, number: int) -> Iterator[tuple[int, int]]:
        """How often the two parts of a gram are, for every way to cut it in two."""
        return zip(self._parts(number, 0), reversed(self._parts(number, 1)), strict=True)

    def _parts(self, number: int, side: int) -> list[int]:
        """The counts of the beginnings (0) or ends (1) of a gram, the longest first."""
        counts, size = [], self
        while size.before:
            number, size = size.halves(number)[side], size.before
            counts.append(size.counts[number])
        return counts

    def grams(self) -> Iterator[tuple[Gram, int]]:
        """The grams with their counts."""
        return ((self.gram(number), n) for number, n in enumerate(self.counts) if number)


def learn(
    runs: Runs,
    longest: int,
    least: int,
    wanted: Callable[[int], bool] = bool,
    counts: Mapping[int, int] | None = None,
) -> Iterator[Size]:
    """The grams of one word, two and up to `longest`, of those words that are wanted; each at least so often. A 0 is
    no word. `counts` are those of all words, where they are known already."""
    counts = count(runs) if counts is None else counts
    often = {word: n for word, n in counts.items() if word and n >= least and wanted(word)}
    size = Size(often, most=max(counts, default=0))
    yield size
    while size.words < longest:
        runs = list(map(_in_company, size.runs(runs)))
        size = size.then(count(map(_pairs, runs)), least)
        yield size


def count(runs: Iterable[Iterable[int]]) -> Counter[int]:
    """How often each number is in all runs."""
    return Counter(chain.from_iterable(runs))


def recount(sizes: Iterable[Size], runs: Runs) -> Iterator[Counter[int]]:
    """How often the grams of each size are in other runs; each size goes on from the one before."""
    for size in sizes:
        found = size.runs(runs)
        yield count(found)
        runs = list(map(_in_company, found))


def _pairs(run: array[int]) -> array[int]:
    """A number for every two neighbours of a run: their bits beside each other, those of the second higher.

    >>> _pairs(array("H", [5, 6, 7])) == array("I", [5 + (6 << 16), 6 + (7 << 16)])
    True
    """
    pairs = array(_WIDER[run.typecode])
    if len(run) > 1:
        # Millions are counted: they are put together as bytes, in loops that run in C.
        beside = array(run.typecode, bytes(2 * run.itemsize * (len(run) - 1)))
        beside[_LOW::2], beside[1 - _LOW :: 2] = run[:-1], run[1:]
        pairs.frombytes(beside.tobytes())
    return pairs


_LOW = 0 if sys.byteorder == "little" else 1
_ENCODINGS = {code: f"utf-{8 * array(code).itemsize}-{sys.byteorder[0]}e" for code in (_SMALL, _LARGE)}


def _in_company(run: array[int]) -> array[int]:
    """A run without what no longer gram can be made of: grams that have no other beside them, and most of the zeros.

    >>> list(_in_company(array("I", [0, 7, 0, 0, 5, 6, 0, 8, 0, 1, 2, 3])))
    [5, 6, 0, 1, 2, 3]
    """
    if max(run, default=0) > sys.maxunicode:
        return run
    # As characters, of which strings are split in C.
    encoding = _ENCODINGS[run.typecode]
    stretches = run.tobytes().decode(encoding, "surrogatepass").split("\0")
    kept = "\0".join([stretch for stretch in stretches if len(stretch) > 1])
    return array(run.typecode, kept.encode(encoding, "surrogatepass"))
