"""Reads YouTube's SubViewer format (.sbv): `0:00:01.000,0:00:03.000` above each text."""

from __future__ import annotations

import re

from indexer.core.messages import _
from indexer.core.text.clock_times import clock_seconds
from indexer.core.types import Complaint, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.drafts import Draft, settle
from indexer.readers.shared.misplaced_separators import mend_misplaced
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines
from indexer.readers.subrip.damaged_times import is_expected, may_be_meant, meant, mended

NAME = "SubViewer"
SUFFIXES = (".sbv", ".txt")

_TIME = r"-?(?:\d{1,4}:){1,2}\d{1,2}(?:\.\d{1,9})?"
_TIMES = re.compile(rf"[\ufeff\s]*({_TIME})[ \t]*,[ \t]*({_TIME})\s*$")
_ANYTHING = r"[A-Za-z0-9:.\-]{0,20}"
_BROKEN = re.compile(rf"(?:({_TIME})|{_ANYTHING})[ \t]{{0,20}},[ \t]{{0,20}}(?:({_TIME})|{_ANYTHING})\s{{0,20}}$")
_FIRST = re.compile(rf"[\ufeff\s]*{_TIME}[ \t]*,[ \t]*{_TIME}[ \t]*(?:[\r\n]|$)")
_BREAK = re.compile(r"\[br\]", re.IGNORECASE)


def recognises(text: str) -> bool:
    """True for text whose first line is two times separated by a comma."""
    return _FIRST.match(text) is not None


def tolerates(text: str) -> bool:
    """True for text with any such line."""
    return any(map(_TIMES.match, split_lines(text)))


def read(source: Source) -> Transcript:
    """One cue per time line; its text extends to the next one."""
    drafts: list[Draft] = []
    written: list[str] = []
    complaints = Complaints()
    text: list[str] = []
    lines = split_lines(source.text)
    for number, line in enumerate(lines, 1):
        times = _TIMES.match(line) or (_broken_times(line) if not any(text[-1:]) else None)
        damaged = meant(line, ",") if not times and may_be_meant(line) else None
        if times:
            _give(drafts, text)
            written += [time or "" for time in times.groups()]
            drafts.append(Draft(None, None, "", line=number))
            text = []
        elif damaged and (damaged.certain or is_expected(lines, number - 1)):
            if drafts and damaged.before:
                text.append(damaged.before)
            _give(drafts, text)
            complaints += mended(source.path, number, line, damaged)
            written += [damaged.start, damaged.end]
            drafts.append(Draft(None, None, "", line=number))
            text = [damaged.rest]
        elif drafts:
            text.append(_BREAK.sub("\n", line))
        elif line.strip("\ufeff \t"):
            complaints.append(Complaint(source.path, number, _("text before the first cue"), _("left out")))
    _give(drafts, text)
    numbers = [draft.line for draft in drafts for _ in "se"]
    settled = mend_misplaced(source.path, numbers, written, complaints)
    for draft, start, end in zip(drafts, settled[::2], settled[1::2], strict=True):
        draft.start, draft.end = clock_seconds(start), clock_seconds(end)
    return settle(source.path, drafts, complaints)


def _broken_times(line: str) -> re.Match[str] | None:
    """Matches a damaged time line in which one time is readable, unless text is directly above it."""
    times = _BROKEN.match(line.strip("\ufeff \t"))  # the pattern would backtrack over leading blanks
    return times if times and (times[1] or times[2]) else None


def _give(drafts: list[Draft], text: list[str]) -> None:
    if drafts:
        drafts[-1].text = "\n".join(text)
