"""Counts moments and matches per episode."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode


class EpisodeCount(NamedTuple):
    """The number of moments and matches in one episode."""

    episode: Episode
    moments: int
    matches: int


def count_moments(found: Iterable[tuple[Episode, int]]) -> list[EpisodeCount]:
    """Returns the counts of each episode with a moment, most moments first. `found` has the episode and the number of
    matches of each moment."""
    counts: dict[str, EpisodeCount] = {}
    for episode, matches in found:
        before = counts.get(episode.id, EpisodeCount(episode, 0, 0))
        counts[episode.id] = EpisodeCount(episode, before.moments + 1, before.matches + matches)
    return sorted(counts.values(), key=lambda count: (-count.moments, -count.matches, count.episode.id))
