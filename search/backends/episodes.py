"""The stored fields of episodes, as a search asks an index for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from indexer.core.native.streams.signatures import SignedUnits
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region, Stream
from indexer.core.types import Damped, Episode
from indexer.store.fields.text import CueTexts, TextWithFiller
from indexer.store.fields.word_boundaries import Marks


class StoredEpisodes(Protocol):
    """The episodes of one commit, numbered from 0 in the order of their ids; numbers are valid for this commit only.

    A method may raise IndexProblem if what it reads is damaged. Values are immutable, and asked for again and again:
    implementations keep those used last.
    """

    @property
    def episode_count(self) -> int: ...

    def episodes(self) -> range:
        """The numbers of all episodes."""

    @property
    def ids(self) -> Sequence[str]:
        """The id of each episode, without decoding any."""

    def episode(self, number: int, /) -> Episode:
        """The facts and counts of an episode."""

    def atoms(self, episode: int, /) -> int:
        """The length of an episode in atoms."""

    def lengths(self, episodes: Sequence[int], /) -> list[int]:
        """The lengths of several episodes in atoms."""

    def times(self, episode: int, /) -> Times:
        """When each cue begins and ends, and its first atom."""

    def bounding_times(self, episode: int, /) -> Times:
        """Times for upper bounds: those of the episode, or ones between which nothing is farther apart than it is. For
        a cluster, which has to fetch `times`, these are at hand."""

    def untimed(self, episodes: Sequence[int], /) -> Sequence[int]:
        """Returns the episodes whose `times` a cluster has yet to fetch. Asking for these times has them fetched; until
        then, `times` returns stand-ins."""

    def stream(self, episode: int, /) -> Stream:
        """The atoms of an episode."""

    def units(self, episodes: Sequence[int], /) -> list[SignedUnits]:
        """The units of the streams of several episodes, to be passed over at once."""

    def find_in_all(self, episodes: Sequence[int], atoms: Sequence[str], /) -> dict[int, list[int]]:
        """episode -> positions of a run of atoms, for those of the episodes in which it occurs."""

    def marks(self, episode: int, /) -> Marks:
        """The word boundaries of an episode."""

    def sounds(self, episode: int, /) -> bytes:
        """The sound class of each atom."""

    def text(self, episode: int, /) -> tuple[CueTexts, Sequence[str]]:
        """The text and the speaker of each cue."""

    def speakers(self, episode: int, /) -> Sequence[str]:
        """The speaker of each cue."""

    def signs(self, episode: int, /) -> CueTexts:
        """The text of each cue, for its signs: Han and kana characters in it may be others, as many."""

    def text_with_filler(self, episode: int, filler: str, /) -> TextWithFiller:
        """The text of each cue, for a search that tells few Han and kana characters from the `filler` and has announced
        these (`Candidates.look_beside`): others in it may be filler."""

    def matches(
        self, episode: int, expression: str, find: Callable[[], Sequence[tuple[int, int]]], /
    ) -> Sequence[tuple[int, int]]:
        """(position, length) of the matches of an expression that `find` finds in that text. A cluster, of which a
        question is answered several times while more is fetched, keeps them for the next time."""

    def damped_cues(self, episode: int, /) -> Iterable[Damped]:
        """The recogniser's loops and stock lines, in order."""

    def damped(self, episode: int, /) -> Sequence[Region]:
        """The atoms of the recogniser's loops and stock lines, in order."""

    @property
    def titles(self) -> Mapping[int, Sequence[str]]:
        """The folded chapter titles of each episode that has any."""
