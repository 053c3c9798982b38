"""What an item of a feed tells of its episode, as the facts an index keeps."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.feed_types import Item
from indexer.core.types import Chapter
from indexer.metadata.chapters import in_order

_SAME = 1.0
"""Seconds. A time in the shownotes this near to a chapter is the chapter again."""


def facts_of(item: Item, show: str, fetched: tuple[Chapter, ...] = ()) -> dict[str, object]:
    """The facts (names of `Facts`) an item gives; what it does not tell is left out.

    `fetched` are the chapters its `chapters_at` points to; they go before those in the feed itself.
    """
    facts = {
        "show": show,
        "title": item.title,
        "date": item.date,
        "audio": item.audio,
        "link": item.link,
        "language": item.language,
        "speakers": item.speakers,
        "guid": item.guid,
        "chapters": all_chapters(fetched or item.chapters, item.soundbites, item.stamps),
    }
    return {name: value for name, value in facts.items() if value}


def all_chapters(
    chapters: tuple[Chapter, ...], soundbites: tuple[Chapter, ...], stamps: Iterable[Chapter]
) -> tuple[Chapter, ...]:
    """Chapters, soundbites and times of the shownotes in order of time. Without chapters the shownotes' times are."""
    if not chapters:
        return in_order((*(stamp._replace(kind="chapter") for stamp in stamps), *soundbites))
    starts = {round(chapter.start / _SAME) for chapter in chapters}
    notes = (stamp for stamp in stamps if starts.isdisjoint(range(round(stamp.start) - 1, round(stamp.start) + 2)))
    return in_order((*chapters, *soundbites, *notes))
