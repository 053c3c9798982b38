"""Moments as Markdown (CommonMark): a linked heading, and the cues as a quotation with bold matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.core.text.time_format import clock
from search.api import CueLine, Moment
from search.frontends.formats.display import Page, clean
from search.results.links import link_at

_ACTIVE = re.compile(r"([\\`*_\[\]<>&#|~$])")
"""Characters with a meaning inside a line, including GitHub's tables and formulas."""


def moments(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields a section per moment, separated by empty lines."""
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
    source = (escaped(episode.show), episode.period, escaped(moment.library), escaped(episode.id))
    yield _line(" · ".join(filter(None, source)))
    yield ""
    for cue in moment.cues:
        speaker = f"{escaped(cue.speaker)}: " if cue.speaker else ""
        yield f"> - {clock(cue.start)} {speaker}{''.join(_pieces(cue))}"


def _pieces(cue: CueLine) -> Iterator[str]:
    """Yields the escaped text of a cue with bold matches."""
    at = 0
    for start, end in cue.highlights:
        yield escaped(cue.text[at:start])
        yield _bold(cue.text[start:end])
        at = end
    yield escaped(cue.text[at:])


def _bold(text: str) -> str:
    """Returns bold text; as HTML if it begins or ends with punctuation (C++), where asterisks need not take effect."""
    if text[:1].isalnum() and text[-1:].isalnum():
        return f"**{escaped(text)}**"
    return f"<b>{escaped(text)}</b>"


def _line(text: str) -> str:
    """Returns escaped text as a line that cannot begin a list or a heading."""
    return re.sub(r"^(\d*)([-+=.):])", r"\1\\\2", text.strip())


def escaped(text: str) -> str:
    """Returns text on one line, with all Markdown characters escaped."""
    return _ACTIVE.sub(r"\\\1", clean(text))
