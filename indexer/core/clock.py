"""Times as people and programs write them on a clock: `0:05`, `12:30.5`, `1:02:03,400`, `１２：３０`."""

from __future__ import annotations

import re

CLOCK = r"(?:\d{1,3}[:：]){1,2}[0-5]\d(?:[.,]\d{1,9})?(?!\d|[:：]\d)"
"""A pattern without groups for minutes and seconds, before them hours if any; linear in its input."""

_FIELDS = re.compile(r"\s*(-?)(?:(\d{1,4})[:：])?(\d{1,4})[:：](\d{1,2})(?:[.,．，](\d{1,9}))?\s*$")
_STRICT = re.compile(r"(?:\d{1,3}[:：]){1,2}[0-5]\d(?:[.,]\d{1,3})?")

LATEST_START = 3 * 3600.0
"""Seconds. A text whose first time is later has times of a day, and is no transcript."""


def clock_seconds(text: str) -> float | None:
    """Seconds of a time on a clock, None for anything else.

    >>> clock_seconds("01:02.5"), clock_seconds("1:02:03,400"), clock_seconds("-00：01"), clock_seconds("NA")
    (62.5, 3723.4, -1.0, None)
    """
    match = _FIELDS.match(text)
    if match is None:
        return None
    sign, hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    exact = round(whole + float(f"0.{int(fraction):0{len(fraction)}}" if fraction else 0), 3)
    return -exact if sign and exact else exact


def read_clock(text: str) -> float | None:
    """The seconds that a time such as `12:30`, `1:02:03.5` or `750` stands for, None for anything else.

    Stricter than `clock_seconds`, for what may be no time at all: the seconds are below 60, and nothing is negative.

    >>> read_clock("1:02:03.5"), read_clock("12：30"), read_clock("750"), read_clock("half past")
    (3723.5, 750.0, 750.0, None)
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", text):
        return float(text)
    return clock_seconds(text) if _STRICT.fullmatch(text) else None
