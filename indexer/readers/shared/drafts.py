"""Drafts: cues as read from formats other than SubRip, and their conversion to cues with valid times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.core.messages import _
from indexer.core.types import Complaint, Cue, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.limits import check_texts
from indexer.readers.shared.word_times import aligned, sensible, tidied

LONGEST = 1e9
"""In seconds. No recording is longer, and the index cannot store later times."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SECONDS_A_CHARACTER = 0.25
_LAST_CUE = (1.0, 600.0)
"""The shortest and longest duration, in seconds, of a last cue without an end, estimated from its text."""
_SLOWEST_CHARACTER = 0.55
_LONG_PAUSE = 10.0
"""In seconds. A cue without an end lasts until the next one, unless that starts this much after the text can have
ended."""


@dataclass(slots=True)
class Draft:
    """A cue as it appears in the file. Times are in seconds, None if missing.

    `words` are (text, seconds) in text order. `number` is the cue's position in the file, counted from 1, for
    complaints in formats without lines, where `line` is 0.
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
    """Converts drafts to a transcript, appending to the given `complaints`. Raises TooMuch if the transcript exceeds
    its limits."""
    check_texts([draft.text for draft in drafts])
    settler = _Settler(path, drafts)
    cues = tuple(settler.cue(draft, following) for draft, following in zip(drafts, _following(drafts), strict=True))
    if len(cues) > 1 and not any(cue.end for cue in cues):
        what, action = _("every time is zero"), _("cues kept, moments cannot be located")
        settler.complaints.append(Complaint(path, drafts[0].line, what, action))
    return Transcript(cues, (*complaints, *settler.complaints), facts or {})


def spoken_seconds(text: str) -> float:
    """The estimated seconds needed to say a text."""
    shortest, longest = _LAST_CUE
    return min(max(shortest, len(text.strip()) * _SECONDS_A_CHARACTER), longest)


def longest_seconds(text: str) -> float:
    """The estimated longest duration of a cue with this text, including a pause, in seconds."""
    return max(_LONG_PAUSE, len(text) * _SLOWEST_CHARACTER)


def without_ends(drafts: Sequence[Draft]) -> None:
    """Sets ends in drafts of a format where they are optional, so that no complaint is made."""
    for draft, following in zip(drafts, _following(drafts), strict=True):
        if draft.end is None and draft.start is not None:
            draft.end = _guessed_end(draft.start, following, draft.text)


def _guessed_end(start: float, following: float | None, text: str) -> float:
    """The estimated end of a cue: the start of the next one, or earlier if that is far away."""
    if following is None:
        return round(start + spoken_seconds(text), 3)
    return max(start, min(following, round(start + longest_seconds(text), 3)))


def without_surrogates(text: str) -> str:
    """Replaces lone surrogates by U+FFFD, so that the text can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


class _Settler:
    """Converts the drafts of one file in order, collecting `complaints`."""

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
        """Converts a draft; `following` is the next start among later drafts."""
        start, end = self._settled(draft, following)
        text, marks = tidied(self._text(draft), aligned(draft.text, draft.words))
        speaker = " ".join(without_surrogates(draft.speaker).split())
        self._previous = Cue(start, end, text, speaker, draft.line, sensible(marks, start, end))
        return self._previous

    def _text(self, draft: Draft) -> str:
        """The draft's text in storable form."""
        text = without_surrogates(draft.text)
        if not text.strip():
            self.complain(draft, _("no text"), _("cue kept, empty"))
        if lost := draft.text.count("\ufffd"):
            self.complain(draft, _("{lost} unreadable characters (U+FFFD)").format(lost=lost), _("kept as they are"))
        if text != draft.text:
            self.complain(draft, _("half of a surrogate pair"), _("replaced by U+FFFD"))
        return text

    def _settled(self, draft: Draft, following: float | None) -> tuple[float, float]:
        start, end = self._found(draft, following)
        if start > end:
            self.complain(
                draft,
                _("start {start:.3f} s is after end {end:.3f} s").format(start=start, end=end),
                _("cue kept, end moved to its start"),
            )
            end = start
        if self._previous is not None and start < self._previous.start:
            self.complain(
                draft,
                _("start {start:.3f} s is before the start of the cue above").format(start=start),
                _("kept as it is"),
            )
        return start, end

    def _found(self, draft: Draft, following: float | None) -> tuple[float, float]:
        """The draft's times in seconds; missing ones are taken from its neighbours."""
        start, end = (self._possible(draft, time) for time in (draft.start, draft.end))
        if start is None:
            if self._times:
                missing = _("start") if end is not None else _("times")
                self.complain(
                    draft, _("no {missing}").format(missing=missing), _("cue kept, times taken from its neighbours")
                )
            start = self._previous.end if self._previous else following or 0.0
            start = start if end is None else min(start, end)
        elif end is None and self._ends:
            near = following is not None and following <= start + longest_seconds(draft.text)
            source = _("taken from the next cue") if near else _("guessed from its text")
            self.complain(draft, _("no end"), _("cue kept, end {source}").format(source=source))
        if end is None and self._times:
            end = _guessed_end(start, following, draft.text)
        return start, start if end is None else end

    def _possible(self, draft: Draft, time: float | None) -> float | None:
        """The time rounded to milliseconds; None if no recording can have it."""
        if time is not None and time < 0:
            self.complain(draft, _("a time is negative"), _("cue kept, time set to zero"))
            return 0.0
        if time is not None and not time < LONGEST:
            self.complain(draft, _("a time is beyond all measure"), _("left out"))
            return None
        return None if time is None else round(time, 3)


def _following(drafts: Sequence[Draft]) -> list[float | None]:
    """For each draft, the next start among later ones."""
    following: list[float | None] = []
    known: float | None = None
    for draft in reversed(drafts):
        following.append(known)
        if draft.start is not None and 0 <= draft.start < LONGEST:
            known = round(draft.start, 3)
    return following[::-1]
