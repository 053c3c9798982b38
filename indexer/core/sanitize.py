"""What strangers wrote into a file, made fit to keep: a text on one line, the tag of a language."""

from __future__ import annotations

import re

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def tidy(text: str, longest: int) -> str:
    """The text on one line: runs of spaces as one, without what cannot be printed, cut at `longest` characters.

    >>> tidy(" 海底\\n\\x1b的  光 ", 4)
    '海底 的'
    """
    words = " ".join(text[: longest * 8].split())
    return "".join(character for character in words if character.isprintable())[:longest].strip()


def language_tag(value: object) -> str | None:
    """The tag of a language (BCP 47, as far as its form goes), None for what is none.

    >>> language_tag(" zh_CN "), language_tag("Chinese (Mandarin)"), language_tag(None)
    ('zh-CN', None, None)
    """
    written = value.strip() if isinstance(value, str) else ""
    return written.replace("_", "-") if _LANGUAGE.fullmatch(written) else None
