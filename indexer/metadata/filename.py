"""Derives an episode's title, date, language and id from the names of its file and folder."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from datetime import date
from pathlib import Path

from indexer.core.language_suffix import language_of, plain_stem
from indexer.core.sources import ZIP, plain_path
from indexer.core.types import Facts

_DATES = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-._年])(?P<month>0?[1-9]|1[0-2])(?:(?P=mark)|月)(?P<day>0?[1-9]|[12]\d|3[01])日?(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
)


def facts_from_name(path: Path) -> Facts:
    """Returns the facts in the names of a file and its folder.

    >>> facts = facts_from_name(Path("回声机房/2025-06-08 海底的光.zh.srt"))
    >>> facts.show, facts.title, facts.date, facts.language
    ('回声机房', '海底的光', '2025-06-08', 'zh')
    """
    stem = plain_stem(path)
    found, rest = _find_date(stem)
    folder = path.resolve().parent
    show = folder.stem if folder.suffix.lower() == ZIP else folder.name
    return Facts(show=show, title=_tidy(rest) or stem, date=found, language=language_of(path))


def _find_date(stem: str) -> tuple[str | None, str]:
    """Returns the first valid date in a file name (ISO 8601, or None), and the name without it."""
    for pattern in _DATES:
        for match in pattern.finditer(stem):
            try:
                found = date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                continue
            return found.isoformat(), stem[: match.start()] + " " + stem[match.end() :]
    return None, stem


def _tidy(name: str) -> str:
    return re.sub(r"[\s_]+", " ", name).strip(" -_.·")


def readable_id(path: Path) -> str:
    """Returns an episode id made of the slugs of the folder and file name, or of a hash if both are empty.

    >>> readable_id(Path("/talks/Echo Room/05 语音识别.srt"))
    'echo-room/05-语音识别'
    """
    readable = "/".join(slug(part) for part in (path.parent.name, plain_path(path).stem) if slug(part))
    return readable or hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def slug(name: str) -> str:
    """Returns a name in lower case with each run of characters other than letters (of any script), digits, `_` and
    `.` replaced by a dash."""
    return re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFKC", name).lower()).strip("-._")
