"""The value types passed between the stages: cue, chapter, complaint, transcript, facts, episode, damped stretch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple


class Cue(NamedTuple):
    """One timed line of a transcript. `start` and `end` are in seconds, `line` is the line number in the file.

    `marks` are (character offset into `text`, seconds) of words with known times, in order.
    """

    start: float
    end: float
    text: str
    speaker: str = ""
    line: int = 0
    marks: tuple[tuple[int, float], ...] = ()


class Chapter(NamedTuple):
    """A titled stretch of an episode, in seconds; without an `end` it lasts until the next one.

    `kind` is chapter, soundbite (a stretch the show recommends) or note (a time in the show notes).
    """

    start: float
    title: str
    end: float | None = None
    kind: str = "chapter"


class Complaint(NamedTuple):
    """A fault in a file: where and what it is, and what was done about it.

    `fatal` marks a file that could not be read at all. A complaint that stands for several `places` counts the
    complaints like the one whose text is `like`.
    """

    path: str
    line: int
    what: str
    action: str
    fatal: bool = False
    places: int = 1
    like: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return _("{place}: {what}: {action}").format(place=place, what=self.what, action=self.action)


class Transcript(NamedTuple):
    """The result of reading one file. `facts` are metadata found in it, keyed by field names of `Facts`."""

    cues: tuple[Cue, ...]
    complaints: tuple[Complaint, ...] = ()
    facts: Mapping[str, object] = {}


class Facts(NamedTuple):
    """The metadata of an episode. Times are in seconds; `date` is in ISO form, as precise as is known
    (`2025-06-08`, `2025-06` or `2025`).

    `guid` identifies it in its feed; `jump` is a URL template for a link to a second of it.
    """

    show: str = ""
    title: str = ""
    date: str | None = None
    audio: str | None = None
    link: str | None = None
    language: str | None = None
    offset: float = 0.0
    speakers: tuple[str, ...] = ()
    guid: str | None = None
    jump: str | None = None
    chapters: tuple[Chapter, ...] = ()

    def updated(self, values: Mapping[str, object]) -> Facts:
        """A copy with the given fields replaced."""
        return self._replace(**values)  # type: ignore[arg-type]


def whole_day(period: str | None) -> str | None:
    """A date in ISO form if it is a day, None if it is a month or a year."""
    return period if period is not None and len(period) == 10 else None


class Episode(NamedTuple):
    """One indexed episode, as in search results and `podseek episodes`.

    `duration` is in seconds; `cues`, `characters` and `atoms` are counts; `digest` is the SHA-256 of the file; `size`
    is in bytes, `modified` in nanoseconds. `voices` are the speakers named by its cues, in order of first appearance.
    """

    id: str
    path: str
    facts: Facts = Facts()
    duration: float = 0.0
    cues: int = 0
    characters: int = 0
    atoms: int = 0
    digest: str = ""
    size: int = 0
    modified: int = 0
    voices: tuple[str, ...] = ()

    @property
    def show(self) -> str:
        return self.facts.show

    @property
    def title(self) -> str:
        return self.facts.title

    @property
    def date(self) -> str | None:
        """The day (ISO); None where no more than the month or the year is known."""
        return whole_day(self.facts.date)

    @property
    def period(self) -> str | None:
        """The day, month or year (ISO), as precise as is known."""
        return self.facts.date

    @property
    def speakers(self) -> tuple[str, ...]:
        """The speakers from the facts, then those named by cues."""
        return tuple(dict.fromkeys((*self.facts.speakers, *self.voices)))

    def chapter_at(self, seconds: float) -> Chapter | None:
        """The chapter at a time in seconds; soundbites do not count."""
        begun = [one for one in self.facts.chapters if one.kind != "soundbite" and one.start <= seconds]
        last = max(begun, key=lambda chapter: chapter.start, default=None)
        return None if last is None or (last.end is not None and seconds >= last.end) else last

    @property
    def stem(self) -> str:
        from pathlib import Path  # late import: a search needs no file names

        return Path(self.path).stem


LOOP, STOCK = "loop", "stock"


class Damped(NamedTuple):
    """A damped stretch of cues, `first` inclusive to `end` exclusive; `kind` is `LOOP` or `STOCK`."""

    first: int
    end: int
    kind: str


def damped_kinds(stretches: Iterable[Damped], first: int = 0, end: int | None = None) -> dict[int, str]:
    """The kind of each damped cue in [first, end) of an episode, by its number; `end` None means the last one's."""
    return {
        cue: one.kind
        for one in stretches
        for cue in range(max(first, one.first), one.end if end is None else min(end, one.end))
    }
