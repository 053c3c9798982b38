"""Finds SubRip cues whose time line is missing, by the sequence of cue numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"\s*\d{1,9}\s*$")
_MOST_MISSING = 50
"""The longest gap in the cue numbers that is searched for cues without times."""


def without_times(lines: Sequence[str], heads: Sequence[int]) -> list[int]:
    """The indices of cue numbers that have no time line below them, between two other cues or after the last.

    `heads` are the indices of all time lines. A number counts if it follows an empty line, precedes text, and is
    missing from the sequence.

    >>> without_times("1 t 山 _ 2 水 _ 3 t 路".replace("_", "").split(" "), [1, 8])
    [4]
    """
    if not heads:
        return []
    numbers = [_number(lines, place - 1) if place else None for place in heads]
    places: list[int] = []
    bounds: list[tuple[int | None, int, int | None, int]] = [(None, -1, numbers[0], heads[0])]
    bounds += list(zip(numbers, heads, [*numbers[1:], None], [*heads[1:], len(lines)], strict=True))
    for above, begin, below, end in bounds:
        if above is None and (below is None or begin >= 0):
            continue
        expected = above + 1 if above is not None else (below or 0) - 1
        last = below - 1 if below is not None else expected
        if not 0 <= expected <= last <= expected + _MOST_MISSING:
            continue
        for place in range(begin + 1, end - 1):
            if _number(lines, place) == expected <= last and _is_headless(lines, place):
                places.append(place)
                expected += 1
    return places


def _is_headless(lines: Sequence[str], place: int) -> bool:
    return bool((not place or not lines[place - 1].strip()) and lines[place + 1].strip())


def _number(lines: Sequence[str], place: int) -> int | None:
    line = lines[place] if len(lines[place]) < 20 else ""
    return int(line.strip()) if _NUMBER.match(line) else None  # int alone refuses U+001C to U+001F beside it
