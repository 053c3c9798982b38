"""Fetches the transcripts (stored as files) and the chapters that the items of a feed link to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from indexer import readers
from indexer.core.feed_types import FileLink, Item
from indexer.core.files.atomic_write import make_folder, write_whole
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.metadata import chapters
from indexer.metadata.filename import slug
from indexer.store.library.feeds import FOLDER, StoredFeed

if TYPE_CHECKING:
    from indexer.metadata.feeds.network import FeedFetcher

_GIVEN_UP = 5
"""After this many consecutive failures, a server is not contacted again in this run."""

_LONGEST_NAME = 60
"""Maximum number of characters of a file name: that many Chinese ones fit in the 255 bytes of file systems."""

_SUFFIXES = {
    "application/srt": ".srt",
    "application/x-subrip": ".srt",
    "text/srt": ".srt",
    "text/vtt": ".vtt",
    "application/json": ".json",
    "text/html": ".html",
    "text/plain": ".txt",
}
"""Media types and their suffixes, best first: formats with precise times come before others."""
_ORDER = list(dict.fromkeys(_SUFFIXES.values()))


class LinkedFiles:
    """Fetches for one feed into the index folder `folder`; without a fetcher, fetches nothing. Appends problems to
    `complaints`. Writes and removes files only if `keeps` is True."""

    def __init__(
        self,
        kept: StoredFeed,
        folder: Path,
        fetcher: FeedFetcher | None,
        complaints: list[Complaint],
        keeps: bool = True,
    ) -> None:
        self.kept = kept
        self.home = folder.resolve() / FOLDER / kept.folder
        self._fetcher = fetcher
        self._keeps = keeps
        self._complaints = complaints
        self._failures: Counter[str] = Counter()
        self._untried: Counter[tuple[str, str]] = Counter()

    @property
    def fetches(self) -> bool:
        return self._fetcher is not None

    def transcript(self, item: Item) -> Path | None:
        """Returns the transcript file of an item: one fetched earlier, else one fetched now; None without either."""
        for pointer in item.transcripts:
            name = self.kept.files.get(pointer.url)
            if name and (self.home / name).is_file():
                return self.home / name
        if self._fetcher is None:
            return None
        for pointer in _best_first(item, self._complaints, self.kept.feed.source):
            data = self._fetch(pointer.url, LARGEST_FILE, _("left out"))
            if data is None:
                continue
            if not readers.is_transcript(data):
                self._complain(pointer.url, _("not a transcript in a format podseek reads"), _("left out"))
                continue
            return self._keep(item, pointer, data)
        return None

    def language(self, item: Item) -> str:
        """Returns the language of the transcript fetched for an item, as named in the feed; empty if unknown."""
        return next((pointer.language for pointer in item.transcripts if pointer.url in self.kept.files), "")

    def drop(self, item: Item) -> list[Path]:
        """Removes the transcripts fetched for an item; returns their paths."""
        names = [self.kept.files.pop(pointer.url, None) for pointer in item.transcripts]
        files = [self.home / name for name in names if name]
        for file in files if self._keeps else ():
            file.unlink(missing_ok=True)
        return files

    def chapters(self, item: Item) -> None:
        """Fetches the chapters file an item links to, unless it is known already."""
        url = item.chapters_at
        if url is None or url in self.kept.chapters or self._fetcher is None:
            return
        data = self._fetch(url, chapters.LARGEST_FILE, _("without these chapters"))
        if data is None:
            return
        try:
            found, unusable = chapters.parse_chapters(data)
        except ValueError as error:
            self._complain(url, str(error), _("without these chapters"))
            return
        if unusable:
            self._complain(url, chapters.unusable_chapters(unusable), _("left out"))
        self.kept.chapters[url] = found

    def finish(self) -> None:
        """Reports the fetches that were skipped."""
        for (host, why), count in self._untried.items():
            self._complain(host, why, _("{count} more are not tried in this run").format(count=count))

    def _fetch(self, url: str, largest: int, action: str) -> bytes | None:
        from indexer.metadata.feeds.http_client import (
            FetchProblem,  # late: without --feed the network modules are not loaded
        )
        from indexer.metadata.feeds.time_budget import NotTried

        assert self._fetcher is not None
        host = _split(url).netloc or url
        if self._failures[host] >= _GIVEN_UP:
            self._untried[host, _("{given_up} fetches failed").format(given_up=_GIVEN_UP)] += 1
            return None
        try:
            data = self._fetcher.fetch(url, largest).data
        except NotTried as problem:
            self._untried[host, str(problem)] += 1
            return None
        except FetchProblem as problem:
            self._failures[host] += 1
            self._complain(url, _("cannot be fetched ({problem})").format(problem=problem), action)
            return None
        self._failures[host] = 0
        return data

    def _keep(self, item: Item, pointer: FileLink, data: bytes) -> Path:
        suffix = _suffix(pointer) or ".txt"
        stem = slug(f"{item.date or ''} {item.title}")[:_LONGEST_NAME]
        digest = _digest(pointer.url)
        name = f"{stem or digest}{suffix}"
        if name in self.kept.files.values():
            name = f"{stem}~{digest}{suffix}"
        if self._keeps:
            make_folder(self.home)
            write_whole(self.home / name, data)
        self.kept.files[pointer.url] = name
        return self.home / name

    def _complain(self, url: str, what: str, action: str) -> None:
        self._complaints.append(Complaint(url, 0, what, action))


def feed_folder(title: str, source: str) -> str:
    """Returns the name of the folder for files fetched for a feed; a hash of `source` keeps it unique."""
    return f"{slug(title)[:_LONGEST_NAME] or 'feed'}~{_digest(source)}"


def _digest(address: str) -> str:
    """Returns a short hash of an address, for file names."""
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:6]


def _best_first(item: Item, complaints: list[Complaint], source: str) -> Sequence[FileLink]:
    """Returns the links to transcripts in a readable format: translations last, otherwise the best format first.
    Reports an item that has transcripts in other formats only."""
    readable = [pointer for pointer in item.transcripts if _suffix(pointer) in (None, *readers.SUFFIXES)]
    if item.transcripts and not readable:
        kinds = ", ".join(dict.fromkeys(pointer.type or pointer.url for pointer in item.transcripts))
        what = _("the transcript of {title} is in no format podseek reads ({kinds})").format(
            title=item.title, kinds=kinds
        )
        complaints.append(Complaint(source, 0, what, _("left out")))
    return sorted(readable, key=lambda pointer: (_is_foreign(pointer, item), _rank(pointer)))


def _is_foreign(pointer: FileLink, item: Item) -> bool:
    """True for a translation: a transcript known to be in another language than the item."""
    languages = {language.lower()[:2] for language in (pointer.language, item.language) if language}
    return len(languages) > 1


def _suffix(pointer: FileLink) -> str | None:
    """Returns the file suffix for the media type of a link, or for its address if the type is missing or vague; None
    if unknown."""
    named = PurePosixPath(_split(pointer.url).path).suffix.lower()
    known = _SUFFIXES.get(pointer.type.partition(";")[0].strip())
    if named in _ORDER and (known is None or known == ".txt"):
        return named
    return known


def _split(url: str) -> SplitResult:
    """Splits a URL; returns empty parts if it is malformed."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _rank(pointer: FileLink) -> int:
    suffix = _suffix(pointer)
    return _ORDER.index(suffix) if suffix in _ORDER else len(_ORDER)
