"""Converts a feed item to the facts stored in the index."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.feed_types import Item
from indexer.core.types import Chapter
from indexer.metadata.chapters import in_order

_SAME = 1.0
"""In seconds. A timestamp in the shownotes this close to a chapter duplicates the chapter."""


def facts_of(item: Item, show: str, fetched: tuple[Chapter, ...] = ()) -> dict[str, object]:
    """Returns the facts of an item, keyed by the field names of `Facts`, without empty values.

    `fetched` are the chapters in the file at `chapters_at`; they take precedence over those in the feed itself.
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
    """Returns chapters, soundbites and timestamps of the shownotes, sorted by time. If there are no chapters, the
    timestamps become chapters; otherwise those that duplicate a chapter are dropped."""
    if not chapters:
        return in_order((*(stamp._replace(kind="chapter") for stamp in stamps), *soundbites))
    starts = {round(chapter.start / _SAME) for chapter in chapters}
    notes = (stamp for stamp in stamps if starts.isdisjoint(range(round(stamp.start) - 1, round(stamp.start) + 2)))
    return in_order((*chapters, *soundbites, *notes))
