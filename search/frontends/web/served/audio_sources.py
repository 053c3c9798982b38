"""Where the audio of an episode is: a file that may be served, or a web address that the browser may fetch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from indexer.core.types import Episode
from search.frontends.media.player import find_audio
from search.frontends.web.safety.hosts import parse_host

MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
}
"""The only files that are served as audio. All are types that no browser runs or shows as a page."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The audio of an episode: the `file`, or the `url` and its `origin` (`https://example.org`)."""

    file: Path | None = None
    url: str = ""
    origin: str = ""

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]


def sound_of(episode: Episode, folders: Iterable[Path]) -> Sound | None:
    """The audio of an episode; None if there is none, or it may not be served.

    A file must have an audio suffix and lie, links resolved, in one of the `folders` (or below): metadata may name any
    path of this machine.
    """
    try:
        found = find_audio(episode)
        if found is None:
            return None
        if found.startswith(("http://", "https://")):
            parts = urlsplit(found)
            host = parts.netloc.rpartition("@")[2]
            if parse_host(host) is None:  # it becomes part of a header
                return None
            return Sound(url=found, origin=f"{parts.scheme}://{host}")
        path = Path(found).resolve(strict=True)
        allowed = path.suffix.lower() in MEDIA_TYPES and path.is_file()
    except (OSError, ValueError, RuntimeError):  # it is missing, or no name that a file can have, or links in a circle
        return None
    return Sound(path) if allowed and any(folder in path.parents for folder in folders) else None
