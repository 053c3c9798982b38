"""Counts n-grams size by size, discarding rare ones as early as possible.

A gram consists of two overlapping grams one word shorter: its words but the last, and its words but the first. No gram
is more frequent than its parts, so rare ones are not extended (Agrawal and Srikant, Fast algorithms for mining
association rules, 1994).
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import Literal

from indexer.core.native import is_compiled, likely_pairs, tally_pairs, translated
from search.exploration.counting.words import Runs
from search.query.deadline import Deadline

Gram = tuple[int, ...]
"""A sequence of words, by number."""

_WIDTH = 1 << 32
"""A key packs two 32-bit numbers, the first in the high half."""
_MOST_BUCKETS = (1 << 22) - 1
_MOST_KEPT = 16_000_000
"""With more words than this, the numbers of the frequent ones are found anew in each pass instead of being kept."""
_HIGH = 1 if sys.byteorder == "little" else 0


class _Again(Iterable["array[int]"]):
    """Runs that are made anew whenever they are read."""

    def __init__(self, make: Callable[[], Iterator[array[int]]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[array[int]]:
        return self._make()


class Size:
    """The grams of one size, numbered from 1; 0 is a rare one. `counts` has the occurrences of each."""

    def __init__(self, counts: Mapping[int, int], before: Size | None = None) -> None:
        """`counts` is by key: a word, or two grams of the size before."""
        self.before = before
        self.words: int = before.words + 1 if before else 1
        self.counts = (0, *counts.values())
        self._keys = (0, *counts)
        self._numbers = {key: number for number, key in enumerate(counts, 1)}

    def runs(self, before: Iterable[array[int]]) -> Iterator[array[int]]:
        """Converts runs of words, or of grams of the size before, to runs of the grams starting there."""
        known = self._numbers.get
        if self.before:
            return (array("I", map(known, run, repeat(0))) for run in map(_pairs, before))
        table = array("I", bytes(4 * (1 + max(self._keys))))
        for word, number in self._numbers.items():
            table[word] = number
        return (_of_bytes("I", translated(run, table)) for run in before)

    def by_number(self, counts: Mapping[int, int]) -> Counter[int]:
        """Converts counts by key to counts by number."""
        return Counter({number: counts.get(key, 0) for key, number in self._numbers.items()})

    def in_company(self, runs: Iterable[array[int]]) -> Runs:
        """The runs of its grams, without grams that no longer gram can contain."""
        return list(self.each_in_company(runs))

    def each_in_company(self, runs: Iterable[array[int]]) -> Iterator[array[int]]:
        """Like `in_company`, one run after the other."""
        return map(_in_company, runs) if len(self.counts) <= sys.maxunicode else iter(runs)

    def gram(self, number: int) -> Gram:
        """The words of a gram."""
        if self.before is None:
            return (self._keys[number],)
        first, second = self.halves(number)
        return (*self.before.gram(first), self.before.gram(second)[-1])

    def halves(self, number: int) -> tuple[int, int]:
        """The two parts of a gram: its words but the last, and its words but the first."""
        return divmod(self._keys[number], _WIDTH)

    def cuts(self, number: int) -> Iterator[tuple[int, int]]:
        """The counts of both parts of a gram for each way to split it."""
        return zip(self._parts(number, 0), reversed(self._parts(number, 1)), strict=True)

    def _parts(self, number: int, side: int) -> list[int]:
        """The counts of the prefixes (0) or suffixes (1) of a gram, longest first."""
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
    deadline: Deadline | None = None,
) -> Iterator[Size]:
    """Yields the grams of one word, of two, and so on up to `longest`, made of wanted words and occurring at least
    `least` times. A 0 in a run is not a word. `counts` are those of the words in the runs, if known. Once the deadline
    has passed, there are no longer ones."""
    deadline = deadline or Deadline()
    counts = count(runs) if counts is None else counts
    total = sum(counts.values())
    first = size = Size({word: n for word, n in counts.items() if word and n >= least and wanted(word)})
    yield size
    rest: Iterable[array[int]] = runs
    while size.words < longest:
        if size is first and total > _MOST_KEPT:
            rest = _Again(lambda: first.each_in_company(first.runs(deadline.within(runs))))
        else:
            rest = size.in_company(size.runs(deadline.within(rest)))
        counts = _count_pairs(rest, least, min(total, _MOST_BUCKETS), deadline)
        if deadline.is_over():
            return
        size = Size({key: n for key, n in counts.items() if n >= least and all(divmod(key, _WIDTH))}, size)
        yield size


def count(runs: Iterable[Iterable[int]]) -> Counter[int]:
    """The occurrences of each number in all runs."""
    return Counter(chain.from_iterable(runs))


def recount(
    sizes: Iterable[Size],
    runs: Runs,
    counts: Mapping[int, int] | None = None,
    deadline: Deadline | None = None,
) -> Iterator[Counter[int]]:
    """Counts the grams of each size in other runs, each size from the one before. `counts` are those of the words in
    these runs, if known. Once the deadline has passed, the rest of the sizes is not counted."""
    deadline = deadline or Deadline()
    for size in sizes:
        if counts is not None and size.before is None:
            yield size.by_number(counts)
            found: Iterable[array[int]] = size.runs(deadline.within(runs))
        else:
            found = list(size.runs(deadline.within(runs)))
            counted = count(deadline.within(found))
            if deadline.is_over():
                return
            yield counted
        runs = size.in_company(found)


def _count_pairs(runs: Iterable[array[int]], least: int, size: int, deadline: Deadline) -> Counter[int]:
    """The occurrences of each pair of neighbours, by key, until the deadline; at least of those that occur `least`
    times, and in order of their first occurrence.

    Most pairs occur once or twice. Those whose bucket, of at least `size`, has counted too few are left out,
    so that they are in no dictionary (Park, Chen and Yu, An effective hash-based algorithm for mining association
    rules, 1995).
    """
    if least <= 1 or not is_compiled:
        return count(map(_pairs, deadline.within(runs)))
    buckets = array("H", bytes(2 << size.bit_length()))
    for run in deadline.within(runs):
        tally_pairs(run, buckets)
    return count(_of_bytes("Q", likely_pairs(run, buckets, least)) for run in deadline.within(runs))


def _of_bytes(code: Literal["I", "Q"], numbers: bytes) -> array[int]:
    found = array(code)
    found.frombytes(numbers)
    return found


def _pairs(run: array[int]) -> array[int]:
    """A key for each pair of neighbours in a run, made by interleaving them in memory and reading each pair as one
    number.

    >>> [divmod(key, _WIDTH) for key in _pairs(array("I", [7, 0, 5]))]
    [(7, 0), (0, 5)]
    """
    beside = array("I", bytes(2 * run.itemsize * max(0, len(run) - 1)))
    beside[_HIGH::2] = run[:-1]
    beside[1 - _HIGH :: 2] = run[1:]
    return array("Q", beside.tobytes())


_UTF_32 = f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}"
_COMPANY = re.compile("[^\0]{2,}")


def _in_company(run: array[int]) -> array[int]:
    """The run without grams that have no neighbour, and without most of the zeros.

    >>> list(_in_company(array("I", [0, 7, 0, 0, 5, 6, 0, 8, 0, 1, 2, 3])))
    [5, 6, 0, 1, 2, 3]
    """
    return array("I", "\0".join(_COMPANY.findall(as_text(run))).encode(_UTF_32, "surrogatepass"))


def as_text(run: array[int]) -> str:
    """A run of numbers as a string, for fast search. No number exceeds `sys.maxunicode`."""
    return run.tobytes().decode(_UTF_32, "surrogatepass")
