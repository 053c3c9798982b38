"""Persists feeds in the index folder (`feeds.json`), so that later runs keep their facts without reading them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.core.errors import unreadable
from indexer.core.feed_types import Feed, FileLink, Item
from indexer.core.files.atomic_write import write_whole
from indexer.core.files.sealed_json import check_version, sealed, unsealed
from indexer.core.messages import _
from indexer.core.types import Chapter

FILE = "feeds.json"
FOLDER = "feeds"
"""The subfolder of the index for fetched transcripts, with one folder per feed."""

_VERSION = 2
"""Version 1, without a checksum, is still read."""
_NOTHING = Item()


@dataclass(slots=True)
class StoredFeed:
    """A feed as last read, and the files fetched for it.

    `places` are the files and folders given with the feed; only transcripts there can be its episodes. `files` maps the
    URL of a transcript to its file name in `folder`; `chapters` maps the URL of a chapters file to its chapters.
    """

    feed: Feed
    folder: str
    places: tuple[str, ...] = ()
    etag: str = ""
    modified: str = ""
    files: dict[str, str] = field(default_factory=dict)
    chapters: dict[str, tuple[Chapter, ...]] = field(default_factory=dict)


def read_store(folder: Path) -> dict[str, StoredFeed]:
    """The stored feeds of an index by source. Raises IndexProblem if the file cannot be read."""
    path = folder / FILE
    try:
        content, is_sealed = unsealed(path.read_bytes())
        check_version(content["version"], is_sealed, _VERSION, unsealed_version=1)
        return {source: _kept(source, values) for source, values in content["feeds"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable(path, error, _("restore it, or remove it and name your feeds again with --feed")) from None


def write_store(folder: Path, feeds: Mapping[str, StoredFeed]) -> None:
    """Stores the feeds in an index folder. Raises OSError."""
    content = {"version": _VERSION, "feeds": {source: _plain(kept) for source, kept in feeds.items()}}
    write_whole(folder / FILE, sealed(content))


def _plain(kept: StoredFeed) -> dict[str, Any]:
    return {
        "title": kept.feed.title,
        "items": [_plain_item(item) for item in kept.feed.items],
        "folder": kept.folder,
        "places": list(kept.places),
        "etag": kept.etag,
        "modified": kept.modified,
        "files": kept.files,
        "chapters": {url: list(map(tuple, chapters)) for url, chapters in kept.chapters.items()},
    }


def _plain_item(item: Item) -> dict[str, Any]:
    """The fields that differ from their defaults. Chapters become lists, since JSON has no named tuples."""
    return {name: value for name, value in asdict(item).items() if value != getattr(_NOTHING, name)}


def _kept(source: str, values: Mapping[str, Any]) -> StoredFeed:
    items = tuple(_item(item) for item in values["items"])
    return StoredFeed(
        feed=Feed(source, values["title"], items),
        folder=values["folder"],
        places=tuple(values["places"]),
        etag=values["etag"],
        modified=values["modified"],
        files=dict(values["files"]),
        chapters={url: tuple(Chapter(*chapter) for chapter in found) for url, found in values["chapters"].items()},
    )


def _item(values: Mapping[str, Any]) -> Item:
    lists = {name: _chapters(values.get(name, ())) for name in ("chapters", "soundbites", "stamps")}
    pointers = tuple(FileLink(**pointer) for pointer in values.get("transcripts", ()))
    speakers = tuple(values.get("speakers", ()))
    return Item(**{**values, **lists, "transcripts": pointers, "speakers": speakers})


def _chapters(values: Iterable[Mapping[str, Any] | Sequence[Any]]) -> tuple[Chapter, ...]:
    """Reads chapters in the current form (lists) and in the earlier one (objects)."""
    return tuple(Chapter(**value) if isinstance(value, Mapping) else Chapter(*value) for value in values)
