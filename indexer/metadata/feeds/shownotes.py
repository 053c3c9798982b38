"""Shownotes: their text as lines, and the timestamps at the beginning of lines."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence

from indexer.core.types import Chapter
from indexer.metadata.chapters import in_order, stamped_line

LONGEST = 1_000_000
"""Maximum number of characters read; the longest known shownotes have 60,000."""

_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|ol|h[1-6]|tr|td|blockquote|section)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_NO_CHARACTER = re.compile(r"&#(?=\d{8})")
"""Character references too large for any character; int() rejects the longest and is slow for others."""
_IN_ORDER = 0.8
"""Minimum share of timestamps in ascending order; below it, the times are dates, scores or quotations."""


def text_lines(notes: str) -> list[str]:
    """Returns the non-empty lines of shownotes in HTML or plain text.

    >>> text_lines("<p>00:00 开场</p><ul><li>12:30 <b>谈谈</b>开源</li></ul>")
    ['00:00 开场', '12:30 谈谈开源']
    """
    notes = notes[:LONGEST]
    if _TAG.search(notes):
        notes = _TAG.sub("", _BREAK.sub("\n", notes))
    plain = html.unescape(_NO_CHARACTER.sub("&amp;#", notes))
    return [line for line in map(str.strip, plain.splitlines()) if line]


def find_stamps(notes: str, duration: float | None = None) -> tuple[Chapter, ...]:
    """Returns the timestamped lines of shownotes as chapters of kind `note`.

    Drops those out of order and those not before `duration` (seconds). Returns nothing unless at least two remain and
    most were in order.
    """
    found = [chapter for chapter in map(stamped_line, text_lines(notes)) if chapter is not None]
    within = [chapter for chapter in found if duration is None or chapter.start < duration]
    kept = _longest_in_order(within)
    if len(kept) < 2 or len(kept) < _IN_ORDER * len(found):
        return ()
    return in_order(chapter._replace(kind="note") for chapter in kept)


def _longest_in_order(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Returns the longest subsequence of chapters with non-decreasing times (patience sorting, O(n log n))."""
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
