"""Parses lines with time stamps: `[00:12] ...`, `00:12 - 00:15 ...`, `张三 00:12`, `**张三** (00:12): ...`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.core.named_tuples import NamedTuple
from indexer.core.text.clock_times import CLOCK, clock_seconds
from indexer.readers.shared.labels import is_generic, is_name

_OPEN, _CLOSE = r"[\[(（【<]", r"[\])）】>]"
# List markers, quotes, headings and emphasis of Markdown, a list number.
_LEAD = re.compile(r"[\s\ufeff>*_\-•–—#+`~]{0,40}(?:\d{1,4}[.、)][ \t]{1,4})?[*_`]{0,3}")
_HEADING = re.compile(r"[\s\ufeff]{0,4}#{1,6}[ \t]+(.*\S)")
_TO = r"[ \t]{0,3}(?:-{1,2}>|→|[-–—~～至]|to)[ \t]{0,3}"
_LINK = r"(?:\((?:https?:|[#?/])[^()\s]{0,2000}\))?"
_STAMP = re.compile(
    rf"(?P<open>{_OPEN}{{1,2}}|(?<![\d:：.]))[*_`]{{0,3}}(?P<start>{CLOCK})(?:{_TO}(?P<end>{CLOCK}))?[*_`]{{0,3}}"
    rf"(?P<close>{_CLOSE}{{0,2}}){_LINK}[*_`]{{0,3}}"
)
_AFTER = re.compile(r"(?:[ \t]*[:：|][*_`]{0,3}|[ \t]+[-–—][ \t]|[ \t]*$|[ \t]+)[ \t]*|(?=[\u2e80-\uffef])")
_COLON = re.compile(r"[*_`\s]*[:：]")
_INNER = re.compile(rf"({_OPEN})({CLOCK}){_CLOSE}")
_LONGEST_NAME = 60


class Stamp(NamedTuple):
    """The start of a cue in a line: times in seconds, the speaker if named, and the remaining text.

    `opening` is the bracket before the time, if any; `heading` marks a Markdown heading; `written` is the start as it
    is in the line.
    """

    line: int
    start: float
    end: float | None
    speaker: str
    text: str
    opening: str
    heading: bool
    written: str


def heading_of(line: str) -> str:
    """The text of a Markdown heading; empty for any other line."""
    match = _HEADING.match(line)
    return match[1].strip("#* \t") if match else ""


def stamps_of(number: int, line: str) -> list[Stamp]:
    """The stamps in a line: none, one, or several in the same kind of brackets.

    >>> [(stamp.start, stamp.speaker, stamp.text) for stamp in stamps_of(1, "**张三** (00:12)：山高 (00:15) 水长")]
    [(12.0, '张三', '山高'), (15.0, '', '水长')]
    """
    at = _lead_end(line)
    match = _STAMP.search(line, at, min(len(line), at + _LONGEST_NAME + 40))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return []
    after = _AFTER.match(line, match.end())
    before = line[at : match.start()].strip(" \t*_`-–—|，,:：")
    if (after is None and not match["open"]) or not _may_precede(before, line, match):
        return []
    start, end = clock_seconds(match["start"]), clock_seconds(match["end"] or "")
    if start is None:
        return []
    text = line[after.end() if after else match.end() :]
    stamp = Stamp(number, start, end, before, text, match["open"][:1], bool(_HEADING.match(line)), match["start"])
    return list(_split(stamp)) if stamp.opening else [stamp]


def _lead_end(line: str) -> int:
    lead = _LEAD.match(line)
    return lead.end() if lead else 0


def _may_precede(before: str, line: str, match: re.Match[str]) -> bool:
    """True for an empty string, and for a name followed by the line end, a colon or a bracket."""
    if not before:
        return True
    alone = not line[match.end() :].strip("*_` \t")
    ends = alone or match["close"] or is_generic(before) or _COLON.match(line, match.end())
    return len(before) <= _LONGEST_NAME and bool(ends) and is_name(before)


def _split(stamp: Stamp) -> Iterator[Stamp]:
    """Yields the stamp, then one for each later time in its text in the same brackets."""
    last, at = stamp, 0
    for inner in _INNER.finditer(stamp.text):
        start = clock_seconds(inner[2])
        if inner[1] == stamp.opening and start is not None and start >= last.start:
            yield last._replace(text=stamp.text[at : inner.start()].strip())
            last, at = stamp._replace(start=start, end=None, speaker="", written=inner[2]), inner.end()
    yield last._replace(text=stamp.text[at:].strip())
