"""Drafts of cues, as formats other than SubRip give them, and how they become cues: every time mended or found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.readers.marks import aligned, sensible, tidied
from indexer.readers.unreadable import unreadable
from indexer.values import Complaint, Cue, Transcript

LONGEST = 1e9
"""Seconds. No recording has a time beyond, and the index has no room for one."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SECONDS_A_CHARACTER = 0.25
_LAST_CUE = (1.0, 30.0)
"""Seconds between which the last cue lasts, if only its text tells how long it may be."""


@dataclass(slots=True)
class Draft:
    """A cue as a file has it; times in seconds, None where the file has none.

    `words` are (text, seconds) in the order of the text. `line` is 0 where a format has no lines.
    """

    start: float | None
    end: float | None
    text: str
    speaker: str = ""
    words: Sequence[tuple[str, float | None]] = ()
    line: int = 0


def settle(
    path: str, drafts: Sequence[Draft], complaints: Iterable[Complaint] = (), facts: Mapping[str, object] | None = None
) -> Transcript:
    """The transcript of the drafts. `complaints` are what was wrong before."""
    settler = _Settler(path, drafts)
    cues = tuple(settler.cue(number) for number in range(len(drafts)))
    if len(cues) > 1 and not any(cue.end for cue in cues):
        settler.complain(0, "every time is zero", "cues kept, moments cannot be located")
    return Transcript(cues, (*complaints, *settler.complaints, *unreadable(path, cues)), facts or {})


def spoken_seconds(text: str) -> float:
    """How long a text may take to say."""
    shortest, longest = _LAST_CUE
    return min(max(shortest, len(text) * _SECONDS_A_CHARACTER), longest)


def without_surrogates(text: str) -> str:
    """Text that can be written as UTF-8: half of a pair becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


class _Settler:
    """Makes the cues of one file, one after the other; `complaints` fills meanwhile."""

    def __init__(self, path: str, drafts: Sequence[Draft]) -> None:
        self.path = path
        self.complaints: list[Complaint] = []
        self._drafts = drafts
        self._ends = any(draft.end is not None for draft in drafts)
        self._times = self._ends or any(draft.start is not None for draft in drafts)
        self._following = _following(drafts)
        self._previous: Cue | None = None

    def complain(self, number: int, what: str, action: str) -> None:
        """Complains of the draft of this number, from 1; 0 is the whole file."""
        line = self._drafts[number - 1].line if number else 0
        place = f"segment {number}: " if number and not line else ""
        self.complaints.append(Complaint(self.path, line, place + what, action))

    def cue(self, index: int) -> Cue:
        draft = self._drafts[index]
        text, speaker = without_surrogates(draft.text), " ".join(without_surrogates(draft.speaker).split())
        if text != draft.text:
            self.complain(index + 1, "half of a surrogate pair", "replaced by U+FFFD")
        start, end = self._settled(index + 1, draft)
        text, marks = tidied(text, aligned(text, draft.words))
        if not text:
            self.complain(index + 1, "no text", "cue kept, empty")
        self._previous = Cue(start, end, text, speaker, draft.line, sensible(marks, start, end))
        return self._previous

    def _settled(self, number: int, draft: Draft) -> tuple[float, float]:
        written = [self._possible(number, time) for time in (draft.start, draft.end)]
        start, end = self._found(number, *written)
        if start > end:
            what = f"start {start:.3f} s is after end {end:.3f} s"
            self.complain(number, what, "cue kept, end moved to its start")
            end = start
        if self._previous is not None and start < self._previous.start:
            self.complain(number, f"start {start:.3f} s is before the start of the cue above", "kept as it is")
        return start, end

    def _possible(self, number: int, time: float | None) -> float | None:
        """A time a recording can have, in whole milliseconds."""
        if time is not None and time < 0:
            self.complain(number, "a time is negative", "cue kept, time set to zero")
            return 0.0
        if time is not None and not time < LONGEST:
            self.complain(number, "a time is beyond all measure", "cue kept, time taken from its neighbours")
            return None
        return None if time is None else round(time, 3)

    def _found(self, number: int, start: float | None, end: float | None) -> tuple[float, float]:
        """The times of a draft, those it lacks taken from the cues around it."""
        following = self._following[number - 1]
        if start is None:
            if self._times:
                missing = "start" if end is not None else "times"
                self.complain(number, f"no {missing}", "cue kept, times taken from its neighbours")
            start = self._previous.end if self._previous else following or 0.0
            start = start if end is None else min(start, end)
        elif end is None and self._ends:
            source = "taken from the next cue" if following is not None else "guessed from its text"
            self.complain(number, "no end", f"cue kept, end {source}")
        if end is None and self._times:
            end = start + spoken_seconds(self._drafts[number - 1].text) if following is None else max(start, following)
        return start, start if end is None else end


def _following(drafts: Sequence[Draft]) -> list[float | None]:
    """For each draft the next start that a later one has."""
    following: list[float | None] = []
    known: float | None = None
    for draft in reversed(drafts):
        following.append(known)
        if draft.start is not None and 0 <= draft.start < LONGEST:
            known = round(draft.start, 3)
    return following[::-1]
