"""The stored fields of the episodes fetched from a remote index. A partial episode has filler in place of all that was
not fetched; when such filler is read, that is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region, Stream, find_in_all
from indexer.core.types import Damped, Episode
from indexer.store import schema
from indexer.store.cluster.documents.decks import decks_of
from indexer.store.fields.text import CueTexts, TextWithFiller
from indexer.store.fields.word_boundaries import Marks
from search.backends.remote import RemoteIndex
from search.retrieval.remote.facts.index_facts import IndexFacts
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.held.episode_body import Body

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits


class FetchedFields(IndexFacts):
    """The part of `search.backends.snapshot.Snapshot` that is about the fields of episodes. `wanted_sounds` are keys of
    episodes whose sounds were needed and are not here, `wanted_decks` the decks that partial ones are without."""

    def __init__(self, remote: RemoteIndex, words: KnownWords, bodies: Iterable[Body]) -> None:
        super().__init__(remote, words)
        self._bodies = sorted(bodies, key=lambda body: body.id)
        self.wanted_sounds: set[str] = set()
        self.wanted_decks: set[str] = set()
        for body in self._bodies:
            body.forget_wanted()

    @property
    def size(self) -> int:
        """The number of episodes that were fetched."""
        return len(self._bodies)

    def _tells(self, atoms: Iterable[str]) -> bool:
        """Whether all episodes tell where these atoms are; notes the decks that partial ones lack for that."""
        if not self._partial:
            return True
        lacking = {name for atom in atoms for name in decks_of(atom, self.readings) - self._decks}
        self.wanted_decks |= lacking
        return not lacking

    @cached_property
    def only_heard(self) -> frozenset[int]:
        """The numbers of the episodes that were fetched only for what sounds alike: of the other terms of a query they
        tell nothing."""
        return frozenset(number for number, body in enumerate(self._bodies) if body.is_only_heard)

    @cached_property
    def _partial(self) -> Sequence[Body]:
        return [body for body in self._bodies if not (body.is_whole or body.is_only_heard)]

    @cached_property
    def _decks(self) -> frozenset[str]:
        """The decks that all partial episodes have."""
        return frozenset.intersection(*(frozenset(body.stored.columns) for body in self._partial))

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

    def bounding_times(self, episode: int) -> Times:
        return self._body(episode).bounding_times

    def untimed(self, episodes: Sequence[int]) -> Sequence[int]:
        return [episode for episode in episodes if not self._body(episode).has_times]

    def stream(self, episode: int) -> Stream:
        return self._body(episode).stream

    def units(self, episodes: Sequence[int]) -> list[SignedUnits]:
        return [self.stream(episode).signed_units for episode in episodes]

    def find_in_all(self, episodes: Sequence[int], atoms: Sequence[str]) -> dict[int, list[int]]:
        self._tells(atoms)
        return find_in_all(episodes, map(self.stream, episodes), atoms)

    def marks(self, episode: int) -> Marks:
        return self._body(episode).marks

    def sounds(self, episode: int) -> bytes:
        body = self._body(episode)
        if body.is_whole and body.lacks((schema.SOUNDS,)):
            self.wanted_sounds.add(body.key)
            return bytes(len(body.stream))
        return body.sounds

    def text(self, episode: int) -> tuple[CueTexts, Sequence[str]]:
        return self._body(episode).text

    def parts_around(self, episode: int, begin: int, end: int) -> frozenset[str]:
        """The text parts with what is around these atoms of an episode (`Body.parts_around`)."""
        return self._body(episode).parts_around(begin, end)

    def speakers(self, episode: int) -> Sequence[str]:
        return self._body(episode).speakers

    def signs(self, episode: int) -> CueTexts:
        return self._body(episode).signs

    def text_with_filler(self, episode: int, filler: str) -> TextWithFiller:
        return self._body(episode).text_with_filler(filler)

    def matches(
        self, episode: int, expression: str, find: Callable[[], Sequence[tuple[int, int]]]
    ) -> Sequence[tuple[int, int]]:
        body = self._body(episode)
        known = body.matches.get(expression)
        if known is None:
            known = find()
            if not (self.wanted_decks or body.is_wanted or body.wanted_parts or body.tells_nothing):
                body.matches[expression] = known
        return known

    def damped_cues(self, episode: int) -> list[Damped]:
        return self._body(episode).damped_cues

    def damped(self, episode: int) -> Sequence[Region]:
        return self._body(episode).damped

    @cached_property
    def titles(self) -> dict[int, list[str]]:
        return {number: body.titles for number, body in enumerate(self._bodies) if body.titles}
