"""The times of words within a cue: adjusts them when the text is tidied, and drops implausible ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Marks = tuple[tuple[int, float], ...]
"""(character offset, seconds), in order; see `Cue.marks`."""

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_SAID = re.compile(r"\S")
_FAR = 40
"""The longest text, in characters, that a list of words may omit between two words."""


def tidied(text: str, marks: Iterable[tuple[int, float]] = ()) -> tuple[str, Marks]:
    """Strips lines and drops empty ones; moves each mark to the first remaining character at or after it.

    >>> tidied(" 山 高 \\n\\n 水长", [(0, 1.0), (2, 2.0), (4, 3.0)])
    ('山 高\\n水长', ((0, 1.0), (2, 2.0), (4, 3.0)))
    """
    spans = [line.span() for line in _LINE.finditer(text)]
    moved, base, rest = [], 0, list(marks)[::-1]
    for begin, end in spans:
        while rest and rest[-1][0] < end:
            at, time = rest.pop()
            said = _SAID.search(text, max(at, begin), end)
            if said:
                moved.append((base + said.start() - begin, time))
        base += end - begin + 1
    return "\n".join(text[begin:end] for begin, end in spans), tuple(moved)


def sensible(marks: Iterable[tuple[int, float]], start: float, end: float) -> Marks:
    """The marks that increase and lie within the cue; `start` and `end` are in seconds.

    >>> sensible([(0, 1.0), (0, 1.2), (2, 0.9), (3, 1.5), (5, 9.0)], 1.0, 2.0)
    ((0, 1.0), (3, 1.5))
    """
    kept: list[tuple[int, float]] = []
    for at, time in marks:
        last_at, last_time = kept[-1] if kept else (-1, start)
        if at > last_at and last_time <= time <= end:
            kept.append((at, time))
    return tuple(kept)


def aligned(text: str, words: Sequence[tuple[str, float | None]]) -> list[tuple[int, float]]:
    """The offset and time of each word in the text; words without a time or not found are skipped.

    >>> aligned("Hi, 大家好", [(" Hi,", 1.0), ("大家", 1.5), ("们", 1.7), ("好", None)])
    [(0, 1.0), (4, 1.5)]
    """
    marks, at = [], 0
    for word, time in words:
        word = word.strip()
        found = text.find(word, at, at + len(word) + _FAR) if word else -1
        if found >= 0:
            if time is not None:
                marks.append((found, time))
            at = found + len(word)
    return marks
