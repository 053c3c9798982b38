"""Dates that are as precise as is known: a year, a month or a day (`2025`, `2025-06`, `2025-06-08`, in ISO 8601)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def iso_date(year: int, month: int | None = None, day: int | None = None) -> str:
    """The ISO form of a year, a month or a day. Raises ValueError for what is not in the calendar.

    >>> iso_date(2025, 6)
    '2025-06'
    """
    return date(year, month or 1, day or 1).isoformat()[: 4 if month is None else 7 if day is None else 10]


def read_date(text: str) -> str:
    """The date that a text in ISO 8601 tells. Raises ValueError for any other text."""
    match = _ISO.fullmatch(text)
    if match is None:
        return date.fromisoformat(text).isoformat()
    return iso_date(*(int(part) for part in match.groups() if part))


def days_of(text: str) -> tuple[date, date]:
    """The first and the last day of a date in ISO form.

    >>> [day.isoformat() for day in days_of("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    year, month, day = (*map(int, text.split("-")), None, None)[:3]
    assert year is not None
    last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    return date(year, month or 1, day or 1), last
