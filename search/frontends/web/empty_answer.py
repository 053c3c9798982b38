"""Why a search found nothing, as the page of its results says it: lines in which what to do next is a link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.core.messages import N_, reworded
from indexer.core.named_tuples import NamedTuple
from search.api import SearchRequest
from search.frontends.formats.next_steps import NextSteps
from search.frontends.formats.no_results import reasons
from search.frontends.web.site import PageView

_REWORDED = {
    "{filter}: no episode has this in its title: `podseek episodes` lists them": N_(
        "{filter}: no episode has this in its title"
    ),
    "{word} only sounds like {heard}: add a word that is said near it, as in `{word} ...`": N_(
        "{word} only sounds like {heard}: add a word that is said near it"
    ),
}
"""Messages for a person at a command line, each with what the page says in its place."""
_LINK = re.compile("\ue000(\\d+)\ue001")
"""Where a link stands in a line: its number between characters that no message has."""


class LinePart(NamedTuple):
    """A part of a line; a link if it has an address."""

    text: str
    address: str | None = None


def empty_answer(view: PageView, request: SearchRequest) -> list[list[LinePart]]:
    """The lines that say why a request found nothing, in the language of the page; none where nothing is known."""
    links: list[LinePart] = []

    def link(text: str, address: str) -> str:
        links.append(LinePart(text, address))
        return f"\ue000{len(links) - 1}\ue001"

    urls = view.urls
    steps = NextSteps(
        lambda query: link(query, urls.search(query)),
        lambda episode: link(episode, urls.episode(episode)),
        lambda text: link(view.t("nav.episodes"), urls.page("/episodes", title=text)),
    )
    with reworded(_REWORDED):
        lines = list(reasons(view.site.index.library, request, steps))
    return [list(_parts(line, links)) for line in lines]


def _parts(line: str, links: Sequence[LinePart]) -> Iterator[LinePart]:
    for number, text in enumerate(_LINK.split(line)):
        if number % 2 == 0:
            yield LinePart(text)
        elif int(text) < len(links):  # the query may have such characters of its own
            yield links[int(text)]
