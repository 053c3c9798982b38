"""Sanitizes untrusted strings from files: single-line text and language tags."""

from __future__ import annotations

import re

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def tidy(text: str, longest: int) -> str:
    """Collapses whitespace to single spaces, drops unprintable characters, and cuts at `longest` characters.

    >>> tidy(" 海底\\n\\x1b的  光 ", 4)
    '海底 的'
    """
    words = " ".join(text[: longest * 8].split())
    return "".join(character for character in words if character.isprintable())[:longest].strip()


def language_tag(value: object) -> str | None:
    """A BCP 47 language tag, checked for form only; None for anything else.

    >>> language_tag(" zh_CN "), language_tag("Chinese (Mandarin)"), language_tag(None)
    ('zh-CN', None, None)
    """
    written = value.strip() if isinstance(value, str) else ""
    return written.replace("_", "-") if _LANGUAGE.fullmatch(written) else None
