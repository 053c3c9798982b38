"""Renders the templates. Everything that comes from outside is escaped, and loses its control characters before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from indexer.core.positions.tokens import HAN
from indexer.core.text.time_format import clock
from search.frontends.formats.display import clean
from search.frontends.web.rendering.languages import translator
from search.frontends.web.rendering.static_files import static_files, static_hash

_FOLDER = Path(__file__).parent / "templates"
_HAN, _KANA, _LATIN = re.compile(f"[{HAN}]"), re.compile("[\u3041-\u30ff]"), re.compile("[A-Za-z\u00c0-\u024f]+")
_FULL_HOURS = re.compile(r"^0(?:0:0?|(?=\d:))")


@lru_cache(1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_printable,
    )
    made.filters["clock"] = short_clock
    made.filters["marked"] = marked
    made.filters["tongue"] = tongue
    made.globals["scripts"] = [name for name in static_files() if name.endswith(".js")]
    return made


def _printable(value: Any) -> Any:
    """What every `{{ }}` passes through before it is escaped."""
    return clean(value) if type(value) is str else value


def short_clock(seconds: float) -> str:
    """A time as people write it.

    >>> short_clock(75), short_clock(3675)
    ('1:15', '1:01:15')
    """
    return _FULL_HOURS.sub("", clock(max(0.0, seconds)))


def marked(text: str, highlights: Iterable[tuple[int, int]]) -> Markup:
    """The text of a cue as HTML, with its highlights in `<mark>`. Offsets are in characters.

    >>> str(marked("<水>开了", [(0, 3)]))
    '<mark>&lt;水&gt;</mark>开了'
    """
    pieces, at = [], 0
    for start, end in highlights:
        pieces += [_escaped(text[at:start]), "<mark>", _escaped(text[start:end]), "</mark>"]
        at = end
    return Markup("".join([*pieces, _escaped(text[at:])]))


def tongue(text: str, language: str) -> Markup:
    """The attribute `lang` of a passage on a page in a language: Chinese if most of its words are, else nothing.

    A Han character counts as a word; a passage with kana is left alone. Without it a screen reader takes the voice of
    the page.

    >>> str(tongue("用 Python 写的", "en")), str(tongue("Python 很好 but slow", "en")), str(tongue("水开了", "zh-CN"))
    (' lang="zh"', '', '')
    """
    if language.startswith("zh") or _KANA.search(text):
        return Markup("")
    return Markup(' lang="zh"' if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "")


def _escaped(text: str) -> str:
    """Text for HTML, as a plain string: joining Markup takes three times as long."""
    return str(escape(clean(text)))


def static_path() -> str:
    return f"/static/{static_hash()}"


def render_bare(template: str, language: str, **values: Any) -> str:
    """Renders a template in a language."""
    text = translator(language)
    return _environment().get_template(template).render(t=text, language=language, **values)
