"""The two languages of the pages: which one a reader gets, and every text of the interface in both."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request

from search.frontends.web.rendering.wording import WORDING

ENGLISH, CHINESE = "en", "zh-CN"
COOKIE = "podseek-language"

Translate = Callable[..., str]
"""Returns a text of the interface by its key, its numbers and names filled in."""


def chosen_language(request: Request) -> str:
    """Returns the language in `?lang=`, else in the cookie that the switch sets, else the browser's preference."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wanted in (ENGLISH, CHINESE):
            return wanted
    return accepted_language(request.headers.get("accept-language", ""))


def accepted_language(header: str) -> str:
    """Returns the supported language that an Accept-Language header prefers; English if there is none.

    >>> accepted_language("zh-TW,zh;q=0.9,en;q=0.8"), accepted_language("fr,en;q=0.5"), accepted_language("")
    ('zh-CN', 'en', 'en')
    """
    best, quality = ENGLISH, 0.0
    for part in header[:1000].split(","):
        match = re.fullmatch(r"\s*(zh|en)(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part, re.I)
        if match and (weight := float(match[2] or 1)) > quality:
            best, quality = CHINESE if match[1].lower() == "zh" else ENGLISH, weight
    return best


def translator(language: str) -> Translate:
    """The texts in a language. A key without a text raises KeyError: a test reads all templates.

    `one` and `many` of a text are separated by ` || `, chosen by the number `n`.
    """
    at = (ENGLISH, CHINESE).index(language)

    def translate(key: str, n: int | None = None, **values: object) -> str:
        forms = WORDING[key][at].split(" || ")
        text = forms[0 if n == 1 or len(forms) == 1 else 1]
        return text.format(n="" if n is None else f"{n:,}", **values) if "{" in text else text

    return translate
