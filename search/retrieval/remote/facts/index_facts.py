"""What a search knows of a whole remote index, regardless of which episodes it has fetched: the manifest, and the
frequencies of words asked for so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from indexer.core.positions.token_stream import is_basic
from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import Readings
from search.backends.remote import Frequency, RemoteIndex, Spelled
from search.retrieval.remote.facts.known_words import NONE, KnownWords


class IndexFacts:
    """The part of `search.backends.snapshot.Snapshot` that is about the index, not about its episodes. `wanted_terms`
    and `wanted_runs` are those whose frequencies were needed and are not known; they count as 0. `wanted_spelled` are
    ways in which words may be spelled that were needed and are not known."""

    def __init__(self, remote: RemoteIndex, words: KnownWords) -> None:
        self.remote = remote
        self.vocabulary = words
        self.wanted_terms: set[str] = set()
        self.wanted_runs: set[tuple[str, ...]] = set()
        self.wanted_spelled: set[Spelled] = set()

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        return self.remote.within(left)

    @property
    def folder(self) -> str:
        return self.remote.folder

    @property
    def commit(self) -> int:
        return self.remote.commit

    @property
    def lexicons(self) -> Sequence[str]:
        return self.vocabulary.manifest.lexicons

    @property
    def readings_digest(self) -> str:
        return self.vocabulary.manifest.readings

    def is_current(self) -> bool:
        return self.remote.is_current()

    def let_go(self) -> None:
        """Nothing is mapped."""

    def faults(self) -> list[str]:
        return []

    unchecked = faults

    @property
    def folding(self) -> Folding:
        return self.vocabulary.folding

    @property
    def readings(self) -> Readings:
        return self.vocabulary.readings

    @property
    def lexicon(self) -> frozenset[str]:
        return self.vocabulary.lexicon

    @property
    def total_atoms(self) -> int:
        return self.remote.total_atoms

    @property
    def episode_count(self) -> int:
        return self.remote.episode_count

    def word_count(self, word: str) -> int:
        return 0 if is_basic(word) else self._frequency(word).count

    def word_spread(self, word: str) -> int:
        return 0 if is_basic(word) else self._frequency(word).episodes

    def char_count(self, character: str) -> int:
        return self._frequency(character).count

    def announce_counts(self, terms: Iterable[str]) -> None:
        """Terms whose counts are not known are asked for together anyway."""

    def words(self, prefix: str = "") -> Iterator[str]:
        return self.vocabulary.words(prefix)

    def characters(self) -> Iterator[str]:
        return self.vocabulary.characters()

    @property
    def names(self) -> Sequence[str]:
        return self.vocabulary.names

    def occurrences(self, atoms: Sequence[str], counts: Callable[[], Mapping[int, int]], is_word: bool = False) -> int:
        return (self._frequency("".join(atoms)) if is_word else self._run_frequency(atoms)).count

    def having(self, ways: Sequence[tuple[Sequence[str], bool]], counts: Mapping[int, int]) -> int:
        if len(ways) > 1:
            return self.vocabulary.having([atoms for atoms, _ in ways])
        return sum(
            (self._frequency("".join(atoms)) if is_word else self._run_frequency(atoms)).episodes
            for atoms, is_word in ways
        )

    def _frequency(self, term: str) -> Frequency:
        known = self.vocabulary.known(term)
        if known is None:
            self.wanted_terms.add(term)
        return known or NONE

    def _run_frequency(self, atoms: Sequence[str]) -> Frequency:
        if len(atoms) == 1:
            return self._frequency(atoms[0])
        known = self.vocabulary.known_run(tuple(atoms))
        if known is None:
            self.wanted_runs.add(tuple(atoms))
        return known or NONE
