"""A stretch of an episode as text for terminals: its heading, then the cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.core.types import Episode
from search.api import Moment
from search.frontends.formats.display import BOLD, Page, Style, beginning, clean
from search.frontends.formats.text import columns_left, cue_lines


def stretch(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields, for each moment, the episode as a heading, then the cues."""
    for moment in found:
        yield from episode_heading(moment.episode, page.style)
        yield from cue_lines(moment.cues, page.style)


def episode_heading(episode: Episode, style: Style) -> Iterator[str]:
    """Yields the title, show and date of an episode on one line."""
    facts = "  ".join(filter(None, (clean(episode.title), clean(episode.show), episode.period)))
    yield style.paint(beginning(facts, columns_left(style)), BOLD)
