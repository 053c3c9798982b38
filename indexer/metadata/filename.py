"""Derives an episode's title, date, language and id from the names of its file and folder."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from indexer.core.dates import iso_date
from indexer.core.files.language_suffix import language_of, plain_stem
from indexer.core.files.sources import ZIP, names_in, plain_path
from indexer.core.types import Facts

_DATES = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-._年])(?P<month>0?[1-9]|1[0-2])(?:(?P=mark)|月)(?P<day>0?[1-9]|[12]\d|3[01])日?(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
)

_SEPARATORS = " -_.·"
_BRACKETS = frozenset(("()", "[]", "（）", "【】", "「」"))

_LEVELS, _LEVELS_OF_SHOW = 4, 6
"""Number of folders that are looked at: the file's own and its parents. a-soul/db/2020/12/srt has the show in its
fifth."""
_KINDS = frozenset(
    (
        *("srt", "vtt", "ass", "ssa", "lrc", "sbv", "json", "txt", "text", "texts", "md", "csv", "tsv", "html"),
        *("sub", "subs", "subtitle", "subtitles", "caption", "captions", "transcript", "transcripts", "transcription"),
        *("raw", "asr", "whisper", "corrected", "audio", "mp3", "episodes", "db", "dataset", "output"),
        *("字幕", "文字稿", "文稿", "转写", "音频"),
        *("zh", "en", "zh-cn", "zh-hans", "zh-hant"),
    )
)
"""Names of folders that say what kind of files are in them."""
_TIMES = re.compile(r"(?:19|20)\d\d(?:[-._年]?(?:0?[1-9]|1[0-2])月?(?:[-._]?\d{1,2}日?)?)?年?|\d{1,2}[月日]?")
"""Names of folders that are a year, a month or a day."""
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)(?:[-._]?(?P<joined>\d\d)|年(?P<spelled>\d\d?)月)|(?P<alone>\d\d?)月?")
"""Names of folders that may be a month, with the year or below a folder of it; the numbers of months and others."""


def facts_from_name(path: Path, folder: Path | None = None) -> Facts:
    """Returns the facts in the names of a file and its folder. `folder` is where the file really is, links resolved, if
    that is known.

    >>> facts = facts_from_name(Path("回声机房/2025-06-08 海底的光.zh.srt"))
    >>> facts.show, facts.title, facts.date, facts.language
    ('回声机房', '海底的光', '2025-06-08', 'zh')
    """
    stem = plain_stem(path)
    found, rest = _find_date(stem)
    show, day = _facts_of_folder(path.resolve().parent if folder is None else folder)
    return Facts(show=show, title=_tidy(rest) or stem, date=found or day, language=language_of(path))


@lru_cache(1024)
def _facts_of_folder(folder: Path) -> tuple[str, str | None]:
    """The show and the date in the names of a folder and those above it."""
    folders = (folder, *folder.parents)[:_LEVELS_OF_SHOW]
    names = [_name(one) for one in folders]
    show = next((name for name in names if name and not _is_no_show(name)), names[0])
    return show, _date_of_folders(names[:_LEVELS]) or _month_or_year(folders[:_LEVELS])


def _name(folder: Path) -> str:
    return folder.stem if folder.suffix.lower() == ZIP else folder.name


def _plain(name: str) -> str:
    return name.lower().strip(" _-.")


def _is_no_show(name: str) -> bool:
    """True for the name of a folder that says what kind of files are in it, or when they are from."""
    plain = _plain(name)
    return plain in _KINDS or _TIMES.fullmatch(plain) is not None


def _date_of_folders(names: Sequence[str]) -> str | None:
    """The date in the names of folders, innermost first: a whole one, or year, month and day each in its own."""
    for number, name in enumerate(names):
        if (found := _find_date(name)[0]) is not None:
            return found
        if number and (found := _find_date("-".join((name, *names[number - 1 :: -1][:2])))[0]) is not None:
            return found
    return None


def _month_or_year(folders: Sequence[Path]) -> str | None:
    """The month, else the year, that folders are named after, innermost first; those of a show's name and above it say
    nothing of when its episodes are from."""
    for folder, above in pairwise((*folders, Path())):
        name = _plain(_name(folder))
        if year := _YEAR.fullmatch(name):
            return year[1] if int(year[1]) <= date.today().year else None
        month = _MONTH.fullmatch(name)
        year = month and _YEAR.fullmatch(month["year"] or _plain(_name(above)))
        if month and year and int(year[1]) <= date.today().year and _are_months(folder, month):
            return iso_date(int(year[1]), _number(month))
        if not _is_no_show(name):
            return None
    return None


def _are_months(folder: Path, month: re.Match[str]) -> bool:
    """False if the number of a folder, or of one beside it that is named in the same way, is no month: then they number
    something else, such as lectures or weeks."""
    return all(1 <= number <= 12 for number in (_number(month), *_numbers(folder.parent, month.lastgroup)))


@lru_cache(1024)
def _numbers(folder: Path, form: str | None) -> frozenset[int]:
    """The numbers of what is in a folder and is named in this way, by a group of `_MONTH`; none if it is gone."""
    try:
        names = names_in(folder)
    except OSError:
        return frozenset()
    matches = (_MONTH.fullmatch(_plain(_name(Path(name)))) for name in names)
    return frozenset(_number(match) for match in matches if match and match.lastgroup == form)


def _number(month: re.Match[str]) -> int:
    return int(month["joined"] or month["spelled"] or month["alone"])


def _find_date(stem: str) -> tuple[str | None, str]:
    """Returns the first valid date in a file name (ISO 8601, or None), and the name without it."""
    for pattern in _DATES:
        for match in pattern.finditer(stem):
            try:
                found = date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                continue
            return found.isoformat(), _joined(stem[: match.start()], stem[match.end() :])
    return None, stem


def _joined(before: str, after: str) -> str:
    """What a date was between, with the separators of one side: the longer, of two as long the first."""
    while before and after and before[-1] + after[0] in _BRACKETS:
        before, after = before[:-1], after[1:]
    start, rest = before.rstrip(_SEPARATORS), after.lstrip(_SEPARATORS)
    between = max(before[len(start) :], after[: len(after) - len(rest)], key=len)
    return start + (between or " ") + rest


def _tidy(name: str) -> str:
    return re.sub(r"[\s_]+", " ", name).strip(_SEPARATORS)


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
