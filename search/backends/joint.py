"""One commit of an index among several that are searched together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.core.files.mapped_files import AnyPath
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region, Stream
from indexer.core.text.folding import Folding
from indexer.core.types import Damped, Episode
from indexer.core.words.pronunciation import Readings
from indexer.store.fields.text import CueTexts
from indexer.store.fields.word_boundaries import Marks
from search.backends.snapshot import Snapshot

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits


class JointSnapshot:
    """The snapshot of one index with the counts of words and characters of several, by which words are weighed and
    typed text is cut. All else is that of the one."""

    def __init__(self, own: Snapshot, every: Sequence[Snapshot]) -> None:
        self._own = own
        self._every = every

    @cached_property
    def total_atoms(self) -> int:
        return sum(one.total_atoms for one in self._every)

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        return self._own.within(left)

    def let_go(self) -> None:
        self._own.let_go()

    def word_count(self, word: str) -> int:
        return sum(one.word_count(word) for one in self._every)

    def char_count(self, character: str) -> int:
        return sum(one.char_count(character) for one in self._every)

    @property
    def folding(self) -> Folding:
        return self._own.folding

    @property
    def readings(self) -> Readings:
        return self._own.readings

    @property
    def lexicon(self) -> frozenset[str]:
        return self._own.lexicon

    def word_spread(self, word: str) -> int:
        return self._own.word_spread(word)

    def occurrences(self, atoms: Sequence[str], counts: Callable[[], Mapping[int, int]], is_word: bool = False) -> int:
        return self._own.occurrences(atoms, counts, is_word)

    def having(self, ways: Sequence[tuple[Sequence[str], bool]], counts: Mapping[int, int]) -> int:
        return self._own.having(ways, counts)

    def words(self, prefix: str = "") -> Iterator[str]:
        return self._own.words(prefix)

    def characters(self) -> Iterator[str]:
        return self._own.characters()

    @property
    def names(self) -> Sequence[str]:
        return self._own.names

    def word_episodes(self, word: str) -> Mapping[int, int]:
        return self._own.word_episodes(word)

    def char_episodes(self, character: str) -> Mapping[int, int]:
        return self._own.char_episodes(character)

    def word_peaks(self, word: str) -> Mapping[int, int]:
        return self._own.word_peaks(word)

    def char_peaks(self, character: str) -> Mapping[int, int]:
        return self._own.char_peaks(character)

    def sounding(
        self, classes: Sequence[Collection[int]], itself: Sequence[str] = (), ways: Collection[bytes] | None = None
    ) -> Iterable[tuple[int, list[int]]]:
        return self._own.sounding(classes, itself, ways)

    def of_rare_words(
        self, classes: Sequence[Collection[int]], most: int, is_wanted: Callable[[str], bool]
    ) -> Iterable[tuple[int, list[int]]]:
        return self._own.of_rare_words(classes, most, is_wanted)

    def may_hold(self, run: Sequence[str], counts: Mapping[int, int]) -> Mapping[int, int]:
        return self._own.may_hold(run, counts)

    def seek(
        self, runs: Sequence[Sequence[str]], least: int = 1, with_text: bool = False, with_signs: bool = False
    ) -> None:
        self._own.seek(runs, least, with_text, with_signs)

    def announce(self, words: Collection[str]) -> None:
        self._own.announce(words)

    def announce_counts(self, terms: Iterable[str]) -> None:
        terms = list(terms)
        for one in self._every:
            one.announce_counts(terms)

    @property
    def episode_count(self) -> int:
        return self._own.episode_count

    def episodes(self) -> range:
        return self._own.episodes()

    @property
    def ids(self) -> Sequence[str]:
        return self._own.ids

    def episode(self, number: int, /) -> Episode:
        return self._own.episode(number)

    def atoms(self, episode: int, /) -> int:
        return self._own.atoms(episode)

    def lengths(self, episodes: Sequence[int], /) -> list[int]:
        return self._own.lengths(episodes)

    def times(self, episode: int, /) -> Times:
        return self._own.times(episode)

    def bounding_times(self, episode: int, /) -> Times:
        return self._own.bounding_times(episode)

    def untimed(self, episodes: Sequence[int], /) -> Sequence[int]:
        return self._own.untimed(episodes)

    def stream(self, episode: int, /) -> Stream:
        return self._own.stream(episode)

    def units(self, episodes: Sequence[int], /) -> list[SignedUnits]:
        return self._own.units(episodes)

    def find_in_all(self, episodes: Sequence[int], atoms: Sequence[str], /) -> dict[int, list[int]]:
        return self._own.find_in_all(episodes, atoms)

    def marks(self, episode: int, /) -> Marks:
        return self._own.marks(episode)

    def sounds(self, episode: int, /) -> bytes:
        return self._own.sounds(episode)

    def text(self, episode: int, /) -> tuple[CueTexts, Sequence[str]]:
        return self._own.text(episode)

    def signs(self, episode: int, /) -> CueTexts:
        return self._own.signs(episode)

    def damped_cues(self, episode: int, /) -> Iterable[Damped]:
        return self._own.damped_cues(episode)

    def damped(self, episode: int, /) -> Sequence[Region]:
        return self._own.damped(episode)

    @property
    def titles(self) -> Mapping[int, Sequence[str]]:
        return self._own.titles

    @property
    def folder(self) -> AnyPath:
        return self._own.folder

    @property
    def commit(self) -> int:
        return self._own.commit

    @property
    def lexicons(self) -> Sequence[str]:
        return self._own.lexicons

    @property
    def readings_digest(self) -> str:
        return self._own.readings_digest

    def is_current(self) -> bool:
        return self._own.is_current()

    def faults(self) -> list[str]:
        return self._own.faults()

    def unchecked(self) -> list[str]:
        return self._own.unchecked()
