"""Parses clock times as people and programs write them: `0:05`, `12:30.5`, `1:02:03,400`, `１２：３０`."""

from __future__ import annotations

import re

CLOCK = r"(?:\d{1,3}[:：]){1,2}[0-5]\d(?:[.,]\d{1,9})?(?!\d|[:：]\d)"
"""Regular expression source, without groups, for [hours:]minutes:seconds. Runs in linear time."""

_FIELDS = re.compile(r"\s*(-?)(?:(\d{1,4})[:：])?(\d{1,4})[:：](\d{1,2})(?:[.,．，](\d{1,9}))?\s*$")
_STRICT = re.compile(r"(?:\d{1,3}[:：]){1,2}[0-5]\d(?:[.,]\d{1,3})?")

LATEST_START = 3 * 3600.0
"""In seconds. A text whose first time is later holds times of day and is not a transcript."""


def clock_seconds(text: str) -> float | None:
    """Parses a clock time into seconds; None for anything else.

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
    """Parses `12:30`, `1:02:03.5` or a plain number of seconds such as `750`; None for anything else.

    Stricter than `clock_seconds`, for text that may not be a time: seconds must be below 60, signs are refused.

    >>> read_clock("1:02:03.5"), read_clock("12：30"), read_clock("750"), read_clock("half past")
    (3723.5, 750.0, 750.0, None)
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", text):
        return float(text)
    return clock_seconds(text) if _STRICT.fullmatch(text) else None
