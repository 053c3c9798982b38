"""Value types for podcast feeds: feeds, their items, and the files they link to."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.core.types import Chapter, Complaint

MOST_ITEMS = 50_000
"""Items of a feed, and those stored of one, with those that left it."""


@dataclass(frozen=True, slots=True)
class FileLink:
    """A link to a file; `type` and `language` are verbatim from the feed, or empty."""

    url: str
    type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed. Times are in seconds; `date` is the ISO date in the item's own time zone.

    `chapters` are embedded in the feed, `chapters_at` is the URL of a chapters file, `stamps` are the times found in
    the show notes.
    """

    guid: str = ""
    title: str = ""
    date: str | None = None
    audio: str | None = None
    link: str | None = None
    duration: float | None = None
    language: str | None = None
    number: int | None = None
    speakers: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Chapter, ...] = ()
    stamps: tuple[Chapter, ...] = ()
    chapters_at: str | None = None
    transcripts: tuple[FileLink, ...] = ()

    @property
    def key(self) -> str:
        """The identity of the item across runs."""
        return self.guid or self.audio or self.link or self.title


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed; `source` is its file or URL."""

    source: str
    title: str
    items: tuple[Item, ...]
    complaints: tuple[Complaint, ...] = ()
