"""Shownotes: their lines, and the times that stand in front of lines."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence

from indexer.core.types import Chapter
from indexer.metadata.chapters import in_order, stamped_line

LONGEST = 1_000_000
"""Characters of shownotes that are looked at; the longest known have 60,000."""

_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|ol|h[1-6]|tr|td|blockquote|section)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_NO_CHARACTER = re.compile(r"&#(?=\d{8})")
"""No character has so large a number; Python refuses to read the largest, and takes long for others."""
_IN_ORDER = 0.8
"""So much of a list of times must be in order; other times in a text are dates, scores or quotations."""


def text_lines(notes: str) -> list[str]:
    """The text of shownotes, HTML or plain, by lines; empty ones are left out.

    >>> text_lines("<p>00:00 开场</p><ul><li>12:30 <b>谈谈</b>开源</li></ul>")
    ['00:00 开场', '12:30 谈谈开源']
    """
    notes = notes[:LONGEST]
    if _TAG.search(notes):
        notes = _TAG.sub("", _BREAK.sub("\n", notes))
    plain = html.unescape(_NO_CHARACTER.sub("&amp;#", notes))
    return [line for line in map(str.strip, plain.splitlines()) if line]


def find_stamps(notes: str, duration: float | None = None) -> tuple[Chapter, ...]:
    """The times in front of lines, as chapters of the kind `note`.

    There must be two of them at least, mostly in order; those out of order, and those from `duration` (seconds) on,
    are left out.
    """
    found = [chapter for chapter in map(stamped_line, text_lines(notes)) if chapter is not None]
    within = [chapter for chapter in found if duration is None or chapter.start < duration]
    kept = _longest_in_order(within)
    if len(kept) < 2 or len(kept) < _IN_ORDER * len(found):
        return ()
    return in_order(chapter._replace(kind="note") for chapter in kept)


def _longest_in_order(chapters: Sequence[Chapter]) -> list[Chapter]:
    """The longest part of the chapters whose times never go back (patience sorting, n log n)."""
    tails: list[float] = []
    places: list[int] = []
    for chapter in chapters:
        place = bisect_right(tails, chapter.start)
        tails[place : place + 1] = [chapter.start]
        places.append(place)
    kept: list[Chapter] = []
    wanted, limit = len(tails) - 1, float("inf")
    for chapter, place in zip(reversed(chapters), reversed(places), strict=True):
        if place == wanted and chapter.start <= limit:
            kept.append(chapter)
            wanted, limit = wanted - 1, chapter.start
    return kept[::-1]
