"""Finds the audio of an episode, and builds the command that plays it from a given time."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from indexer.core.files.language_suffix import plain_stem
from indexer.core.files.sources import folder_of
from indexer.core.messages import N_
from indexer.core.types import Episode
from search.results.links import encoded

VARIABLE = "PODSEEK_PLAYER"
BROWSER = "browser"

_PLAYERS: dict[str, Callable[[str, str, float], list[str]]] = {
    "mpv": lambda program, audio, at: [program, f"--start={at:.3f}", "--", audio],
    "vlc": lambda program, audio, at: [program, f"--start-time={at:.3f}", "--", audio],
    "iina": lambda program, audio, at: [program, f"--mpv-start={at:.3f}", audio],
    "ffplay": lambda program, audio, at: [program, "-ss", f"{at:.3f}", "-nodisp", "-autoexit", "-i", audio],
}
NAMES = (*_PLAYERS, BROWSER)

_ELSEWHERE = {
    "vlc": ("/Applications/VLC.app/Contents/MacOS/VLC", r"C:\Program Files\VideoLAN\VLC\vlc.exe"),
    "iina": ("/Applications/IINA.app/Contents/MacOS/iina-cli",),
}
"""Paths of players that are usually not on the PATH."""

AUDIO = (".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav", ".mp4", ".mkv", ".webm")


MISSING_AUDIO = N_("name it in podcast.toml (audio = ...) or put the file beside the transcript")
"""Advice if no audio is known."""


def find_audio(episode: Episode) -> str | None:
    """Returns the path or URL of an episode's audio: a path in its metadata, relative to the transcript, else a file
    beside the transcript with the same name, else a URL in its metadata; None without any.

    A file beside the transcript takes precedence over a URL since it is probably what was transcribed.
    """
    named = episode.facts.audio
    scheme = named.partition("://")[0].lower() if named is not None and "://" in named else ""
    if named is not None and scheme not in ("http", "https"):
        return _local(named) if scheme == "file" else str(folder_of(Path(episode.path)) / named)
    return _beside(episode) or encoded(named)


def _beside(episode: Episode) -> str | None:
    folder = folder_of(Path(episode.path))
    stems = dict.fromkeys((episode.stem, plain_stem(Path(episode.path))))
    beside = (folder / f"{stem}{suffix}" for stem in stems for suffix in AUDIO)
    return next((str(audio) for audio in beside if audio.is_file()), None)


def _local(address: str) -> str:
    """Returns the path in a `file://` URL."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    return url2pathname(urlsplit(address).path)


def play_command(audio: str, seconds: float, wanted: str | None = None) -> tuple[list[str], bool]:
    """Returns the command that plays `audio` from `seconds`, and True if its player is installed. The player is
    `wanted`, else the first installed one, else mpv."""
    names: Iterable[str] = _PLAYERS if wanted is None else (wanted,)
    for name in names:
        program = _program(name)
        if program is not None:
            return _PLAYERS[name](program, audio, seconds), True
    name = wanted or "mpv"
    return _PLAYERS[name](name, audio, seconds), False


def _program(name: str) -> str | None:
    if shutil.which(name):
        return name
    return next((path for path in _ELSEWHERE.get(name, ()) if Path(path).is_file()), None)


def open_browser(link: str) -> bool:
    """Opens a link in the browser. Returns False if there is no browser or no display."""
    import webbrowser

    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if sys.platform not in ("win32", "cygwin", "darwin") and not any(map(os.environ.get, screens)):
        return False
    return webbrowser.open(link)
