"""What the names of a transcript and its folder tell: title, date, language, and an id."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from datetime import date
from pathlib import Path

from indexer.origins import ZIP, plain_path
from indexer.values import Facts

_DATES = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-._年])(?P<month>0?[1-9]|1[0-2])(?:(?P=mark)|月)(?P<day>0?[1-9]|[12]\d|3[01])日?(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
)
_LANGUAGE = re.compile(
    r"(?P<before>[.](?:auto|asr|orig))?"
    r"[.](?P<language>(?:zh|zho|chi|cmn|yue|en|eng|ja|jpn|ko|kor|fr|de|es|ru)(?:[-_&+][A-Za-z0-9]{2,8})*"
    r"|(?:chs|cht|sc|tc)(?:[-_&+](?:en|eng|ja|jpn|ko|kor|dual|bilingual))?)"
    r"(?P<after>[.](?:auto|asr|orig|cc|sdh|forced))*$"
    r"|(?P<alone>[.](?:auto|asr))$",
    re.IGNORECASE,
)
_BY_MACHINE = frozenset((".auto", ".asr"))
_LANGUAGES = frozenset(
    (
        *("zh", "zho", "chi", "cmn", "yue", "chs", "cht"),
        *("en", "eng", "ja", "jpn", "ko", "kor", "fr", "de", "es", "ru"),
    )
)
_BOTH = frozenset(("dual", "bilingual"))


def facts_from_name(path: Path) -> Facts:
    """What the names of a file and its folder tell.

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
    """A date in a file name (ISO), and the name without it."""
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


def plain_stem(path: Path) -> str:
    """The file name without its suffix and language (`talk.zh.srt` -> `talk`)."""
    return _LANGUAGE.sub("", plain_path(path).stem)


def language_of(path: Path) -> str | None:
    """The language a file name tells, of two the first.

    >>> language_of(Path("talk.zh-CN.srt")), language_of(Path("talk.auto.en.vtt")), language_of(Path("1.5.srt"))
    ('zh-CN', 'en', None)
    """
    return next(iter(languages_of(path)), None)


def languages_of(path: Path) -> tuple[str, ...]:
    """The languages a file name tells: two of a bilingual transcript, of which the second may be left open ("").

    >>> languages_of(Path("talk.zh-CN-dual.srt")), languages_of(Path("talk.en-zh.srt")), languages_of(Path("talk.srt"))
    (('zh-CN', ''), ('en', 'zh'), ())
    """
    match = _LANGUAGE.search(plain_path(path).stem)
    if not match or not match["language"]:
        return ()
    parts = re.split("([-_&+])", match["language"])
    for at in range(2, len(parts), 2):
        # In capitals it is a country: `en-FR`; and a language is not paired with itself: `fr-fr`.
        if parts[at] in _LANGUAGES and parts[at] != parts[0].lower():
            return "".join(parts[: at - 1]), "".join(parts[at:])
        if parts[at].lower() in _BOTH:
            return "".join(parts[: at - 1]), ""
    return (match["language"],)


def is_by_machine(path: Path) -> bool:
    """True where a file name tells that nobody has looked the transcript over.

    >>> [is_by_machine(Path(name)) for name in ("talk.zh.auto.srt", "talk.auto.srt", "talk.zh.srt")]
    [True, True, False]
    """
    match = _LANGUAGE.search(plain_path(path).stem)
    told = match.group("before", "after", "alone") if match else ()
    return any(mark is not None and mark.lower() in _BY_MACHINE for mark in told)


def readable_id(path: Path) -> str:
    """An episode id from the folder and file name: letters, digits and Chinese, the rest as dashes.

    >>> readable_id(Path("/talks/Echo Room/05 语音识别.srt"))
    'echo-room/05-语音识别'
    """
    readable = "/".join(slug(part) for part in (path.parent.name, plain_path(path).stem) if slug(part))
    return readable or hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def slug(name: str) -> str:
    """A name as part of an id or a path: letters, digits and Chinese, the rest as dashes."""
    return re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFKC", name).lower()).strip("-._")
