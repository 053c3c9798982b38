"""Counts moments and matches per episode."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Episode
from search.api import Moment


class EpisodeCount(NamedTuple):
    """The number of moments and matches in one episode; by speaker, the moments in which they say a match, or a part of
    one, if that was to be counted."""

    episode: Episode
    moments: int
    matches: int
    speakers: tuple[tuple[str, int], ...] = ()


def count_moments(found: Iterable[tuple[Episode, int, Iterable[str]]]) -> list[EpisodeCount]:
    """Returns the counts of each episode with a moment, most moments first. `found` has the episode of each moment, its
    number of matches, and who says them."""
    counts: dict[str, EpisodeCount] = {}
    for episode, matches, speakers in found:
        before = counts.get(episode.id, EpisodeCount(episode, 0, 0))
        said = before.speakers
        if speakers:
            known = dict(said)
            said = tuple({**known, **{name: known.get(name, 0) + 1 for name in sorted(speakers)}}.items())
        counts[episode.id] = EpisodeCount(episode, before.moments + 1, before.matches + matches, said)
    return by_amount(counts.values())


def by_amount(counts: Iterable[EpisodeCount]) -> list[EpisodeCount]:
    """Returns the counts, most moments first."""
    return sorted(counts, key=lambda count: (-count.moments, -count.matches, count.episode.id))


def speakers_of(moment: Moment) -> frozenset[str]:
    """Who says a match of a moment, or a part; those whom the facts name if no cue of the episode has a speaker."""
    if not moment.episode.voices:
        return frozenset(moment.episode.speakers)
    return frozenset(cue.speaker for cue in moment.cues if cue.highlights and cue.speaker)
