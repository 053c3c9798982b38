"""The plain values of a feed: its items, and the files it points to."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.core.types import Chapter, Complaint


@dataclass(frozen=True, slots=True)
class Pointer:
    """A file a feed points to; `type` and `language` are as the feed has them, or empty."""

    url: str
    type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed. Times are seconds, the date is the ISO day in the item's own zone.

    `chapters` stand in the feed itself, `chapters_at` points to more of them; `stamps` are the times in the shownotes.
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
    transcripts: tuple[Pointer, ...] = ()

    @property
    def key(self) -> str:
        """What an item is known by from one run to the next."""
        return self.guid or self.audio or self.link or self.title


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was read. `source` is the file or address it is from."""

    source: str
    title: str
    items: tuple[Item, ...]
    complaints: tuple[Complaint, ...] = ()
