"""One plain line each, as grep prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from indexer.core.time_format import clock
from indexer.core.types import Episode
from search.api import Moment
from search.frontends.formats.display import Page, clean

if TYPE_CHECKING:
    from search.results.counts import EpisodeCount


def moments(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """`episode:hh:mm:ss: text`."""
    for moment in found:
        yield f"{clean(moment.episode.id)}:{clock(moment.start)}: {spoken(moment)}"


def spoken(moment: Moment) -> str:
    """The text of all cues of a moment, on one line."""
    return clean(" ".join(cue.text for cue in moment.cues if cue.text))


def cues(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """What was said, a line a cue."""
    return (clean(cue.text) for moment in found for cue in moment.cues)


def counts(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    """Moments, matches and the id of each episode."""
    return (f"{count.moments}\t{count.matches}\t{clean(count.episode.id)}" for count in found)


def ids(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    """The ids of the episodes alone."""
    return (clean(count.episode.id) for count in found)


def episodes(found: Iterable[Episode], page: Page) -> Iterator[str]:
    """The ids of the episodes alone."""
    return (clean(episode.id) for episode in found)


def terms(found: Iterable[Any], page: Page) -> Iterator[str]:
    """The words alone, as a lexicon lists them."""
    return (clean(row.term) for row in found)
