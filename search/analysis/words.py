"""The words of an index as numbers: each episode cut where its marks say, and each word the number of its entry.

These words do not overlap, so they can be counted; those of the postings do, for they have the parts of long words as
well. Whatever counts walks over arrays of numbers, in loops that run in C.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import chain, compress, count, pairwise
from typing import TypeAlias

from indexer.core.token_stream import Region
from search.analysis.function_words import FUNCTION_WORDS
from search.analysis.sentences import sentence_ends
from search.analysis.subcorpus import Part, minus
from search.backends.embedded.snapshot import Snapshot

Runs: TypeAlias = "Sequence[array[int]]"
"""Stretches of words by number."""


class Words:
    """The words of all episodes. With `characters` each atom is taken for a word: a character, a name, a number.

    `vocabulary` has the text of each number; 0 is no word.
    """

    def __init__(self, snapshot: Snapshot, characters: bool = False) -> None:
        self.snapshot = snapshot
        self.characters = characters
        numbers = _Numbers()
        self.vocabulary = numbers.vocabulary
        self._numbers = numbers
        self._said: dict[int, array[int]] = {}
        for episode in snapshot.episodes():
            stream = snapshot.stream(episode)
            # A code stands for another name in each episode, and for nothing else.
            numbers.update((code, numbers[name]) for name, code in stream.codes.items())
            said = stream.units()
            units = list(said) if characters else cut(said, snapshot.marks(episode).begins)
            self._said[episode] = array("I", map(numbers.__getitem__, units))
        self._ends: dict[int, list[int]] = {}
        self.starts = lru_cache(4096)(partial(_starts, snapshot, characters))

    def __getitem__(self, episode: int) -> array[int]:
        """The words of an episode in order."""
        return self._said[episode]

    def spans(self, episode: int, regions: Iterable[Region]) -> Iterator[tuple[int, int]]:
        """Which words begin in the regions: for each the first, and the one after the last."""
        for begin, end in regions:
            if (begin, end) == (0, self.snapshot.atoms(episode)):
                yield 0, len(self[episode])
            else:
                starts = self.starts(episode)
                yield bisect_left(starts, begin), bisect_left(starts, end)

    def runs(self, part: Part, sentences: bool = False) -> Iterator[array[int]]:
        """The words of a part, each stretch that nothing interrupts by itself; with `sentences` a 0 stands between
        two."""
        for episode, regions in part.kept.items():
            for first, end in self.spans(episode, regions):
                yield self.sentences(episode, first, end) if sentences else self[episode][first:end]

    def counts(self, part: Part) -> Counter[int]:
        """How often each word is in a part. Where the rest is smaller, it is counted and taken away."""
        rest = self._rest(part)
        if self.size(part.kept) <= self.size(rest.kept):
            return Counter(chain.from_iterable(self.runs(part)))
        counts = self._totals.copy()
        for word, n in Counter(chain.from_iterable(self.runs(rest))).items():
            counts[word] -= n
            if not counts[word]:
                del counts[word]
        return counts

    @cached_property
    def _totals(self) -> Counter[int]:
        return Counter(chain.from_iterable(self._said.values()))

    def _rest(self, part: Part) -> Part:
        """What a part leaves out."""
        whole = ((episode, [(0, self.snapshot.atoms(episode))]) for episode in self._said)
        return Part({episode: minus(region, part.kept.get(episode, ())) for episode, region in whole}, {})

    def sentences(self, episode: int, first: int, end: int) -> array[int]:
        """Words of an episode, with a 0 between two sentences."""
        ends, said = self._ends_of(episode), self[episode]
        inside = ends[bisect_right(ends, first) : bisect_left(ends, end)]
        if not inside:
            return said[first:end]
        parted = array("I")
        for begin, until in pairwise((first, *inside, end)):
            parted += said[begin:until]
            parted.append(0)
        return parted[:-1]

    def _ends_of(self, episode: int) -> list[int]:
        """The words of an episode before which a sentence ends."""
        known = self._ends.get(episode)
        if known is None:
            found = sentence_ends(self.snapshot, episode)
            starts = self.starts(episode) if found else ()
            known = self._ends[episode] = sorted({bisect_left(starts, atom) for atom in found})
        return known

    def number(self, text: str) -> int:
        """The number of a word, 0 for a text that is none here."""
        return self._numbers.get(text, 0)

    def numbers(self, texts: Iterable[str]) -> frozenset[int]:
        """The numbers of those of the texts that are words here."""
        return frozenset(filter(None, map(self.number, texts)))

    @cached_property
    def empty(self) -> frozenset[int]:
        """The numbers of those words that say little by themselves: function words, figures, single letters."""
        letters = (number for number, text in enumerate(self.vocabulary) if len(text) == 1 and text.isascii())
        return self.numbers(FUNCTION_WORDS) | self.figures | frozenset(letters)

    @cached_property
    def figures(self) -> frozenset[int]:
        """The numbers of those words that are written in figures."""
        return frozenset(number for number, text in enumerate(self.vocabulary) if text[:1].isdigit())

    def text(self, numbers: Iterable[int]) -> str:
        """Some words, with spaces between; characters without."""
        return ("" if self.characters else " ").join(map(self.vocabulary.__getitem__, numbers))

    def size(self, regions: Mapping[int, Sequence[Region]]) -> int:
        """The number of words in some regions."""
        return sum(end - first for episode in regions for first, end in self.spans(episode, regions[episode]))


def _starts(snapshot: Snapshot, characters: bool, episode: int) -> Sequence[int]:
    """The position in atoms of each word of an episode."""
    begins = snapshot.marks(episode).begins
    return range(len(begins)) if characters else array("I", compress(count(), map("1".__eq__, begins)))


class _Numbers(dict[str, int]):
    """word -> its number, given when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.vocabulary = [""]

    def __missing__(self, word: str) -> int:
        self.vocabulary.append(word)
        self[word] = number = len(self.vocabulary) - 1
        return number


_NOTHING, _BREAK = "\0", " "
_BREAKS = bytes.maketrans(b"01", f"{_NOTHING}{_BREAK}".encode())
"""What stands before an atom; inside a word, nothing."""


def cut(units: str, begins: str) -> list[str]:
    """The words of coded units; `begins` has a 1 for each that is the first of a word.

    >>> cut("强化学习的", "10101")
    ['强化', '学习', '的']
    """
    # Breaks and units take turns, four bytes each; where three units in a microsecond are wanted, nothing else will do.
    coded = units.encode("utf-32-le")
    mixed = bytearray(2 * len(coded))
    mixed[::8] = begins.encode().translate(_BREAKS)
    for byte in range(3):
        mixed[4 + byte :: 8] = coded[byte::4]
    return mixed.decode("utf-32-le").replace(_NOTHING, "").split(_BREAK)[1:]
