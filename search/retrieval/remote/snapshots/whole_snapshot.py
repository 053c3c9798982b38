"""A snapshot of all episodes of a remote index, for explorations, which read every one: bodies come as a stream."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from threading import RLock
from typing import TypeVar

from indexer.core.errors import IndexProblem
from indexer.core.memory.caches import BoundedDict
from indexer.core.messages import _
from indexer.core.types import Episode
from indexer.store import schema
from search.backends.conditions import EVERY, HasTitle
from search.backends.remote import RemoteIndex, Stored
from search.backends.sound_scan import scan
from search.query.deadline import OutOfTime
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.facts.missing_facts import having_sounds
from search.retrieval.remote.fetching.listed_episodes import BATCH
from search.retrieval.remote.held.columns import COLUMNS
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.selection.fetch_conditions import of_sought
from search.retrieval.remote.snapshots.fetched_snapshot import FetchedSnapshot

_Answer = TypeVar("_Answer")

_SIDEWAYS = 100
"""Episodes that are fetched with one that is read, which those after it will follow."""
_DECODED = 100
"""Decoded episodes that are kept."""
_COUNTED = 512
"""Terms of which the counts by episode are kept."""
_WORDS_AT_ONCE, _COUNTS_AT_ONCE = 250, 20_000
"""The most words, and counts of them by episode, that one request asks for; a count takes some 150 bytes of JSON."""


class WholeSnapshot(FetchedSnapshot):
    """All episodes of one state of a remote index, numbered in the order of their ids. Threads may share it."""

    def __init__(self, remote: RemoteIndex, words: KnownWords, kept: KeptEpisodes) -> None:
        super().__init__(remote, words, ())
        self._kept = kept
        self._reading = RLock()
        self._decoded: BoundedDict[int, Body] = BoundedDict(_DECODED)
        self._counts: BoundedDict[str, dict[int, int]] = BoundedDict(_COUNTED)

    def _whole(self, answer: _Answer) -> _Answer:
        """Returns an answer of the index. Raises IndexProblem if a part of the index did not answer: a figure of all
        episodes must not be computed, or cached, from some."""
        lacking = self.remote.unanswered()
        if lacking:
            self.vocabulary.forget()
            raise IndexProblem(
                _("{reason}, and all episodes are needed: see the health of the cluster").format(reason=lacking[0])
            )
        return answer

    @cached_property
    def _listed(self) -> list[Body]:
        """The episodes with their records only."""
        stored = sorted(self._whole(list(self.remote.listed(EVERY))), key=lambda one: one.id)
        return [Body(one, self.remote.place) for one in stored]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {body.key: number for number, body in enumerate(self._listed)}

    @cached_property
    def ids(self) -> Sequence[str]:
        return [body.id for body in self._listed]

    def episodes(self) -> range:
        return range(len(self._listed))

    @property
    def episode_count(self) -> int:
        return len(self._listed)

    def episode(self, number: int) -> Episode:
        return self._listed[number].episode

    def key(self, episode: int) -> str:
        return self._listed[episode].key

    def _body(self, episode: int) -> Body:
        return self._with(episode, COLUMNS)

    def untimed(self, _episodes: Sequence[int]) -> Sequence[int]:
        return ()

    def sounds(self, episode: int) -> bytes:
        return self._with(episode, (*COLUMNS, schema.SOUNDS)).sounds

    def _with(self, episode: int, columns: Sequence[str]) -> Body:
        """An episode with these columns; fetches those that follow it with it. Raises IndexProblem if it was deleted
        after the episodes were listed."""
        body = self._decoded.get(episode)
        if body is None or not _has(body.stored, columns):
            with self._reading:
                body = self._decoded.get(episode)
                if body is None or not _has(body.stored, columns):
                    body = Body(self._stored(episode, columns), self.remote.place)
                    self._decoded.add({episode: body})
        return body

    def _stored(self, episode: int, columns: Sequence[str]) -> Stored:
        key = self.key(episode)
        stored = self._kept.get(key)
        if stored is None or not _has(stored, columns):
            following = self._listed[episode : episode + _SIDEWAYS]
            stored = self._fetch([one.key for one in following], columns).get(key)
        if stored is None:
            raise IndexProblem(
                _("{episode}: was deleted from the library a moment ago: try again").format(episode=self.ids[episode])
            )
        return stored

    def _fetch(self, keys: Sequence[str], columns: Sequence[str]) -> dict[str, Stored]:
        """Fetches episodes that are not kept; returns those of the last request, by key."""
        fetched: dict[str, Stored] = {}
        lacking = [key for key in keys if (one := self._kept.get(key)) is None or not _has(one, columns)]
        for at in range(0, len(lacking), BATCH):
            fetched = {one.key: one for one in self._whole(self.remote.stored(lacking[at : at + BATCH], columns))}
            self._kept.keep(fetched.values())
        return fetched

    def _fetch_all(self, keys: Sequence[str], columns: Sequence[str]) -> list[int]:
        """Fetches episodes; returns their numbers, in order."""
        self._fetch(keys, columns)
        return sorted(number for key in keys if (number := self.number_of(key)) is not None)

    def announce_counts(self, terms: Iterable[str]) -> None:
        with suppress(OutOfTime):  # what is lacking is asked for where it is read
            self.vocabulary.learn(terms)

    def word_count(self, word: str) -> int:
        self.vocabulary.learn((word,))
        return super().word_count(word)

    def word_spread(self, word: str) -> int:
        self.vocabulary.learn((word,))
        return super().word_spread(word)

    def char_count(self, character: str) -> int:
        self.vocabulary.learn((character,))
        return super().char_count(character)

    def occurrences(self, atoms: Sequence[str], counts: Callable[[], Mapping[int, int]], is_word: bool = False) -> int:
        return sum(counts().values())

    def having(self, ways: Sequence[tuple[Sequence[str], bool]], counts: Mapping[int, int]) -> int:
        return len(counts)

    def word_episodes(self, word: str) -> dict[int, int]:
        return self._counted(word)

    def char_episodes(self, character: str) -> dict[int, int]:
        return self._counted(character)

    def word_peaks(self, word: str) -> dict[int, int]:
        return self._counted(word)

    def char_peaks(self, character: str) -> dict[int, int]:
        return self._counted(character)

    def _counted(self, term: str) -> dict[int, int]:
        known = self._counts.get(term)
        if known is None:
            known = self._count([term])[term]
        return known

    def _count(self, terms: Sequence[str]) -> dict[str, dict[int, int]]:
        """Asks for the counts of terms by episode, and keeps them."""
        counts: dict[str, dict[int, int]] = {}
        for term, found in zip(terms, self._whole(self.remote.counts(terms)), strict=True):
            numbers = ((self.number_of(key), count) for key, count in found.items())
            counts[term] = {number: count for number, count in numbers if number is not None}
        self._counts.add(counts)
        return counts

    def announce(self, words: Collection[str]) -> None:
        with suppress(OutOfTime):  # what is lacking is asked for where it is read
            self.vocabulary.learn(words)
            if len(self._counts) + len(words) > _COUNTED:
                self._counts.clear()  # not while those of these words are read
            lacking = sorted(word for word in set(words) if word not in self._counts)
            for some in _in_groups(lacking, self.word_spread):
                self._count(some)

    @cached_property
    def titles(self) -> dict[int, list[str]]:
        if not self.remote.has_titles:
            return {}
        numbers = self._fetch_all(self._whole(self.remote.keys(HasTitle(()))), COLUMNS)
        return {number: titles for number in numbers if (titles := self._body(number).titles)}

    def sounding(
        self, classes: Sequence[Collection[int]], itself: Sequence[str] = (), ways: Collection[bytes] | None = None
    ) -> Iterator[tuple[int, list[int]]]:
        keys = self._whole(self.remote.keys(having_sounds(self.readings, classes, itself)))
        for at in range(0, len(keys), BATCH):
            for number in self._fetch_all(keys[at : at + BATCH], (*COLUMNS, schema.SOUNDS)):
                places = list(scan(classes, self.sounds(number), ways))
                if places:
                    yield number, places

    def of_rare_words(
        self, classes: Sequence[Collection[int]], most: int, is_wanted: Callable[[str], bool]
    ) -> Iterator[tuple[int, list[int]]]:
        return self.sounding(classes)

    def look_beside(self, atoms: Iterable[str]) -> None:
        """Episodes are fetched whole."""

    def seek(self, runs: Sequence[Sequence[str]], least: int = 1, **_around: object) -> None:
        with suppress(OutOfTime):  # what is lacking is fetched where it is read
            self._fetch_all(self._whole(self.remote.keys(of_sought(runs, least))), COLUMNS)


def _in_groups(words: Iterable[str], spread: Callable[[str], int]) -> Iterator[list[str]]:
    """Groups of words that occur, each few enough, and in few enough episodes, for one answer."""
    group: list[str] = []
    size = 0
    for word in words:
        episodes = spread(word)
        if group and (size + episodes > _COUNTS_AT_ONCE or len(group) == _WORDS_AT_ONCE):
            yield group
            group, size = [], 0
        if episodes:
            group.append(word)
            size += episodes
    if group:
        yield group


def _has(stored: Stored, columns: Sequence[str]) -> bool:
    there = stored.columns
    return schema.STREAM in there and (schema.SOUNDS not in columns or schema.SOUNDS in there)
