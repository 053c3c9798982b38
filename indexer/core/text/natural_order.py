"""The order of names as people count: 第3期 before 第12期."""

from __future__ import annotations

import re

_DIGITS = re.compile("([0-9]+)")


def natural(name: str) -> list[str | tuple[int, str]]:
    """A key by which names are sorted, with their numbers by value.

    >>> sorted(["第12期", "第3期", "第03期（下）", "EP 1"], key=natural)
    ['EP 1', '第3期', '第03期（下）', '第12期']
    """
    parts: list[str | tuple[int, str]] = list(_DIGITS.split(name))
    for at in range(1, len(parts), 2):
        value = str(parts[at]).lstrip("0")
        parts[at] = (len(value), value)
    return parts
