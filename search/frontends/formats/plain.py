"""Results as one plain line each, in the style of grep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.api import Moment
from search.frontends.formats.display import Page, clean
from search.results.joined_text import joined

if TYPE_CHECKING:
    from search.results.counts import EpisodeCount


def moments(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields `episode:hh:mm:ss: text` for each moment."""
    for moment in found:
        yield f"{clean(moment.episode.id)}:{clock(moment.start)}: {spoken(moment)}"


def spoken(moment: Moment) -> str:
    """Returns the text of all cues of a moment on one line."""
    return clean(joined(cue.text for cue in moment.cues))


def cues(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields the text of each cue."""
    return (clean(cue.text) for moment in found for cue in moment.cues)


def counts(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    """Yields the number of moments, the number of matches and the id of each episode, separated by tabs."""
    return (f"{count.moments}\t{count.matches}\t{clean(count.episode.id)}" for count in found)


def ids(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    """Yields the id of each counted episode."""
    return (clean(count.episode.id) for count in found)


def episodes(found: Iterable[Episode], page: Page) -> Iterator[str]:
    """Yields the id of each episode."""
    return (clean(episode.id) for episode in found)


def terms(found: Iterable[Any], page: Page) -> Iterator[str]:
    """Yields the words only, one per line as in a lexicon."""
    return (clean(row.term) for row in found)
