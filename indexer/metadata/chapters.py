"""Parses chapters: lines that begin with a timestamp, sidecar tables, and Podcasting 2.0 JSON files."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from indexer.core.files import sources
from indexer.core.messages import _, ngettext
from indexer.core.text.clock_times import read_clock
from indexer.core.text.sanitize import tidy
from indexer.core.types import Chapter

SUFFIX = ".chapters.json"
"""Suffix of the chapters file of a transcript: `talk.chapters.json` for `talk.srt`."""

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes."""

MOST = 2_000
"""Maximum number of chapters per episode; the longest known list has a few hundred."""

LONGEST_TITLE = 300
"""Maximum length of a title, in characters."""

_LATEST = 1_000_000
"""Latest valid time, in seconds (eleven days)."""

_TIME = r"\d{1,3}[:：][0-5]\d(?:[:：][0-5]\d)?(?:[.,]\d{1,3})?"
_STAMPED = re.compile(
    rf"[^\w\d《「“\"'(（\[【]{{0,8}}[(（\[【]?\s*(?P<start>{_TIME})"
    rf"(?:\s*(?:[-–—~～]|to|至|到)\s*(?P<end>{_TIME}))?\s*[)）\]】]?(?![\d:：])"
    r"[\s\-–—:：|｜~～、.,，。·•]*(?P<title>\S.*)",
    re.IGNORECASE,
)


def stamped_line(line: str) -> Chapter | None:
    """Returns the chapter in a line that begins with a timestamp, None for any other line.

    >>> stamped_line("[00:12:30] - 谈谈开源")
    Chapter(start=750.0, title='谈谈开源', end=None, kind='chapter')
    """
    match = _STAMPED.match(" ".join(line[:2000].split()))
    if match is None:
        return None
    return make_chapter(read_clock(match["start"]), match["title"], read_clock(match["end"] or ""))


def in_order(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """Returns the chapters sorted by time, without duplicates; at most MOST."""
    by_time = sorted(set(chapters), key=lambda chapter: (chapter.start, chapter.kind, chapter.title))
    return tuple(by_time[:MOST])


def typed_chapters(value: object) -> tuple[Chapter, ...]:
    """Returns the chapters in a sidecar's `chapters` value: a string of timestamped lines, or a list of tables with
    `start` and `title`. Raises ValueError with the reason.
    """
    if isinstance(value, str):
        lines = [line for line in value.splitlines() if line.strip()]
        chapters = [stamped_line(line) for line in lines]
        for line, chapter in zip(lines, chapters, strict=True):
            if chapter is None:
                raise ValueError(_("has a line without a time in front: {line!r}").format(line=tidy(line, 40)))
    elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        chapters = [_chapter(entry, "start", "end") for entry in value]
        if None in chapters:
            raise ValueError(_("has no start and title in entry {index}").format(index=chapters.index(None) + 1))
    else:
        raise ValueError(_('is neither lines like "12:30 title" nor tables with start and title'))
    return in_order(chapter for chapter in chapters if chapter is not None)


def parse_chapters(data: bytes) -> tuple[tuple[Chapter, ...], int]:
    """Returns the chapters in a Podcasting 2.0 chapters file, and the number of entries without a start or title.

    Skips entries excluded from the table of contents (`toc: false`). Raises ValueError with the reason if `data` is
    not such a file.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(_("is not JSON ({reason})").format(reason=tidy(str(error), 80))) from None
    entries = content.get("chapters") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ValueError(_("has no list of chapters"))
    wanted = [entry for entry in entries if not (isinstance(entry, dict) and entry.get("toc") is False)]
    chapters = [_chapter(entry, "startTime", "endTime") for entry in wanted]
    return in_order(chapter for chapter in chapters if chapter is not None), chapters.count(None)


def read_chapters(path: Path) -> tuple[tuple[Chapter, ...], int]:
    """Reads a chapters file and parses it as `parse_chapters` does. Raises OSError or ValueError."""
    data = sources.read(path, LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise ValueError(_("more than {most} MB are too many for chapters").format(most=LARGEST_FILE >> 20))
    return parse_chapters(data)


def unusable_chapters(count: int) -> str:
    """What is wrong with so many chapters that are left out."""
    return ngettext("{n} chapter has no start or title", "{n} chapters have no start or title", count).format(n=count)


def beside(transcript: Path, stems: Iterable[str]) -> Path | None:
    """Returns the first chapters file that exists beside a transcript, trying the stems in order; None without one."""
    candidates = (transcript.with_name(stem + SUFFIX) for stem in stems)
    return next((path for path in candidates if _is_there(path)), None)


def _is_there(path: Path) -> bool:
    try:
        return sources.exists(path) and not path.is_dir()
    except OSError:
        return False


def _chapter(entry: object, start: str, end: str) -> Chapter | None:
    """Returns the chapter in a table whose keys `start` and `end` hold seconds or timestamps; None if unusable."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("title"), str):
        return None
    return make_chapter(_seconds(entry.get(start)), entry["title"], _seconds(entry.get(end)))


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value <= _LATEST else None
    return read_clock(value) if isinstance(value, str) else None


def make_chapter(start: float | None, title: str, end: float | None = None, kind: str = "chapter") -> Chapter | None:
    """Returns a chapter with times rounded to milliseconds; None without a valid start or a title. Drops an end that
    is not after the start."""
    title = tidy(title, LONGEST_TITLE)
    if start is None or not title or not math.isfinite(start) or not 0 <= start <= _LATEST:
        return None
    if end is not None and not start < end <= _LATEST:
        end = None
    return Chapter(round(start, 3), title, round(end, 3) if end is not None else None, kind)
