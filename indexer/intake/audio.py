"""Downloads the audio of the episodes of feeds, within a bound on the space that it takes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.configuration.settings import read_settings
from indexer.core.configuration.settings_file import bytes_of
from indexer.core.feed_types import Item
from indexer.core.files.audio_suffixes import AUDIO
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.metadata.feeds.download import TooLarge, download
from indexer.metadata.feeds.own_files import OwnFiles, podcasts_folder
from indexer.store.library.feeds import read_store
from indexer.store.library.sources import LibrarySource

if TYPE_CHECKING:
    from indexer.metadata.feeds.http_client import Fetcher

DEFAULT_LIMIT = "20 GB"
_FREE = 1 << 30
"""Bytes that stay free on the disk."""
_TOTAL_SECONDS = 6 * 3600.0
_RUN_SECONDS = 7 * 86400.0
_MANY_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """The audio of an item of a feed, and where it belongs."""

    source: str
    show: str
    item: Item
    target: Path


@dataclass(slots=True)
class Downloads:
    """The outcome of a run: how many files came, how many are there, and how many are left for want of space."""

    came: int = 0
    there: int = 0
    left: int = 0


Step = Callable[[Wanted, int, int], None]


def audio_limit() -> int:
    """The bytes that downloaded audio may take, from the configuration. Raises ConfigProblem."""
    settings = read_settings()
    limit = bytes_of(str(settings.get("audio.limit", DEFAULT_LIMIT)))
    assert limit is not None, "read_settings refuses what is no size"
    return limit


def wanted_audio(folder: Path, sources: Sequence[LibrarySource]) -> list[Wanted]:
    """The audio of all episodes of those of the feeds that want it, newest first, whether or not it is there."""
    feeds = read_store(folder)
    found = []
    for source in sources:
        if source.is_feed and source.audio and (kept := feeds.get(source.place)):
            own = OwnFiles(folder, kept.folder)
            for item in kept.feed.items:
                if item.audio:
                    target = own.audio(item) or own.audio_target(item)
                    found.append(Wanted(source.place, kept.feed.title, item, target))
    return sorted(found, key=lambda one: one.item.date or "", reverse=True)


def download_all(folder: Path, wanted: Sequence[Wanted], complaints: list[Complaint], step: Step) -> Downloads:
    """Downloads what is not there yet, until the space is used up. `step(wanted, done, total)` is called as it comes,
    in bytes. Adds failures to `complaints`. Raises ConfigProblem, and KeyboardInterrupt; what has come stays."""
    limit, outcome, failures, fetchers = audio_limit(), Downloads(), 0, AudioFetchers(folder)
    for one in wanted:
        if one.target.exists():
            outcome.there += 1
        elif failures >= _MANY_FAILURES or outcome.left:
            outcome.left += 1
        else:
            problem = fetch_audio(folder, one, limit, fetchers, step)
            if problem is None:
                outcome.came, failures = outcome.came + 1, 0
            elif isinstance(problem, TooLarge):
                outcome.left += 1
            else:
                failures += 1
                again = _("left for the next run")
                complaints.append(Complaint(one.item.audio or one.source, 0, str(problem), again))
    return outcome


class AudioFetchers:
    """A fetcher for the audio of each feed. Each first asks for the feed itself, so that the audio of a feed from the
    public network never comes from this machine or a private network, whatever names resolve to by now."""

    def __init__(self, folder: Path) -> None:
        self._kept = read_store(folder)
        self._of: dict[str, Fetcher] = {}

    def of(self, source: str) -> Fetcher:
        """The fetcher for a feed. Raises FetchProblem or NotTried if the feed does not answer."""
        from indexer.metadata.feeds.http_client import Fetcher
        from indexer.metadata.feeds.source import LARGEST_FEED
        from indexer.metadata.feeds.time_budget import TimeBudget

        if source not in self._of:
            fetcher = Fetcher("://" not in source, _TOTAL_SECONDS, TimeBudget(_RUN_SECONDS))
            if "://" in source:
                kept = self._kept[source]
                fetcher.fetch(source, LARGEST_FEED, kept.etag, kept.modified)
            self._of[source] = fetcher
        return self._of[source]


def fetch_audio(folder: Path, one: Wanted, limit: int, fetchers: AudioFetchers, step: Step) -> Exception | None:
    """Downloads one file. Returns why it failed: TooLarge if there is no space for it, FetchProblem, or OSError."""
    from indexer.metadata.feeds.http_client import FetchProblem
    from indexer.metadata.feeds.time_budget import NotTried

    room = min(limit - used(folder, but=one.target), _free(podcasts_folder(folder)) - _FREE)
    try:
        if room <= 0:
            raise TooLarge(_("there is no space left for audio"))
        fetcher = fetchers.of(one.source)
        download(fetcher, one.item.audio or "", one.target, room, lambda done, total: step(one, done, total))
    except (TooLarge, FetchProblem, NotTried, OSError) as problem:
        return problem
    return None


def used(folder: Path, but: Path | None = None) -> int:
    """The bytes of downloaded audio of an index, with what has come of a file; without those of the file `but`."""
    return sum(
        size for path, size in _sizes(podcasts_folder(folder)) if but is None or not path.name.startswith(but.name)
    )


def _sizes(folder: Path) -> Iterator[tuple[Path, int]]:
    for path in folder.rglob("*"):
        if path.suffix.lower() in (*AUDIO, ".part"):
            with suppress(OSError):
                yield path, path.stat().st_size


def _free(folder: Path) -> int:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return shutil.disk_usage(there).free
