"""The cues of one episode, of which only those that a page shows are decoded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.api import CueLine
from search.results.episodes import NoSuchEpisode, cue_lines

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class EpisodeCues:
    """The cues of the episode with a number in a snapshot; `starts` are their seconds, `speakers` who says them."""

    snapshot: Snapshot
    number: int
    starts: Sequence[float]
    speakers: Sequence[str]

    def __len__(self) -> int:
        return len(self.starts)

    def lines(self, first: int, end: int) -> Sequence[CueLine]:
        """The cues [first, end), without highlights."""
        return cue_lines(self.snapshot, self.number, range(first, end))


def open_cues(snapshot: Snapshot, episode: str) -> EpisodeCues:
    """The transcript of the episode with this id. Raises NoSuchEpisode if the snapshot has none."""
    numbers = snapshot.episodes()  # in the order of their ids
    at = bisect_left(numbers, episode, key=lambda number: snapshot.episode(number).id)
    if at == len(numbers) or snapshot.episode(numbers[at]).id != episode:
        raise NoSuchEpisode(episode)
    number = numbers[at]
    starts = [start / 1000 for start in snapshot.times(number).starts]
    return EpisodeCues(snapshot, number, starts, snapshot.text(number)[1])
