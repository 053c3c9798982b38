"""Reads Advanced SubStation Alpha and its predecessor (.ass, .ssa): the Dialogue lines in [Events].

pysubs2 was rejected: it raises on a single bad time or number and accepts no other field order; see docs/design.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.core.messages import _
from indexer.core.text.clock_times import clock_seconds
from indexer.core.types import Complaint, Transcript
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.drafts import Draft, settle
from indexer.readers.shared.limits import counted
from indexer.readers.shared.misplaced_separators import mend_misplaced
from indexer.readers.shared.ordering import backward, in_order
from indexer.readers.shared.source import Source
from indexer.readers.shared.text_lines import split_lines

NAME = "SubStation"
SUFFIXES = (".ass", ".ssa", ".txt")

_EVENT = re.compile(r"\s*Dialogue[ \t]*[:：]", re.IGNORECASE)
_SILENT = re.compile(r"\s*(?:(?:Comment|Picture|Sound|Movie|Command)[ \t]*[:：]|;|!:|$)", re.IGNORECASE)
"""Lines among the events that hold no dialogue."""
_INNER = re.compile(r"(?<=\S)\s?(?=Dialogue[ \t]*[:：][^,]{0,20},\d{1,2}:\d\d:\d\d[.,]\d\d,)", re.IGNORECASE)
"""A Dialogue line that follows another without a line end."""
_HEADING = re.compile(r"\s*\[.{1,40}\]\s*$")
_FORMAT = re.compile(r"\s*Format[ \t]*[:：]", re.IGNORECASE)
_TITLE = re.compile(r"\s*Title[ \t]*:[ \t]*(.*\S)", re.IGNORECASE)
_SECTION = re.compile(r"\[(?:Script Info|Events|V4\+? Styles)\]", re.IGNORECASE)
_USUAL = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_UNTITLED = frozenset({"default aegisub file", "<untitled>", "untitled"})
_NOBODY = "NTP"
"""The placeholder for "no name" in the original program."""
_OVERRIDE = re.compile(r"\{([^{}]*)\}")
_DRAWING = re.compile(r"\\p(\d{1,4})")
_BREAK = re.compile(r"\\[Nn]")


def recognises(text: str) -> bool:
    """True for text with a section of the format and a Dialogue line with two times."""
    return _SECTION.search(text) is not None and tolerates(text)


def tolerates(text: str) -> bool:
    """True for text with a Dialogue line with two times."""
    events = (_EVENT.sub("", line, 1).split(",", 10) for line in split_lines(text) if _EVENT.match(line))
    return any(sum(clock_seconds(field) is not None for field in fields) >= 2 for fields in events)


def read(source: Source) -> Transcript:
    """One cue per visible Dialogue line, in time order; duplicates in several layers are merged."""
    complaints = Complaints()
    facts: dict[str, object] = {}
    written: list[str] = []
    drafts = counted(_events(source, complaints, facts, written))
    times = mend_misplaced(source.path, [draft.line for draft in drafts for _ in "se"], written, complaints)
    for draft, start, end in zip(drafts, times[::2], times[1::2], strict=True):
        draft.start, draft.end = clock_seconds(start), clock_seconds(end)
    complaints += backward(source.path, drafts)
    layers = {(draft.start, draft.end, draft.text): draft for draft in reversed(in_order(drafts))}
    return settle(source.path, list(layers.values())[::-1], complaints, facts)


def _events(
    source: Source, complaints: list[Complaint], facts: dict[str, object], written: list[str]
) -> Iterator[Draft]:
    """Yields the visible events without times; appends the start and end of each to `written`."""
    names: Sequence[str] = _USUAL
    last: Draft | None = None
    for number, line in _lines(source, complaints):
        if _EVENT.match(line) or _is_misspelt(line):
            if not _EVENT.match(line):
                what = _("no such kind of line: {line!r}").format(line=line[:20])
                complaints.append(Complaint(source.path, number, what, _("read as a Dialogue line")))
            fields = _fields(line, names)
            if len(fields) < len(names):
                what = _("{found} fields, not {wanted}").format(found=len(fields), wanted=len(names))
                complaints.append(Complaint(source.path, number, what, _("read as far as they go")))
            shown = plain(fields.get("text", ""))
            if shown.strip() or not _OVERRIDE.search(fields.get("text", "")):
                last = _draft(number, fields, shown)
                written += [fields.get("start", ""), fields.get("end", "")]
                yield last
        elif _FORMAT.match(line):
            given = [name.strip().lower() for name in line.partition(":")[2].split(",")]
            names = given if "text" in given and "start" in given else names
        elif (title := _TITLE.match(line)) and title[1].lower() not in _UNTITLED:
            facts.setdefault("title", title[1])
        elif _HEADING.match(line):
            last = None
        elif last is not None and not _SILENT.match(line):
            complaints.append(Complaint(source.path, number, _("a line of no known kind"), _("added to the cue above")))
            last.text += f"\n{plain(line)}"


def _lines(source: Source, complaints: list[Complaint]) -> Iterator[tuple[int, str]]:
    """Yields numbered lines, splitting those in which another event begins."""
    for number, line in enumerate(split_lines(source.text), 1):
        first, *more = _INNER.split(line) if line.count(":") > 4 else (line,)
        yield number, first
        for piece in more:
            complaints.append(Complaint(source.path, number, _("two events in one line"), _("read as two")))
            yield number, piece


def _is_misspelt(line: str) -> bool:
    """True for a line with times in the two fields where events have them."""
    if _SILENT.match(line) or _FORMAT.match(line) or line.count(",") < 3:
        return False
    return sum(clock_seconds(field) is not None for field in line.split(",", 4)[:4]) >= 2


def _fields(line: str, names: Sequence[str]) -> dict[str, str]:
    """The fields of an event by name; surplus commas belong to the text."""
    parts = _EVENT.sub("", line, 1).split(",")
    at, more = names.index("text"), len(parts) - len(names)
    if more < 0:
        return dict(zip(names, parts, strict=False))
    parts[at : at + more + 1] = [",".join(parts[at : at + more + 1])]
    return dict(zip(names, parts, strict=True))


def _draft(number: int, fields: dict[str, str], text: str) -> Draft:
    speaker = (fields.get("name") or fields.get("actor") or "").strip()
    return Draft(None, None, text, "" if speaker == _NOBODY else speaker, line=number)


def plain(text: str) -> str:
    """The displayed text, without overrides, comments and drawings.

    >>> plain("{\\\\i1}山,水{note}\\\\N好{\\\\p1}m 0 0 l 9 9{\\\\p0}\\\\h了")
    '山,水\\n好 了'
    """
    shown, at, drawing = [], 0, False
    for override in _OVERRIDE.finditer(text):
        if not drawing:
            shown.append(text[at : override.start()])
        for scale in _DRAWING.findall(override[1]):
            drawing = int(scale) > 0
        at = override.end()
    if not drawing:
        shown.append(text[at:])
    return _BREAK.sub("\n", "".join(shown)).replace("\\h", " ")
