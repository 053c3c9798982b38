"""Language tags in the file names of transcripts, as in `talk.zh-CN.srt`."""

from __future__ import annotations

import re
from pathlib import Path

from indexer.core.files.sources import plain_path

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


def plain_stem(path: Path) -> str:
    """The file name without suffix and language tag (`talk.zh.srt` -> `talk`)."""
    return _LANGUAGE.sub("", plain_path(path).stem)


def language_of(path: Path) -> str | None:
    """The language in a file name; the first of two; None if there is none.

    >>> language_of(Path("talk.zh-CN.srt")), language_of(Path("talk.auto.en.vtt")), language_of(Path("1.5.srt"))
    ('zh-CN', 'en', None)
    """
    return next(iter(languages_of(path)), None)


def languages_of(path: Path) -> tuple[str, ...]:
    """The languages in a file name: none, one, or the two of a bilingual transcript, of which the second may be
    unspecified ("").

    >>> languages_of(Path("talk.zh-CN-dual.srt")), languages_of(Path("talk.en-zh.srt")), languages_of(Path("talk.srt"))
    (('zh-CN', ''), ('en', 'zh'), ())
    """
    match = _LANGUAGE.search(plain_path(path).stem)
    if not match or not match["language"]:
        return ()
    parts = re.split("([-_&+])", match["language"])
    for at in range(2, len(parts), 2):
        # An upper-case part is a country (`en-FR`), and a language is not paired with itself (`fr-fr`).
        if parts[at] in _LANGUAGES and parts[at] != parts[0].lower():
            return "".join(parts[: at - 1]), "".join(parts[at:])
        if parts[at].lower() in _BOTH:
            return "".join(parts[: at - 1]), ""
    return (match["language"],)


def is_by_machine(path: Path) -> bool:
    """True if the file name marks the transcript as machine-made and unreviewed.

    >>> [is_by_machine(Path(name)) for name in ("talk.zh.auto.srt", "talk.auto.srt", "talk.zh.srt")]
    [True, True, False]
    """
    match = _LANGUAGE.search(plain_path(path).stem)
    marks = match.group("before", "after", "alone") if match else ()
    return any(mark is not None and mark.lower() in _BY_MACHINE for mark in marks)
