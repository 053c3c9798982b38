"""Repair of SRT text: finds the cues whatever stands between and around them, and says what it mended.

A cue begins at a line with two times and an arrow. Its number, if it has one, is the line before and is
never trusted; its text is all that follows up to the next cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import srt

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.damaged_times import is_expected, is_garbled, may_be_meant, meant, mended, without_times
from indexer.readers.shared.limits import MOST_CUES, TooMuch

_RETURNS = re.compile(r"(?<!\r)\r+\n")
"""Carriage returns and the line end they belong to. A run without one is looked at once, not once for each of it."""
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")

# Nearly every time line looks like this, and is then read without further ado.
REGULAR_TIMES = r"((\d\d:[0-5]\d:[0-5]\d)[,.](\d{3})) --> ((\d\d:[0-5]\d:[0-5]\d)[,.](\d{3}))[ \t]*"
_REGULAR = re.compile(f"{REGULAR_TIMES}$", re.ASCII)

# A time: hours if any, minutes, seconds, and a fraction if any. All patterns are linear in the line.
_TIME = r"(-?)(?:(\d{1,4})[ ]?[:：][ ]?)?(\d{1,3})[ ]?[:：][ ]?(\d{1,2})(?:[ ]?[.,:;，．][ ]?(\d{1,9}))?"
_FIELDS = re.compile(_TIME)
_NUMBER_BEFORE = re.compile(r"\s*\d{1,9}\s+(?=\d)")
_ARROW = re.compile(r"\s*(?:[-–—]\s?){1,2}[>＞]|\s*→")
_TIME_LIKE = re.compile(r"\w{0,4}\s?[:：]\s?\w{1,4}(?:\s?[:：.,]\s?\w{1,9}){0,2}")
_SETTING = re.compile(r"[A-Za-z]+\d?:\S+|\|+")
# Only tags that players know; `<E0>` or `<uses-permission>` in a talk about code is text.
_TAGS = re.compile(r"</?(?:b|i|u|s|em|strong|font|c|ruby|rt)(?:[ .=][^<>]*)?>|\{\\[^{}]*\}|\{/?[bius]\}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+$")
_BAR = re.compile(r"\|+$")

MOST_MS = 99 * 3_600_000 + 59 * 60_000 + 59_000


class Block(NamedTuple):
    """One cue as found: the line of its times (1 for the first), whole milliseconds, its text lines."""

    line: int
    start: int
    end: int
    text: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """A time line and what follows it. Times are milliseconds, or None while a whole file decides them."""

    line: int
    start: int | None
    end: int | None
    written: tuple[str, str]
    text: list[str]


def has_cues(text: str) -> bool:
    """True when the text has at least one line with two times and an arrow."""
    lines = split_lines(text)
    if any(_split_times(_visible(line)) is not None for line in filter(_has_arrow, lines)):
        return True
    return any(times.certain and times.arrow for times in map(meant, filter(may_be_meant, lines)) if times)


def is_time_line(line: str) -> bool:
    """True for a line at which a cue begins, even if its times cannot be read."""
    if not _has_arrow(line):
        return False
    line = _visible(line).strip()
    return _split_times(line) is not None or _readable_sides(line) is not None


def split_lines(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    plain = text.replace("\r\n", "\n")
    return (_RETURNS.sub("\n", text).replace("\r", "\n") if "\r" in plain else plain).split("\n")


def _has_arrow(line: str) -> bool:
    return ">" in line or "→" in line or "＞" in line


class Repair:
    """Finds the blocks of one file; `complaints` fills as they are found."""

    def __init__(self, path: str, text: str, headless: Sequence[int] | None = None) -> None:
        """`headless` are the places of numbers without times below, where they have been found before."""
        self.path = path
        self._headless = headless
        self._above: dict[int, str] = {}
        self.complaints = Complaints()
        self._lines = split_lines(text)

    def blocks(self, numbered: bool = True) -> list[Block]:
        """All cues of the file, in the order of the file. Without numbers, what looks like one is text."""
        found = self._find()
        if numbered:
            self._strip_numbers(found)
        if found:
            self._strip_bar(found[-1])
        _settle_times(found)
        blocks: list[Block] = []
        for number, cue in enumerate(found):
            following = found[number + 1] if number + 1 < len(found) else None
            blocks.append(self._block(cue, following, blocks[-1] if blocks else None))
        if len(blocks) > 1 and not any(block.end for block in blocks):
            self._complain(blocks[0].line, "every time is zero", "cues kept, moments cannot be located")
        return blocks

    def _complain(self, line: int, what: str, action: str) -> None:
        self.complaints.append(Complaint(self.path, line, what, action))

    def _find(self) -> list[_Found]:
        """The time lines, each with the lines up to the next one; what stands before the first is reported."""
        lines, found, at = self._lines, list[_Found](), 0
        heads: dict[int, _Found] = {}
        for place, line in enumerate(lines):
            if (head := self._head(place, line)) is not None:
                if len(heads) >= MOST_CUES:
                    raise TooMuch(f"more than {MOST_CUES:,} cues")
                heads[place] = head
        headless = without_times(lines, list(heads)) if self._headless is None else self._headless
        if headless:
            heads = dict(sorted((heads | {place + 1: self._headless_cue(place) for place in headless}).items()))
        for place, cue in heads.items():
            self._give_lines(found, [*lines[at:place], self._above.get(place, "")])
            found.append(cue)
            # Where no times stand, this line may be text.
            at = place if cue.line == place and not is_garbled(lines[place]) else place + 1
        if found:
            self._give_lines(found, lines[at:] or [""])
        return found

    def _give_lines(self, found: Sequence[_Found], lines: Sequence[str]) -> None:
        if found:
            found[-1].text.extend(lines)
            return
        filled = [(number, line) for number, line in enumerate(lines, 1) if _visible(line).strip()]
        if filled and _NUMBER.match(_visible(filled[-1][1]).strip()):
            filled.pop()
        if filled:
            first, last = filled[0][0], filled[-1][0]
            where = "" if first == last else f" (lines {first}-{last})"
            self._complain(first, f"text before the first cue{where}", "left out")

    def _head(self, place: int, line: str) -> _Found | None:
        """What begins at a line, if it is a time line or was meant to be one."""
        has_arrow = _has_arrow(line)
        if has_arrow and (_REGULAR.match(line) or _split_times(_visible(line).strip())):
            return self._times(place + 1, line)
        times = meant(line) if may_be_meant(line) else None
        readable = times is not None and times.start and times.end
        if has_arrow and not readable and (cue := self._times(place + 1, line)) is not None:
            return cue
        if times is None or not (times.certain or is_expected(self._lines, place)):
            return None
        self._above[place] = times.before
        self.complaints += mended(self.path, place + 1, line, times)
        return _Found(place + 1, None, None, (times.start, times.end), [times.rest] if times.rest else [])

    def _headless_cue(self, place: int) -> _Found:
        """A cue that begins below the number at a place, without times."""
        what = f"no times below the number {self._lines[place].strip()}"
        self._complain(place + 1, what, "cue kept, times taken from its neighbours")
        return _Found(place + 1, None, None, ("", ""), [])

    def _times(self, number: int, line: str) -> _Found | None:
        regular = _REGULAR.match(line)
        if regular:
            first, start, start_fraction, last, end, end_fraction = regular.groups()
            start_ms, end_ms = full_seconds(start) + int(start_fraction), full_seconds(end) + int(end_fraction)
            return _Found(number, start_ms, end_ms, (first, last), [])
        line = _visible(line).strip()
        split = _split_times(line)
        if split is not None:
            start_text, end_text, rest = split
            text = [] if not rest or all(map(_SETTING.fullmatch, rest.split())) else [rest]
            return _Found(number, None, None, (start_text, end_text), text)
        written = _readable_sides(line)
        if written is not None:
            lost = "end" if written[0] else "start" if written[1] else "times"
            what = f"times cannot be read: {line[:60]!r}"
            self._complain(number, what, f"cue kept, {lost} taken from its neighbours")
            return _Found(number, None, None, written, [])
        return None

    def _strip_numbers(self, found: Sequence[_Found]) -> None:
        """Takes the number line of each cue off the end of the text of the cue before it."""
        numbers = [_last_number(cue.text) for cue in found[:-1]]
        close = [
            at is not None and len(cue.text) - at <= 2 and not any(cue.text[at + 1 :])
            for cue, at in zip(found, numbers, strict=False)
        ]
        # A file without numbers may have cues whose whole text is a number: keep those.
        numbered = sum(close) * 2 >= len(close)
        for cue, at, adjacent in zip(found, numbers, close, strict=False):
            if at is not None and (numbered or (not adjacent and len(_filled(cue.text)) > 1)):
                del cue.text[at:]

    def _strip_bar(self, last: _Found) -> None:
        """A bar alone at the end of the file is the edge of the page it was copied from."""
        filled = [i for i, line in enumerate(last.text) if line.strip()]
        if filled and _BAR.match(last.text[filled[-1]].strip()):
            line = last.line + filled[-1] + 1
            self._complain(line, "a bar at the end of the file", "left out")
            del last.text[filled[-1] :]

    def _block(self, cue: _Found, following: _Found | None, previous: Block | None) -> Block:
        start = cue.start if cue.start is not None else (previous.end if previous else 0)
        end = cue.end
        if end is None:
            end = max(start, following.start) if following and following.start is not None else start
        elif cue.start is None:
            start = min(start, end)
        if not 0 <= start <= end < MOST_MS or (previous is not None and start < previous.start):
            start, end = self._mended(cue, start, end, previous)
        text = tuple(filter(None, map(without_tags, _filled(cue.text))))
        if not text:
            self._complain(cue.line, "no text", "cue kept, empty")
        return Block(cue.line, start, end, text)

    def _mended(self, cue: _Found, start: int, end: int, previous: Block | None) -> tuple[int, int]:
        """The times of a cue that cannot be right as they are."""
        written_start, written_end = (
            written or f"{time / 1000:.3f} s" for written, time in zip(cue.written, (start, end), strict=True)
        )
        if start < 0 or end < 0:
            self._complain(cue.line, "a time is negative", "cue kept, time set to zero")
            start, end = max(0, start), max(0, end)
        if end >= MOST_MS > start:
            self._complain(cue.line, f"end {written_end} stands for no time", "cue kept, end moved to its start")
            end = start
        if start > end:
            what = f"start {written_start} is after end {written_end}"
            self._complain(cue.line, what, "cue kept, end moved to its start")
            end = start
        if previous is not None and start < previous.start:
            self._complain(cue.line, f"start {written_start} is before the start of the cue above", "kept as it is")
        return start, end


def without_tags(text: str) -> str:
    """Text without the tags players know; `\\N` is a line end in Advanced SubStation.

    >>> without_tags("<i>数组</i> 的 <E0> {\\\\an8}")
    '数组 的 <E0>'
    """
    return _TAGS.sub("", text).replace("\\N", " ").strip() if "<" in text or "{" in text or "\\" in text else text


def begins_cue(lines: Sequence[str], place: int) -> bool:
    """True for a time line, and for a line that was meant to be one where it stands."""
    line = lines[place]
    if is_time_line(line):
        return True
    times = meant(line) if may_be_meant(line) else None
    return times is not None and (times.certain or is_expected(lines, place))


def _visible(line: str) -> str:
    return _INVISIBLE.sub("", line)


def _filled(lines: Sequence[str]) -> list[str]:
    return list(filter(None, map(str.strip, lines)))


def _split_times(line: str) -> tuple[str, str, str] | None:
    """The two times of a line and what follows them; a cue number may stand before."""
    number = _NUMBER_BEFORE.match(line)
    start = _FIELDS.match(line, number.end()) if number else None
    start = start or _FIELDS.match(line)
    arrow = _ARROW.match(line, start.end()) if start else None
    if start is None or arrow is None:
        return None
    end = _FIELDS.match(line[arrow.end() :].lstrip())
    if end is None:
        return None
    rest = line[arrow.end() :].lstrip()[end.end() :]
    return (start[0], end[0], rest.strip()) if not rest or rest[0].isspace() or rest[0] == "|" else None


def _readable_sides(line: str) -> tuple[str, str] | None:
    """Of a line meant to be two times, letters or digits in colons beside an arrow, the times that can be read."""
    before, arrow, after = _partition_arrow(line)
    start, end = (side if _FIELDS.fullmatch(side) else "" for side in (before, after))
    meant = all(_TIME_LIKE.fullmatch(side) and any(map(str.isdigit, side)) for side in (before, after))
    return (start, end) if arrow and (meant if after else start) else None


def _partition_arrow(line: str) -> tuple[str, str, str]:
    at = max(line.find(mark) for mark in ">＞→")
    return line[:at].rstrip("-–— "), line[at : at + 1] if at >= 0 else "", line[at + 1 :].strip()


def _last_number(lines: Sequence[str]) -> int | None:
    """Where the last line that says anything stands, if it is a bare number."""
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at].strip()
        if line:
            return at if line.isdigit() or _NUMBER.match(_visible(line).strip()) else None
    return None


def _settle_times(found: Sequence[_Found]) -> None:
    """Reads the irregular times, once the whole file has told how its fractions are meant.

    Some writers print milliseconds without leading zeros (`20,33` is .033), others print hundredths
    (`05,34` is .340). The first kind prints three digits in nine cues of ten.
    """
    irregular = [cue for cue in found if cue.start is None and any(cue.written)]
    if not irregular:
        return
    fractions = [match[5] for cue in irregular for time in cue.written if (match := _FIELDS.match(time)) and match[5]]
    short = sum(len(fraction) < 3 for fraction in fractions)
    padded = len(fractions) - short + 2 * (len(found) - len(irregular))
    unpadded = 0 < short < padded
    for cue in irregular:
        cue.start, cue.end = (_milliseconds(time, unpadded) if time else None for time in cue.written)


@lru_cache(maxsize=10_000)  # every file has the same seconds
def full_seconds(stamp: str) -> int:
    """The milliseconds of hours, minutes and seconds."""
    moment: timedelta = srt.srt_timestamp_to_timedelta(stamp + ",000")
    return moment // timedelta(milliseconds=1)


def _milliseconds(time: str, unpadded: bool) -> int:
    match = _FIELDS.match(time)
    if match is None:
        raise AssertionError(f"not a time: {time!r}")
    sign, hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    if not fraction:
        thousandths = 0
    elif len(fraction) < 3 and unpadded:
        thousandths = int(fraction)
    else:
        thousandths = int(fraction[:3].ljust(3, "0"))
    return (whole * 1000 + thousandths) * (-1 if sign else 1)
