"""Drafts of cues, as formats other than SubRip give them, and how they become cues: every time mended or found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.core.types import Complaint, Cue, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.limits import check_texts
from indexer.readers.shared.word_times import aligned, sensible, tidied

LONGEST = 1e9
"""Seconds. No recording has a time beyond, and the index has no room for one."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SECONDS_A_CHARACTER = 0.25
_LAST_CUE = (1.0, 600.0)
"""Seconds between which the last cue lasts, if only its text tells how long it may be."""
_SLOWEST_CHARACTER = 0.55
_LONG_PAUSE = 10.0
"""Seconds. A cue without an end lasts to the next one, unless that is later than anybody speaks so slowly."""


@dataclass(slots=True)
class Draft:
    """A cue as a file has it; times in seconds, None where the file has none.

    `words` are (text, seconds) in the order of the text. `number` is its place among the segments of the file, from 1,
    for complaints where a format has no lines and `line` is 0.
    """

    start: float | None
    end: float | None
    text: str
    speaker: str = ""
    words: Sequence[tuple[str, float | None]] = ()
    line: int = 0
    number: int = 0


def settle(
    path: str, drafts: Sequence[Draft], complaints: Iterable[Complaint] = (), facts: Mapping[str, object] | None = None
) -> Transcript:
    """The transcript of the drafts. `complaints` are what was wrong before. Raises TooMuch for more than any transcript
    has."""
    check_texts([draft.text for draft in drafts])
    settler = _Settler(path, drafts)
    cues = tuple(settler.cue(draft, following) for draft, following in zip(drafts, _following(drafts), strict=True))
    if len(cues) > 1 and not any(cue.end for cue in cues):
        what, action = "every time is zero", "cues kept, moments cannot be located"
        settler.complaints.append(Complaint(path, drafts[0].line, what, action))
    return Transcript(cues, (*complaints, *settler.complaints), facts or {})


def spoken_seconds(text: str) -> float:
    """How long a text may take to say."""
    shortest, longest = _LAST_CUE
    return min(max(shortest, len(text.strip()) * _SECONDS_A_CHARACTER), longest)


def longest_seconds(text: str) -> float:
    """How long a cue of this text can be, with a pause before the next one."""
    return max(_LONG_PAUSE, len(text) * _SLOWEST_CHARACTER)


def without_ends(drafts: Sequence[Draft]) -> None:
    """Gives ends to the drafts of a format that need not have any, so that none is missed."""
    for draft, following in zip(drafts, _following(drafts), strict=True):
        if draft.end is None and draft.start is not None:
            draft.end = _guessed_end(draft.start, following, draft.text)


def _guessed_end(start: float, following: float | None, text: str) -> float:
    """The end of a cue that has none: the start of the next one, or sooner when that is far away."""
    if following is None:
        return round(start + spoken_seconds(text), 3)
    return max(start, min(following, round(start + longest_seconds(text), 3)))


def without_surrogates(text: str) -> str:
    """Text that can be written as UTF-8: half of a pair becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


class _Settler:
    """Makes the cues of one file, one after the other; `complaints` fills meanwhile."""

    def __init__(self, path: str, drafts: Sequence[Draft]) -> None:
        self.path = path
        self.complaints = Complaints()
        self._ends = any(draft.end is not None for draft in drafts)
        self._times = self._ends or any(draft.start is not None for draft in drafts)
        self._previous: Cue | None = None

    def complain(self, draft: Draft, what: str, action: str) -> None:
        place = f"segment {draft.number}: " if draft.number and not draft.line else ""
        self.complaints.append(Complaint(self.path, draft.line, place + what, action))

    def cue(self, draft: Draft, following: float | None) -> Cue:
        """The cue of a draft; `following` is the next start that a later one has."""
        start, end = self._settled(draft, following)
        text, marks = tidied(self._text(draft), aligned(draft.text, draft.words))
        speaker = " ".join(without_surrogates(draft.speaker).split())
        self._previous = Cue(start, end, text, speaker, draft.line, sensible(marks, start, end))
        return self._previous

    def _text(self, draft: Draft) -> str:
        """The text of a draft as the index can store it."""
        text = without_surrogates(draft.text)
        if not text.strip():
            self.complain(draft, "no text", "cue kept, empty")
        if lost := draft.text.count("\ufffd"):
            self.complain(draft, f"{lost} unreadable characters (U+FFFD)", "kept as they are")
        if text != draft.text:
            self.complain(draft, "half of a surrogate pair", "replaced by U+FFFD")
        return text

    def _settled(self, draft: Draft, following: float | None) -> tuple[float, float]:
        start, end = self._found(draft, following)
        if start > end:
            self.complain(draft, f"start {start:.3f} s is after end {end:.3f} s", "cue kept, end moved to its start")
            end = start
        if self._previous is not None and start < self._previous.start:
            self.complain(draft, f"start {start:.3f} s is before the start of the cue above", "kept as it is")
        return start, end

    def _found(self, draft: Draft, following: float | None) -> tuple[float, float]:
        """The times of a draft, those it lacks taken from the cues around it."""
        start, end = (self._possible(draft, time) for time in (draft.start, draft.end))
        if start is None:
            if self._times:
                missing = "start" if end is not None else "times"
                self.complain(draft, f"no {missing}", "cue kept, times taken from its neighbours")
            start = self._previous.end if self._previous else following or 0.0
            start = start if end is None else min(start, end)
        elif end is None and self._ends:
            near = following is not None and following <= start + longest_seconds(draft.text)
            source = "taken from the next cue" if near else "guessed from its text"
            self.complain(draft, "no end", f"cue kept, end {source}")
        if end is None and self._times:
            end = _guessed_end(start, following, draft.text)
        return start, start if end is None else end

    def _possible(self, draft: Draft, time: float | None) -> float | None:
        """A time a recording can have, in whole milliseconds."""
        if time is not None and time < 0:
            self.complain(draft, "a time is negative", "cue kept, time set to zero")
            return 0.0
        if time is not None and not time < LONGEST:
            self.complain(draft, "a time is beyond all measure", "left out")
            return None
        return None if time is None else round(time, 3)


def _following(drafts: Sequence[Draft]) -> list[float | None]:
    """For each draft the next start that a later one has."""
    following: list[float | None] = []
    known: float | None = None
    for draft in reversed(drafts):
        following.append(known)
        if draft.start is not None and 0 <= draft.start < LONGEST:
            known = round(draft.start, 3)
    return following[::-1]
