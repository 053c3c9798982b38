"""Clips: the commands of ffmpeg that cut moments out of their audio, the names of the files, and their subtitles.

Nothing runs here. Clips are encoded anew unless told otherwise: copied as they are, MP3 and MP4 begin at the next frame,
at most 9 ms off, but Ogg begins at its last page, up to a second early (measured with ffmpeg 5.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from indexer.values import Episode
from search.links import encoded
from search.player import AUDIO
from search.results import Moment

_VIDEO = (".mp4", ".mkv", ".webm")
_LONGEST_NAME = 180
"""Bytes of a file name without its suffix; most file systems take 255."""
MOST_JOINED = 100
"""Moments in one file: each is an input of ffmpeg, which opens them all at once."""

_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of audio, `start` and `length` in seconds, and the file it becomes."""

    moment: Moment
    audio: str
    start: float
    length: float
    path: Path

    @property
    def end(self) -> float:
        return self.start + self.length

    def command(self, path: Path | None = None, copy: bool = False) -> list[str]:
        """The command that cuts it, into another file if one is given; an existing file is overwritten."""
        streams = ("-map", "0:a:0", *(("-c", "copy") if copy else ()))
        return ["ffmpeg", *_QUIET, *self._input(), *streams, "-y", _file(str(path or self.path))]

    def _input(self) -> tuple[str, ...]:
        return ("-ss", f"{self.start:.3f}", "-t", f"{self.length:.3f}", "-i", _file(self.audio))


def make_clips(moments: Iterable[tuple[Moment, str]], folder: Path, pad: float = 0.0) -> list[Clip]:
    """A clip of each moment with its audio, `pad` seconds longer at both ends; no two of them have one name."""
    taken = set[str]()
    clips = []
    for moment, audio in moments:
        start = max(0.0, moment.start - pad)
        stem = _name(moment.episode, moment.start)
        name = next(name for name in _numbered(stem) if name.casefold() not in taken)
        taken.add(name.casefold())
        path = folder / f"{name}{_suffix(audio)}"
        clips.append(Clip(moment, audio, start, max(moment.end + pad - start, 0.001), path))
    return clips


def join_command(clips: Sequence[Clip], path: Path) -> list[str]:
    """The command that puts the clips one after another into one file, in stereo at 44.1 kHz."""
    inputs = [word for clip in clips for word in clip._input()]
    alike = [f"[{n}:a:0]aformat=sample_rates=44100:channel_layouts=stereo[{n}]" for n in range(len(clips))]
    joined = "".join(f"[{n}]" for n in range(len(clips))) + f"concat=n={len(clips)}:v=0:a=1"
    return ["ffmpeg", *_QUIET, *inputs, "-filter_complex", ";".join([*alike, joined]), "-y", _file(str(path))]


def _file(name: str) -> str:
    """The name as ffmpeg takes it: never for an option, nor for a protocol that is none."""
    if encoded(name) == name:
        return name
    return f"file:{name}" if name.startswith("-") or ":" in name else name


def _name(episode: Episode, seconds: float) -> str:
    """`2025-03-14_corpus-05-speech-recognition_00-00-48`, safe on every file system."""
    at = int(seconds)
    time = f"{at // 3600:02}-{at // 60 % 60:02}-{at % 60:02}"
    safe = re.sub(r"[^\w.-]+", "-", episode.id).strip("-.") or "episode"
    date = f"{episode.date}_" if episode.date else ""
    room = _LONGEST_NAME - len(date) - len(time)
    return f"{date}{safe.encode()[:room].decode(errors='ignore')}_{time}"


def _numbered(stem: str) -> Iterable[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1


def _suffix(audio: str) -> str:
    """That of the audio where ffmpeg can make one; of a video, or of none that is known, `.m4a`."""
    path = urlsplit(audio).path if encoded(audio) == audio else audio
    suffix = PurePosixPath(path).suffix.lower()
    return suffix if suffix in AUDIO and suffix not in _VIDEO else ".m4a"
