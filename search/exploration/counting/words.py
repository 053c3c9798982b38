"""The words of an index as numbers: each episode split at its word boundaries.

These words do not overlap, so they can be counted; those in the postings do, since they include the parts of long
words. All counting runs over arrays of numbers, in C loops.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import compress, pairwise, starmap
from typing import TYPE_CHECKING, TypeAlias, overload

from indexer.core.memory.caches import cached
from indexer.core.native import tally, word_starts
from indexer.core.positions.token_stream import Region
from search.exploration.counting.function_words import FUNCTION_WORDS
from search.exploration.counting.sentences import sentence_ends
from search.exploration.counting.subcorpus import Part, choose
from search.query.deadline import Deadline

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

Runs: TypeAlias = "Sequence[array[int]]"
"""Stretches of words by number."""


_STARTS = 64
"""Episodes whose starts of words are kept: some 25 KB each, for an hour of speech."""


class NumberCounts(Mapping[int, int]):
    """The occurrences of words by number, 0 for those that do not occur; its items are those that do. A Counter of half
    a million words would take ten times the memory."""

    def __init__(self, counts: array[int]) -> None:
        """`counts` has one for each number."""
        self._counts = counts

    def __getitem__(self, number: int) -> int:
        return self._counts[number]

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and 0 <= number < len(self._counts) and self._counts[number] > 0

    def __iter__(self) -> Iterator[int]:
        return compress(range(len(self._counts)), self._counts)

    def __len__(self) -> int:
        return len(self._counts) - self._counts.count(0)

    def total(self) -> int:
        """The number of all occurrences."""
        return sum(self._counts)


class MadeRuns(Sequence["array[int]"]):
    """Stretches of words that are made when they are asked for, so that those of all text are never in memory."""

    def __init__(self, make: Callable[[int, int, int], array[int]], places: Sequence[tuple[int, int, int]]) -> None:
        """`places` are what `make` takes: an episode, and the first and the end of its words."""
        self._make = make
        self.places = places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> array[int]: ...
    @overload
    def __getitem__(self, at: slice) -> MadeRuns: ...
    def __getitem__(self, at: int | slice) -> array[int] | MadeRuns:
        return MadeRuns(self._make, self.places[at]) if isinstance(at, slice) else self._make(*self.places[at])

    def __iter__(self) -> Iterator[array[int]]:
        return starmap(self._make, self.places)


class Words:
    """The words of the episodes that a `WordReader` has read. With `characters`, each atom is a word: a character, a
    name, a number.

    `vocabulary` has the text of each number; 0 is not a word. `numbers` has the number of each text, and may have those
    of words that were read later.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        characters: bool,
        said: Mapping[int, array[int]],
        vocabulary: Sequence[str],
        numbers: Mapping[str, int],
    ) -> None:
        self.snapshot = snapshot
        self.characters = characters
        self.vocabulary = vocabulary
        self._said = said
        self._numbers = numbers
        self._ends: dict[int, array[int]] = {}
        self._starts = cached(partial(_starts, snapshot, characters), _STARTS)

    @property
    def episodes(self) -> Collection[int]:
        """The episodes that were read."""
        return self._said.keys()

    def everything(self, damping: bool = True) -> Part:
        """All that was read."""
        return self.read_of(choose(self.snapshot, damping=damping))

    def read_of(self, part: Part) -> Part:
        """The part, restricted to the episodes that were read."""
        return part if len(self._said) == len(self.snapshot.episodes()) else part.within(self._said)

    def starts(self, episode: int) -> Sequence[int]:
        """The atom at which each word of an episode starts."""
        return self._starts(episode)

    def __getitem__(self, episode: int) -> array[int]:
        """The words of an episode in order."""
        return self._said[episode]

    def spans(self, episode: int, regions: Iterable[Region]) -> Iterator[tuple[int, int]]:
        """The words that start in each region, as (first, end)."""
        for begin, end in regions:
            if (begin, end) == (0, self.snapshot.atoms(episode)):
                yield 0, len(self[episode])
            else:
                starts = self.starts(episode)
                yield bisect_left(starts, begin), bisect_left(starts, end)

    def runs(self, part: Part, sentences: bool = False, deadline: Deadline | None = None) -> MadeRuns:
        """The words of a part, one run per uninterrupted stretch; with `sentences`, a 0 separates sentences. Once the
        deadline has passed, the rest of the episodes is left out."""
        kept = (deadline or Deadline()).within(part.kept.items())
        places = [(episode, *span) for episode, regions in kept for span in self.spans(episode, regions)]
        return MadeRuns(self.sentences if sentences else self._words, places)

    def _words(self, episode: int, first: int, end: int) -> array[int]:
        """Words of an episode; without a copy if they are all."""
        said = self[episode]
        return said if (first, end) == (0, len(said)) else said[first:end]

    def counts(self, part: Part) -> NumberCounts:
        """The occurrences of each word in a part."""
        counts = self.no_counts()
        for run in self.runs(part):
            tally(run, counts)
        return NumberCounts(counts)

    def no_counts(self) -> array[int]:
        """A count of 0 for each number of a word, as `native.tally` takes them."""
        return array("Q", bytes(8 * len(self.vocabulary)))

    def sentences(self, episode: int, first: int, end: int) -> array[int]:
        """Words of an episode, with a 0 between sentences."""
        ends, said = self._ends_of(episode), self[episode]
        inside = ends[bisect_right(ends, first) : bisect_left(ends, end)]
        if not inside:
            return self._words(episode, first, end)
        parted = array("I")
        for begin, until in pairwise((first, *inside, end)):
            parted += said[begin:until]
            parted.append(0)
        return parted[:-1]

    def _ends_of(self, episode: int) -> array[int]:
        """The words of an episode that follow a sentence end."""
        known = self._ends.get(episode)
        if known is None:
            found = sentence_ends(self.snapshot, episode)
            starts = self.starts(episode) if found else ()
            known = self._ends[episode] = array("I", sorted({bisect_left(starts, atom) for atom in found}))
        return known

    def number(self, text: str) -> int:
        """The number of a word; 0 if unknown."""
        number = self._numbers.get(text, 0)
        return number if number < len(self.vocabulary) else 0

    def numbers(self, texts: Iterable[str]) -> frozenset[int]:
        """The numbers of the known words among the texts."""
        return frozenset(filter(None, map(self.number, texts)))

    @cached_property
    def empty(self) -> frozenset[int]:
        """The numbers of words with little content: function words, figures, single letters."""
        letters = (number for number, text in enumerate(self.vocabulary) if len(text) == 1 and text.isascii())
        return self.numbers(FUNCTION_WORDS) | self.figures | frozenset(letters)

    @cached_property
    def figures(self) -> frozenset[int]:
        """The numbers of words written in figures."""
        return frozenset(number for number, text in enumerate(self.vocabulary) if text[:1].isdigit())

    def text(self, numbers: Iterable[int]) -> str:
        """Joins words with spaces, or characters without."""
        return ("" if self.characters else " ").join(map(self.vocabulary.__getitem__, numbers))

    def size(self, regions: Mapping[int, Sequence[Region]]) -> int:
        """The number of words in some regions."""
        return sum(end - first for episode in regions for first, end in self.spans(episode, regions[episode]))


def _starts(snapshot: Snapshot, characters: bool, episode: int) -> Sequence[int]:
    """The position in atoms of each word of an episode."""
    if characters:
        return range(snapshot.atoms(episode))
    starts, marks = array("I"), snapshot.marks(episode)
    starts.frombytes(word_starts(marks.packed, marks.atoms))
    return starts
