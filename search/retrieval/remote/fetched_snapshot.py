"""A snapshot of the episodes fetched from a remote index: what a search needs of them, and no more.

Frequencies, the number of episodes and their length are those of the whole index, so the moments of the fetched
episodes have the scores that they have among all. What these episodes cannot answer is noted in `wanted`: the
search fetches that and runs again (`search.retrieval.remote.rounds`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.core.native import by_bit, unbroken
from indexer.core.timeline import Times
from indexer.core.token_stream import Region, Stream, find_in_all
from indexer.core.tokens import is_single
from indexer.core.types import Damped, Episode
from indexer.store import schema
from indexer.store.fields.text import CueTexts
from indexer.store.fields.word_boundaries import Marks
from indexer.store.impacts import RUN_ATOMS
from search.backends.remote import EVERY, Condition, RemoteIndex
from search.backends.sound_scan import scan
from search.matching.word_positions import LONGEST_PART
from search.retrieval.remote.episode_body import Body
from search.retrieval.remote.fetch_conditions import of_sought
from search.retrieval.remote.index_facts import IndexFacts
from search.retrieval.remote.known_words import KnownWords
from search.retrieval.remote.missing_facts import Lacking, having_sounds
from search.retrieval.remote.places import peak, where

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits


class FetchedSnapshot(IndexFacts):
    """Some episodes of a remote index, numbered from 0 in the order of their ids; implements
    `search.backends.snapshot.Snapshot`, except for what only a whole index tells. One thread uses it."""

    def __init__(
        self, remote: RemoteIndex, words: KnownWords, bodies: Iterable[Body], complete: Collection[Condition] = ()
    ) -> None:
        """All episodes that meet one of the conditions in `complete` are among the bodies."""
        super().__init__(remote, words)
        self._bodies = sorted(bodies, key=lambda body: body.id)
        self._complete = complete
        # What was needed and may be missing, in the order in which it was (`Lacking`).
        self.wanted: dict[Condition, None] = {}
        self.wanted_sounds: set[str] = set()
        self._places: dict[str, dict[int, list[int]]] = {}
        self._peaks: dict[str, dict[int, int]] = {}

    @property
    def size(self) -> int:
        """The number of episodes that were fetched."""
        return len(self._bodies)

    def _needs(self, condition: Condition) -> None:
        if condition not in self._complete:
            self.wanted[condition] = None

    def lacking(self) -> Lacking:
        """What it could not answer until now."""
        terms, runs = frozenset(self.wanted_terms), frozenset(self.wanted_runs)
        return Lacking(tuple(self.wanted), terms, runs, frozenset(self.wanted_sounds))

    def episodes(self) -> range:
        self._needs(EVERY)
        return range(len(self._bodies))

    @property
    def ids(self) -> Sequence[str]:
        return [body.id for body in self._bodies]

    def number_of(self, key: str) -> int | None:  # None if it was not fetched
        return self._numbers.get(key)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {body.key: number for number, body in enumerate(self._bodies)}

    def _body(self, episode: int) -> Body:
        return self._bodies[episode]

    def key(self, episode: int) -> str:
        """The key of an episode."""
        return self._body(episode).key

    def episode(self, number: int) -> Episode:
        return self._body(number).episode

    def atoms(self, episode: int) -> int:
        return len(self._body(episode).stream)

    def lengths(self, episodes: Sequence[int]) -> list[int]:
        return list(map(self.atoms, episodes))

    def times(self, episode: int) -> Times:
        return self._body(episode).times

    def stream(self, episode: int) -> Stream:
        return self._body(episode).stream

    def units(self, episodes: Sequence[int]) -> list[SignedUnits]:
        return [self.stream(episode).signed_units for episode in episodes]

    def find_in_all(self, episodes: Sequence[int], atoms: Sequence[str]) -> dict[int, list[int]]:
        return find_in_all(episodes, map(self.stream, episodes), atoms)

    def marks(self, episode: int) -> Marks:
        return self._body(episode).marks

    def sounds(self, episode: int) -> bytes:
        body = self._body(episode)
        if not body.has(schema.SOUNDS):
            self.wanted_sounds.add(body.key)
            return bytes(len(body.stream))
        return body.sounds

    def text(self, episode: int) -> tuple[CueTexts, Sequence[str]]:
        return self._body(episode).text

    def damped_cues(self, episode: int) -> list[Damped]:
        return self._body(episode).damped_cues

    def damped(self, episode: int) -> Sequence[Region]:
        return self._body(episode).damped

    @cached_property
    def titles(self) -> dict[int, list[str]]:
        return {number: body.titles for number, body in enumerate(self._bodies) if body.titles}

    def word_episodes(self, word: str) -> dict[int, int]:
        return {number: len(places) for number, places in self._word_places(word).items()}

    def char_episodes(self, character: str) -> dict[int, int]:
        return {number: len(places) for number, places in self._char_places(character).items()}

    def word_peaks(self, word: str) -> dict[int, int]:
        shift = 0 if len(word) > 1 and is_single(word[0]) else RUN_ATOMS - 1
        return self._peaks_of(word, self._word_places(word), shift)

    def char_peaks(self, character: str) -> dict[int, int]:
        return self._peaks_of(character, self._char_places(character), RUN_ATOMS - 1)

    def sounding(
        self, classes: Sequence[Collection[int]], itself: Sequence[str] = ()
    ) -> Iterator[tuple[int, list[int]]]:
        self._needs(having_sounds(self.readings, classes, itself))
        for number, body in enumerate(self._bodies):
            if body.has(schema.SOUNDS):
                places = list(scan(classes, body.sounds))
                if places:
                    yield number, places

    def may_hold(self, run: Sequence[str], counts: Mapping[int, int]) -> Mapping[int, int]:
        """All: the cluster has already told which episodes may."""
        return counts

    def announce(self, words: Collection[str]) -> None:
        """All episodes are at hand."""

    def seek(self, runs: Sequence[Sequence[str]], least: int = 1) -> None:
        self._needs(of_sought(runs, least))

    def _char_places(self, character: str) -> dict[int, list[int]]:
        return self._found(character, lambda: where(self._bodies, (character,)))

    def _word_places(self, word: str) -> dict[int, list[int]]:
        return self._found(word, lambda: self._cut_places(word))

    def _found(self, term: str, find: Callable[[], dict[int, list[int]]]) -> dict[int, list[int]]:
        known = self._places.get(term)
        if known is None:
            known = self._places[term] = find()
        return known

    def _cut_places(self, word: str) -> dict[int, list[int]]:
        """Where a word is, as it was cut at indexing."""
        if not self.word_count(word):
            return {}
        atoms = tuple(word) if is_single(word[0]) else (word,)
        found = where(self._bodies, atoms)
        size = len(atoms)
        if size == 1:
            return found
        kept: dict[int, list[int]] = {}
        inside: dict[int, list[int]] = {}
        for number, places in found.items():
            marks = self._bodies[number].marks
            whole, alone = unbroken(places, size, marks.packed, marks.atoms)
            if size > LONGEST_PART or len(alone) == len(whole):
                whole = alone
            elif alone:
                is_new = bool(by_bit(alone, marks.packed_new, marks.atoms)[1])
                self.vocabulary.note_inside(word, not is_new)
                whole = alone if is_new else whole
            elif whole:
                inside[number] = whole
            if whole:
                kept[number] = whole
        if inside and not self._counts_inside(word, inside):
            kept = {number: places for number, places in kept.items() if number not in inside}
        return kept

    def _counts_inside(self, word: str, numbers: Iterable[int]) -> bool:
        """Whether a word counts where it is only inside longer ones."""
        known = self.vocabulary.is_inside(word)
        return self.vocabulary.ask_inside(word, list(map(self.key, numbers))) if known is None else known

    def _peaks_of(self, term: str, places: Mapping[int, Sequence[int]], shift: int) -> dict[int, int]:
        known = self._peaks.get(term)
        if known is None:
            known = self._peaks[term] = {number: peak(self._bodies[number], at, shift) for number, at in places.items()}
        return known
