"""The lines of the reader as HTML. A page has hundreds of them: made by a template they take most of its time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from search.api import CueLine
from search.frontends.formats.display import clean
from search.frontends.web.rendering.languages import Translate
from search.frontends.web.rendering.render import marked, short_clock, tongue

_SPECIAL = re.compile("[&<>'\"]")


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """A cue in the reader. `hows` says how it matches, if it does; `anchor` is its second, if no cue before has it;
    `chapter` is the title of one that begins here, `speaker` is empty if it is that of the line before."""

    cue: CueLine
    hows: str
    anchor: int | None
    speaker: str
    chapter: str
    address: str


def lines_html(lines: Iterable[ReaderLine], language: str, t: Translate) -> Markup:
    """The items of `#lines`, by the names in `templates/base.html`: a heading where a chapter begins, and each line."""
    made = []
    for line in lines:
        cue = line.cue
        chapter = f'<li class="chapter"><h2>{_text(line.chapter)}</h2></li>\n' if line.chapter else ""
        anchor = "" if line.anchor is None else f' id="t={line.anchor}"'
        how = f' data-how="{_text(line.hows)}"' if line.hows else ""
        damped = f' data-damped="{_text(cue.damped)}" title="{_text(t("damped." + cue.damped))}"' if cue.damped else ""
        speaker = f'<b class="speaker">{_text(line.speaker)}</b> ' if line.speaker else ""
        text = marked(cue.text, cue.highlights) if cue.highlights else _text(cue.text)
        made.append(
            f'{chapter}<li class="line"{anchor} data-index="{cue.index}" data-start="{cue.start}" data-end="{cue.end}"'
            f'{how}{damped}><a class="say" href="{_text(line.address)}"><time>{short_clock(cue.start)}</time> {speaker}'
            f'<span class="text"{tongue(cue.text, language)}>{text}</span></a></li>\n'
        )
    return Markup("".join(made))


def _text(text: str) -> str:
    """Text from outside as HTML, also within a quoted attribute."""
    cleaned = clean(text)
    return str(escape(cleaned)) if _SPECIAL.search(cleaned) else cleaned
