"""The words and characters of one commit of an index: how often, and in which episodes, each is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from heapq import merge
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from indexer.core.memory.caches import cached
from indexer.core.positions.tokens import is_single
from indexer.store import schema

if TYPE_CHECKING:
    from indexer.store.segments import Segment
    from search.backends.embedded.stored_fields import StoredFields


class StoredVocabulary:
    """The vocabulary of a commit, from its posting lists; caches only immutable values."""

    def __init__(self, stored: StoredFields, segments: Sequence[Segment]) -> None:
        self._stored = stored
        self._segments = segments
        # Functions of `stored`, not of self (`cached`): else files would stay open long after the next commit.
        self._word_counts = cached(partial(stored.count, schema.WORDS), 65536)
        self._char_counts = cached(partial(stored.count, schema.CHARS), 65536)
        self._word_postings = cached(partial(stored.counts, schema.WORDS), 256)  # prefixes have hundreds
        self._char_postings = cached(partial(stored.counts, schema.CHARS), 128)

    @property
    def total_atoms(self) -> int:
        """The total length of all episodes, in atoms."""
        return self._stored.total_atoms

    def word_count(self, word: str) -> int:
        """The collection frequency of a word: its number of occurrences in the whole index."""
        return self._word_counts(word)

    def word_spread(self, word: str) -> int:
        """The number of episodes with a word."""
        return len(self.word_episodes(word))

    def char_count(self, character: str) -> int:
        """The collection frequency of a Han or kana character."""
        return self._char_counts(character)

    def occurrences(self, atoms: Sequence[str], counts: Callable[[], Mapping[int, int]], is_word: bool = False) -> int:
        """The number of occurrences of a run of atoms in all episodes; `counts` returns those in each."""
        return sum(counts().values())

    def having(self, ways: Sequence[tuple[Sequence[str], bool]], counts: Mapping[int, int]) -> int:
        """The number of episodes with one of several runs; `counts` are the occurrences in each."""
        return len(counts)

    def word_episodes(self, word: str) -> dict[int, int]:
        """episode -> number of occurrences of a word."""
        return self._word_postings(word)[0]

    def char_episodes(self, character: str) -> dict[int, int]:
        """episode -> number of occurrences of a Han or kana character."""
        return self._char_postings(character)[0]

    def word_peaks(self, word: str) -> dict[int, int]:
        """episode -> an upper bound of a word's occurrences in one window (`indexer.store.impacts`)."""
        return self._word_postings(word)[1]

    def char_peaks(self, character: str) -> dict[int, int]:
        """episode -> an upper bound of a Han or kana character's occurrences in one window."""
        return self._char_postings(character)[1]

    @cached_property
    def names(self) -> list[str]:
        """The words of the vocabulary that are written in letters."""
        return [word for word in takewhile(lambda word: not is_single(word), self.words()) if not word[0].isdigit()]

    def words(self, prefix: str = "") -> Iterator[str]:
        """Yields the words of the vocabulary that start with the folded `prefix`, sorted."""
        return self._terms(schema.WORDS, prefix)

    def characters(self) -> Iterator[str]:
        """Yields the Han and kana characters that occur, sorted."""
        return self._terms(schema.CHARS)

    def announce(self, words: Collection[str]) -> None:
        """Does nothing: posting lists are read where they are needed."""

    def announce_counts(self, terms: Iterable[str]) -> None:
        """Does nothing, likewise."""

    def _terms(self, field: str, prefix: str = "") -> Iterator[str]:
        terms = [segment.terms(field, prefix.encode()) for segment in self._segments]
        in_order = terms[0] if len(terms) == 1 else (term for term, _ in groupby(merge(*terms)))
        return map(bytes.decode, in_order)
