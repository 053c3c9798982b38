"""What the sources of `search.matching.sources` have in common; imported for types only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from indexer.core.positions.token_stream import Region


class PositionSource(Protocol):
    """Where something occurs. `length` is in atoms; an episode is named by its number in the snapshot."""

    length: int

    @property
    def counts(self) -> Mapping[int, int]:
        """episode -> its number of occurrences there; episodes without any are left out."""

    @property
    def count(self) -> int:
        """Its number of occurrences in the whole index."""

    @property
    def episodes(self) -> int:
        """The number of episodes of the whole index in which it occurs."""

    @property
    def bounds(self) -> Mapping[int, int]:
        """episode -> an upper bound of `counts`; available at once, while counting may read the text."""

    @property
    def peaks(self) -> Mapping[int, int]:
        """episode -> an upper bound of its occurrences in one window (`indexer.store.impacts`); available at once."""

    @property
    def frequency(self) -> int:
        """The collection frequency used for its weight: that of the word as jieba cut it if known, else `count`."""

    @property
    def held(self) -> int:
        """An upper bound of the positions it keeps; available at once."""

    def positions(self, episode: int) -> list[int]:
        """The atom positions in an episode, ascending."""

    def within(self, episode: int, regions: Sequence[Region]) -> list[int]:
        """The positions within the regions, which are disjoint and in order."""

    def perhaps(self, episode: int, regions: Sequence[Region]) -> list[int]:
        """A superset of `within`, found faster."""

    def amount(self, episode: int, first: int, end: int) -> int:
        """The number of occurrences that begin in the atoms [first, end)."""
