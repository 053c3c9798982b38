"""Opens the audio of an episode at a second with a player that is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from indexer.facts import plain_stem
from indexer.values import Episode

_PLAYERS: tuple[tuple[str, Callable[[str, float], list[str]]], ...] = (
    ("mpv", lambda audio, at: ["mpv", f"--start={at:.3f}", "--", audio]),
    ("vlc", lambda audio, at: ["vlc", f"--start-time={at:.3f}", "--", audio]),
    ("iina", lambda audio, at: ["iina", f"--mpv-start={at:.3f}", audio]),
    ("ffplay", lambda audio, at: ["ffplay", "-ss", f"{at:.3f}", "-nodisp", "-autoexit", "-i", audio]),
)
_SCHEMES = ("https://", "http://", "file://")
_AUDIO = (".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav", ".mp4", ".mkv", ".webm")


def find_audio(episode: Episode) -> str | None:
    """The audio of an episode: as its facts say, relative to the transcript, or a file beside it of the same name."""
    named = episode.facts.audio
    folder = Path(episode.path).parent
    if named is not None:
        return named if named.startswith(_SCHEMES) else str(folder / named)
    stems = (episode.stem, plain_stem(Path(episode.path)))
    beside = (folder / f"{stem}{suffix}" for stem in stems for suffix in _AUDIO)
    return next((str(audio) for audio in beside if audio.is_file()), None)


def play_command(audio: str, seconds: float) -> tuple[list[str], bool]:
    """The command that plays `audio` from `seconds`, and whether its player is installed."""
    for name, command in _PLAYERS:
        if shutil.which(name):
            return command(audio, seconds), True
    return _PLAYERS[0][1](audio, seconds), False
