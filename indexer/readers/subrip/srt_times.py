"""Parses the time lines of SubRip: `00:00:01,000 --> 00:00:02,000`, and what people and programs write instead.

All patterns are linear in the length of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

import srt

REGULAR_TIMES = r"((\d\d:[0-5]\d:[0-5]\d)[,.](\d{3})) --> ((\d\d:[0-5]\d:[0-5]\d)[,.](\d{3}))[ \t]*"
"""Nearly every time line. Groups: the start, its seconds and fraction, and the same of the end."""
REGULAR = re.compile(f"{REGULAR_TIMES}$", re.ASCII)

MOST_MS = 99 * 3_600_000 + 59 * 60_000 + 59_000
"""The latest time of a cue, in milliseconds."""

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
# A time: hours if any, minutes, seconds, and a fraction if any.
_TIME = r"(-?)(?:(\d{1,4})[ ]?[:：][ ]?)?(\d{1,3})[ ]?[:：][ ]?(\d{1,2})(?:[ ]?[.,:;，．][ ]?(\d{1,9}))?"
_FIELDS = re.compile(_TIME)
_NUMBER_BEFORE = re.compile(r"\s*\d{1,9}\s+(?=\d)")
_ARROW = re.compile(r"\s*(?:[-–—]\s?){1,2}[>＞]|\s*→")
_TIME_LIKE = re.compile(r"\w{0,4}\s?[:：]\s?\w{1,4}(?:\s?[:：.,]\s?\w{1,9}){0,2}")


def is_time_line(line: str) -> bool:
    """True for a line with two times and an arrow, even if the times cannot be read."""
    if not has_arrow(line):
        return False
    line = visible(line).strip()
    return split_times(line) is not None or readable_sides(line) is not None


def has_arrow(line: str) -> bool:
    """True for a line that may have an arrow; a cheap test before the others."""
    return ">" in line or "→" in line or "＞" in line


def visible(line: str) -> str:
    """The line without invisible characters."""
    return _INVISIBLE.sub("", line)


def split_times(line: str) -> tuple[str, str, str] | None:
    """The start, the end and the text after them; None if the line has no two times with an arrow between.

    >>> split_times("7 0:01,5 -> 0:02,5 align:start"), split_times("0:01 -> x")
    (('0:01,5', '0:02,5', 'align:start'), None)
    """
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


def readable_sides(line: str) -> tuple[str, str] | None:
    """The start and end of a line that was meant to be two times, "" for one that cannot be read; None for any other
    line.

    >>> readable_sides("O0:O0:01,000 --> 00:00:02,000"), readable_sides("山 --> 水")
    (('', '00:00:02,000'), None)
    """
    before, arrow, after = _partition_arrow(line)
    start, end = (side if _FIELDS.fullmatch(side) else "" for side in (before, after))
    meant = all(_TIME_LIKE.fullmatch(side) and any(map(str.isdigit, side)) for side in (before, after))
    return (start, end) if arrow and (meant if after else start) else None


def _partition_arrow(line: str) -> tuple[str, str, str]:
    at = max(line.find(mark) for mark in ">＞→")
    return line[:at].rstrip("-–— "), line[at : at + 1] if at >= 0 else "", line[at + 1 :].strip()


def is_time(text: str) -> bool:
    """True for a time that `milliseconds` can parse: numbers of too many digits are none."""
    return _FIELDS.fullmatch(text) is not None


@lru_cache(maxsize=10_000)  # every file has the same seconds
def full_seconds(stamp: str) -> int:
    """The milliseconds of `hours:minutes:seconds`."""
    moment: timedelta = srt.srt_timestamp_to_timedelta(stamp + ",000")
    return moment // timedelta(milliseconds=1)


def has_unpadded_fractions(irregular: Iterable[str], regular: int) -> bool:
    """True for a file whose fractions are milliseconds without leading zeros, so that `20,33` means 20.033 s.

    Other files print hundredths, and `05,34` means 5.340 s. The first kind prints three digits in nine cues of ten.
    `regular` is the number of its cues with regular times, `irregular` are the times of the others.
    """
    fractions = [match[5] for time in irregular if (match := _FIELDS.match(time)) and match[5]]
    short = sum(len(fraction) < 3 for fraction in fractions)
    return 0 < short < len(fractions) - short + 2 * regular


def has_short_seconds(times: Sequence[str]) -> bool:
    """True if one of the times has minutes or seconds of one digit: only then may a separator be misplaced."""
    return any(_SHORT.search(time) for time in times)


_SHORT = re.compile(r"[:：]\d(?!\d)")


def milliseconds(time: str, unpadded: bool) -> int:
    """A time accepted by `split_times` or `readable_sides` in milliseconds.

    >>> milliseconds("0:20,33", False), milliseconds("0:20,33", True)
    (20330, 20033)
    """
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
