"""The vocabulary of an index, as a search asks for it: counts, prefixes, sounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import Readings


class SummedCounts(Protocol):
    """How often words and characters are said: terms are weighed, and typed text is cut, by these alone, so two engines
    rank alike only if they are equal. Several libraries that are searched together have the sums of theirs
    (`search.backends.joint`)."""

    @property
    def total_atoms(self) -> int:
        """The total length of all episodes, in atoms."""

    def word_count(self, word: str) -> int:
        """The collection frequency of a word: its number of occurrences in all episodes; 0 if unknown."""

    def char_count(self, character: str) -> int:
        """The collection frequency of a Han or kana character of the basic plane."""

    def announce_counts(self, terms: Iterable[str]) -> None:
        """Announces that the counts of some words and characters will be asked for. A cluster is asked for all of them
        at once; nothing else changes."""


class Vocabulary(SummedCounts, Protocol):
    """The words and characters of all episodes of one commit, all in folded form."""

    @property
    def folding(self) -> Folding:
        """Folds text as the index was folded."""

    @property
    def readings(self) -> Readings:
        """The pronunciation of characters, as the index was made with it."""

    @property
    def lexicon(self) -> frozenset[str]:
        """The words that were given to the segmenter."""

    def word_spread(self, word: str) -> int:
        """The number of episodes with a word; 0 if unknown."""

    def occurrences(self, atoms: Sequence[str], counts: Callable[[], Mapping[int, int]], is_word: bool = False) -> int:
        """The number of occurrences of a run of atoms, or of a word of them, in all episodes. `counts` tells
        those in each episode that the snapshot holds, which has every one unless it knows better."""

    def having(self, ways: Sequence[tuple[Sequence[str], bool]], counts: Mapping[int, int]) -> int:
        """The number of episodes with one of several ways to say a term: its atoms, and whether they are to be a word.
        `counts` has the occurrences of all ways in each episode that the snapshot holds."""

    def words(self, prefix: str = "") -> Iterator[str]:
        """Yields the words that start with `prefix`, sorted."""

    def characters(self) -> Iterator[str]:
        """Yields the Han and kana characters that occur, sorted."""

    @property
    def names(self) -> Sequence[str]:
        """The words that are written in letters, sorted."""
