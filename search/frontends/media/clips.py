"""Clips: builds the ffmpeg commands that cut moments out of their audio, the file names, and the subtitles.

Runs nothing. Clips are re-encoded by default: a stream copy of MP3 and MP4 begins at a frame, at most 9 ms off, but
one of Ogg at a page, up to a second early (measured with ffmpeg 5.1); that of a video at a key frame, seconds early.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.text.time_format import clock
from search.api import Moment
from search.frontends.formats.subtitles import SubtitleGroup, one_after_another
from search.frontends.media.player import AUDIO
from search.results.links import encoded

_VIDEO = (".mp4", ".mkv", ".webm")
_LONGEST_NAME = 180
"""Maximum number of bytes of an id in a file name; most file systems permit 255 in total."""
MOST_JOINED = 100
"""Maximum number of moments in one file: each is an input, and ffmpeg opens all inputs at once."""

_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The interval of audio to cut for a moment, in seconds."""

    moment: Moment
    audio: str
    start: float
    end: float

    @property
    def source(self) -> tuple[str, ...]:
        """The interval as input arguments of ffmpeg."""
        return ("-ss", f"{self.start:.3f}", "-t", f"{self.end - self.start:.3f}", "-i", _file(self.audio))


@dataclass(frozen=True, slots=True)
class Clip:
    """A file to produce: its path, ffmpeg arguments without the output, length in seconds, and subtitles."""

    path: Path
    arguments: tuple[str, ...]
    length: float
    subtitles: Sequence[SubtitleGroup]

    def command(self, path: Path | None = None) -> list[str]:
        """Returns the command that writes the clip to its path, or to another with the same suffix."""
        return ["ffmpeg", *_QUIET, *self.arguments, _file(str(path or self.path))]

    @property
    def subtitles_path(self) -> Path:
        return self.path.with_suffix(".srt")


def stretches(moments: Iterable[tuple[Moment, str]], pad: float = 0.0) -> list[Stretch]:
    """Returns the interval of each (moment, audio), extended by `pad` seconds at both ends."""
    return [
        Stretch(moment, audio, max(0.0, moment.start - pad), max(moment.end + pad, moment.start + 0.001))
        for moment, audio in moments
    ]


def clip_each(cut: Iterable[Stretch], folder: Path, copy: bool = False) -> list[Clip]:
    """Returns a clip per stretch, with unique names in `folder`; re-encoded, or stream copies with `copy`. That of a
    video is a video of the same kind, where the file has a picture."""
    taken = set[str]()
    clips = []
    for stretch in cut:
        name = next(name for name in _names(stretch.moment) if name.casefold() not in taken)
        taken.add(name.casefold())
        clips.append(clip_to(stretch, folder / f"{name}{_suffix(stretch.audio)}", copy))
    return clips


def clip_to(stretch: Stretch, path: Path, copy: bool = False) -> Clip:
    """Returns the clip of a stretch in a file of this name; with `copy` a stream copy. A video keeps its picture in a
    file that can have one."""
    # V: without covers, which are pictures of audio.
    video = ("-map", "0:V:0?") if path.suffix.lower() in _VIDEO and _suffix(stretch.audio) in _VIDEO else ()
    return _clip(path, (*stretch.source, *video, "-map", "0:a:0", *(("-c", "copy") if copy else ())), [stretch])


def clip_joined(cut: Sequence[Stretch], path: Path) -> Clip:
    """Returns one clip that concatenates all stretches, in stereo at 44.1 kHz. Raises PodseekProblem if there are more
    than MOST_JOINED."""
    if len(cut) > MOST_JOINED:
        raise PodseekProblem(
            _("--join: {count:,} moments: at most {most} fit into one file: choose with -n").format(
                count=len(cut), most=MOST_JOINED
            )
        )
    inputs = [word for stretch in cut for word in stretch.source]
    alike = [f"[{n}:a:0]aformat=sample_rates=44100:channel_layouts=stereo[{n}]" for n in range(len(cut))]
    joined = "".join(f"[{n}]" for n in range(len(cut))) + f"concat=n={len(cut)}:v=0:a=1"
    return _clip(path, (*inputs, "-filter_complex", ";".join([*alike, joined])), cut)


def _clip(path: Path, arguments: tuple[str, ...], cut: Sequence[Stretch]) -> Clip:
    shown = list(one_after_another((stretch.moment, stretch.start, stretch.end) for stretch in cut))
    return Clip(path, arguments, sum(stretch.end - stretch.start for stretch in cut), shown)


def _file(name: str) -> str:
    """Returns a file name in a form that ffmpeg cannot take for an option or a protocol."""
    if encoded(name) == name:
        return name
    return f"file:{name}" if name.startswith("-") or ":" in name else name


def _names(moment: Moment) -> Iterator[str]:
    """Yields names such as `2025-03-14_corpus-05-speech-recognition_00-00-48`, valid on every file system; all but the
    first are numbered."""
    episode, time = moment.episode, clock(moment.start).replace(":", "-")
    safe = re.sub(r"[^\w.-]+", "-", episode.id).strip("-.") or "episode"
    date = f"{episode.period}_" if episode.period else ""
    stem = f"{date}{safe.encode()[:_LONGEST_NAME].decode(errors='ignore')}_{time}"
    yield stem
    yield from (f"{stem}_{number}" for number in count(2))


def _suffix(audio: str) -> str:
    """Returns the suffix of the audio or video; `.m4a` if it is unknown."""
    path = urlsplit(audio).path if encoded(audio) == audio else audio
    suffix = PurePosixPath(path).suffix.lower()
    return suffix if suffix in AUDIO else ".m4a"
