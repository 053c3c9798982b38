"""The files that podseek makes for the episodes of a feed: downloaded audio, and the transcripts of a recogniser.

They are beside the index, since making them again takes hours: for `library` in `library.kept/podcasts/FEED`. A name is
that of the episode with a digest of its identity, so that files are found without a list of them, and a transcript has
the name of its audio.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from indexer.core.feed_types import Item
from indexer.core.files.audio_suffixes import AUDIO
from indexer.core.files.kept_folder import home_of
from indexer.metadata.filename import slug
from indexer.readers import SUFFIXES

FOLDER = "podcasts"
_LONGEST_NAME = 50
"""Maximum number of characters of a name, without its digest: that many Chinese ones fit in the 255 bytes of file
systems."""


def podcasts_folder(index: Path) -> Path:
    """The folder of all files made for feeds, whether or not it exists."""
    return home_of(index) / FOLDER


class OwnFiles:
    """The files made for one feed of the index; `name` is the folder of the feed. The folder is listed once."""

    def __init__(self, index: Path, name: str) -> None:
        self.home = podcasts_folder(index) / name

    def stem(self, item: Item) -> str:
        """The name of the files of an item, without suffix."""
        digest = hashlib.sha256(item.key.encode("utf-8", "replace")).hexdigest()[:8]
        readable = slug(f"{item.date or ''} {item.title}")[:_LONGEST_NAME]
        return f"{readable}~{digest}" if readable else digest

    def transcript(self, item: Item) -> Path | None:
        """The transcript that a recogniser made of an item."""
        return self._with(item, sorted(SUFFIXES))

    def audio(self, item: Item) -> Path | None:
        """The downloaded audio of an item, complete."""
        return self._with(item, AUDIO)

    def audio_target(self, item: Item) -> Path:
        """Where the audio of an item belongs."""
        suffix = PurePosixPath(urlsplit(item.audio or "").path).suffix.lower()
        return self.home / f"{self.stem(item)}{suffix if suffix in AUDIO else AUDIO[0]}"

    def _with(self, item: Item, suffixes: Iterable[str]) -> Path | None:
        stem = self.stem(item)
        return next((self.home / f"{stem}{one}" for one in suffixes if f"{stem}{one}" in self._names), None)

    @cached_property
    def _names(self) -> frozenset[str]:
        try:
            return frozenset(path.name for path in self.home.iterdir())
        except OSError:
            return frozenset()
