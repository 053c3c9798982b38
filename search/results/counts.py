"""Counts moments and matches per episode."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode
from search.api import Moment


class EpisodeCount(NamedTuple):
    """The number of moments and matches in one episode."""

    episode: Episode
    moments: int
    matches: int


def count_moments(found: Iterable[Moment]) -> list[EpisodeCount]:
    """Returns the counts of each episode with a moment; most moments first."""
    counts: dict[str, EpisodeCount] = {}
    for moment in found:
        before = counts.get(moment.episode.id, EpisodeCount(moment.episode, 0, 0))
        counts[moment.episode.id] = EpisodeCount(
            moment.episode, before.moments + 1, before.matches + len(moment.matches)
        )
    return sorted(counts.values(), key=lambda count: (-count.moments, -count.matches, count.episode.id))
