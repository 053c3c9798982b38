"""Messages in the reader's language: `_` and `ngettext` look an English text up in the catalogue of that language.

A process has one language, English until `use_language` sets another; `speaking` sets one for the current context only,
such as a request of the web server. A message is translated where `_` is called: an exception has the language of the
context that raises it. Constants made at import mark their texts with `N_`; `_` translates them where they are shown.

English loads nothing; `reworded` puts other texts in place of some, in other languages those that are translated.
Catalogues are `podseek/locale/zh_CN/LC_MESSAGES/podseek.po`, or the `.mo` compiled from it when podseek is built.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

ENGLISH, CHINESE = "en", "zh-CN"
"""The languages there are, as HTML and HTTP name them."""

VARIABLE = "PODSEEK_LANG"

_FOLDERS = {CHINESE: "zh_CN"}

_of_context: ContextVar[str | None] = ContextVar("podseek_language", default=None)
_of_process = ENGLISH
_rewordings: ContextVar[Mapping[str, str] | None] = ContextVar("podseek_rewordings", default=None)


def _(text: str) -> str:
    """The text in the language in use; itself if that is English or has no translation of it."""
    spoken = _of_context.get() or _of_process
    if spoken == ENGLISH:
        return _english(text)
    catalogue, other = _catalogue(spoken), _english(text)
    translated = text if other is text else catalogue.gettext(other)
    return catalogue.gettext(text) if translated is other else translated


def ngettext(one: str, many: str, n: int) -> str:
    """The form of a text that fits the number `n`."""
    spoken = _of_context.get() or _of_process
    if spoken == ENGLISH:
        return _english(one if n == 1 else many)
    return _catalogue(spoken).ngettext(one, many, n)


def _english(text: str) -> str:
    reworded = _rewordings.get()
    return text if reworded is None else reworded.get(text, text)


def N_(text: str) -> str:
    """Returns the text unchanged; marks it for the catalogue. It is translated by `_` where it is shown."""
    return text


def enumeration(words: Iterable[str]) -> str:
    """Words as a list in the language in use: `a, b`, in Chinese `a、b`."""
    return (", " if language() == ENGLISH else "、").join(words)


def language() -> str:
    """The language in use: ENGLISH or CHINESE."""
    return _of_context.get() or _of_process


def use_language(spoken: str) -> None:
    """Sets the language of this process."""
    global _of_process
    _of_process = spoken


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """Sets the language of the current context, such as a request, for a `with` block."""
    token = _of_context.set(spoken)
    try:
        yield
    finally:
        _of_context.reset(token)


@contextmanager
def reworded(texts: Mapping[str, str]) -> Iterator[None]:
    """Says some texts in other words, by the English texts, in a `with` block: for readers who cannot do what these
    advise."""
    token = _rewordings.set(texts)
    try:
        yield
    finally:
        _rewordings.reset(token)


def named_language(name: str) -> str | None:
    """The language of a locale or a language tag such as `zh_CN.UTF-8`, `zh-Hant` or `en`; None if there is none."""
    first = name.strip().lower().replace("_", "-").partition(".")[0].partition("@")[0].partition("-")[0]
    return {"en": ENGLISH, "english": ENGLISH, "c": ENGLISH, "posix": ENGLISH, "zh": CHINESE, "chinese": CHINESE}.get(
        first
    )


def preferred_language(environment: Mapping[str, str], configured: str | None = None) -> str:
    """The language that PODSEEK_LANG names, else the configuration, else the locale; ENGLISH if none of them names one.

    The locale is read as gettext does: LC_ALL, LC_MESSAGES, LANG, and the list LANGUAGE before them unless they say C.
    """
    for named in (environment.get(VARIABLE), configured):
        if named and (chosen := named_language(named)) is not None:
            return chosen
    values = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((value for value in values if value), "")
    if locale in ("C", "POSIX"):
        return ENGLISH
    wanted = [*environment.get("LANGUAGE", "").split(":"), locale]
    known = (named_language(name) for name in wanted if name)
    return next((found for found in known if found is not None), ENGLISH)


@lru_cache(4)
def _catalogue(spoken: str) -> NullTranslations:
    """Reads the compiled catalogue, or its source where that is newer or the only one: in a checkout. Without either,
    all is English."""
    from gettext import NullTranslations

    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    base = os.path.join(root, "podseek", "locale", _FOLDERS[spoken], "LC_MESSAGES", "podseek")  # noqa: PTH118
    source, compiled = _modified(f"{base}.po"), _modified(f"{base}.mo")
    if source is None and compiled is None:
        return NullTranslations()
    return _translations(base, compiled is None or (source is not None and source > compiled))


def _translations(base: str, from_source: bool) -> NullTranslations:
    import io
    from gettext import GNUTranslations

    if not from_source:
        with open(f"{base}.mo", "rb") as file:  # noqa: PTH123
            return GNUTranslations(file)
    from indexer.core.po_file import compiled, parse

    with open(f"{base}.po", encoding="utf-8") as text:  # noqa: PTH123
        return GNUTranslations(io.BytesIO(compiled(parse(text.read()))))


def _modified(path: str) -> float | None:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116
    except OSError:
        return None
