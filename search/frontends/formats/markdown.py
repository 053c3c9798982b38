"""Moments as Markdown (CommonMark): a heading with a link, the cues quoted with their matches bold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.core.time_format import clock
from search.api import CueLine, Moment
from search.frontends.formats.display import Page, clean
from search.results.links import link_at

_ACTIVE = re.compile(r"([\\`*_\[\]<>&#|~$])")
"""What means something in the middle of a line, also in tables and formulas of GitHub."""


def moments(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """A part for each moment, with an empty line between them."""
    for number, moment in enumerate(found):
        if number:
            yield ""
        yield from _moment(moment)


def _moment(moment: Moment) -> Iterator[str]:
    episode = moment.episode
    heading = f"{clock(moment.start)} {escaped(episode.title or episode.id)}"
    url = link_at(episode, moment.start)
    yield f"## [{heading}](<{url}>)" if url else f"## {heading}"
    yield ""
    yield _line(" · ".join(filter(None, (escaped(episode.show), episode.date, escaped(episode.id)))))
    yield ""
    for cue in moment.cues:
        speaker = f"{escaped(cue.speaker)}: " if cue.speaker else ""
        yield f"> - {clock(cue.start)} {speaker}{''.join(_pieces(cue))}"


def _pieces(cue: CueLine) -> Iterator[str]:
    """The text of a cue, escaped, with its matches bold."""
    at = 0
    for start, end in cue.highlights:
        yield escaped(cue.text[at:start])
        yield _bold(cue.text[start:end])
        at = end
    yield escaped(cue.text[at:])


def _bold(text: str) -> str:
    """Bold text; asterisks next to a sign instead of a letter, as in C++, would not make it so."""
    if text[:1].isalnum() and text[-1:].isalnum():
        return f"**{escaped(text)}**"
    return f"<b>{escaped(text)}</b>"


def _line(text: str) -> str:
    """Escaped text as a line of its own, which begins no list and no heading."""
    return re.sub(r"^(\d*)([-+=.):])", r"\1\\\2", text.strip())


def escaped(text: str) -> str:
    """Text on one line in which nothing is Markdown."""
    return _ACTIVE.sub(r"\\\1", clean(text))
