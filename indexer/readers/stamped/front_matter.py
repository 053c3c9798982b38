"""Markdown front matter: `key: value` lines between two lines of dashes."""

from __future__ import annotations

import re
from itertools import islice

from indexer.core.dates import iso_date
from indexer.readers.shared.text_lines import split_lines

_FENCE = re.compile(r"\ufeff?-{3,}\s*$")
_END = re.compile(r"(?:-{3,}|\.{3})\s*$")
_FIELD = re.compile(r"(title|date|url|link)[ \t]*:[ \t]*(.*\S)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?!\d)(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?")
_LONGEST = 200
"""In lines."""


def front_matter(text: str) -> tuple[dict[str, object], int]:
    """Returns title, ISO date and link from the front matter, and its length in lines; ({}, 0) if there is none.

    >>> front_matter("---\\ntitle: '山'\\ndate: 2025-06-08 10:00\\n---\\n")
    ({'title': '山', 'date': '2025-06-08'}, 4)
    """
    lines = islice(split_lines(text[: _LONGEST * 1000]), _LONGEST)
    if not _FENCE.match(next(lines, "")):
        return {}, 0
    facts: dict[str, object] = {}
    for number, line in enumerate(lines, 2):
        if _END.match(line):
            return facts, number
        field = _FIELD.match(line)
        name, value = (field[1].lower(), field[2].strip("\"' ")) if field else ("", "")
        if name == "title" and value:
            facts["title"] = value
        elif name in ("url", "link") and re.match(r"https?://\S+$", value):
            facts["link"] = value
        elif name == "date" and (found := _iso(value)):
            facts["date"] = found
    return {}, 0


def _iso(value: str) -> str | None:
    match = _DATE.match(value)
    try:
        return iso_date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None
