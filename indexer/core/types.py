"""The plain values that travel between the stages: cue, transcript, facts, complaint."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.core.named_tuples import NamedTuple


class Cue(NamedTuple):
    """One timed line of a transcript; `start` and `end` are seconds, `line` is where it stands in the file.

    `marks` are (character offset into `text`, seconds) of words whose time is known, in order.
    """

    start: float
    end: float
    text: str
    speaker: str = ""
    line: int = 0
    marks: tuple[tuple[int, float], ...] = ()


class Chapter(NamedTuple):
    """A titled stretch of an episode, in seconds; one without an `end` lasts to the next.

    `kind` is chapter, soundbite (a stretch the show recommends) or note (a time in the shownotes).
    """

    start: float
    title: str
    end: float | None = None
    kind: str = "chapter"


class Complaint(NamedTuple):
    """Something wrong in a file: where, what it is, and what was done about it.

    `fatal` marks a file that could not be read at all.
    """

    path: str
    line: int
    what: str
    action: str
    fatal: bool = False

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what}: {self.action}"


class Transcript(NamedTuple):
    """What a reader found in one file. `facts` are what the file says of its episode (names of `Facts`)."""

    cues: tuple[Cue, ...]
    complaints: tuple[Complaint, ...] = ()
    facts: Mapping[str, object] = {}


class Facts(NamedTuple):
    """What is known about an episode beside its text. Times are seconds; dates are ISO (`2025-06-08`).

    `guid` is how its feed names it; `jump` is the template of a link to a second of it.
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
        """A copy in which the given facts replace the present ones."""
        return self._replace(**values)  # type: ignore[arg-type]


class Episode(NamedTuple):
    """One indexed episode, as a search result or `podseek episodes` shows it.

    `duration` is in seconds, `cues` and `characters` are counts, `digest` is the SHA-256 of the file. `voices` are
    the speakers its cues name, in the order in which they are first heard.
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
        return self.facts.date

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks: as its facts say, and as its cues do."""
        return tuple(dict.fromkeys((*self.facts.speakers, *self.voices)))

    def chapter_at(self, seconds: float) -> Chapter | None:
        """The chapter a second falls in; recommended stretches (soundbites) are none."""
        begun = [one for one in self.facts.chapters if one.kind != "soundbite" and one.start <= seconds]
        last = max(begun, key=lambda chapter: chapter.start, default=None)
        return None if last is None or (last.end is not None and seconds >= last.end) else last

    @property
    def stem(self) -> str:
        from pathlib import Path  # late: a search names no files

        return Path(self.path).stem
