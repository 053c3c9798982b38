"""`/episode/{id}`: the transcript around a second, with its matches; `/lines/{id}`: more of its lines.

A page holds `LINES` cues and links to those before and after, so that an episode of any length opens at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.core.types import Chapter, Episode
from search.api import Margin, Moment, SearchRequest
from search.frontends.web.page_parameters import given_number, given_text
from search.frontends.web.pages.search import size_of
from search.frontends.web.rendering.lines import ReaderLine, lines_html
from search.frontends.web.served.episode_cues import EpisodeCues, open_cues
from search.frontends.web.site import PageView
from search.query.deadline import Deadline
from search.query.filters import ONLY
from search.query.syntax import Filter
from search.results.links import link_at

LINES = 400
"""Cues in a page."""
_BEFORE = 80
"""Cues shown before the one that the address names."""
MOST_MATCHES = 500
"""Moments listed in the gutter."""
_LAST_SECOND = 10_000_000


@dataclass(frozen=True, slots=True)
class ReaderPiece:
    """The lines [first, end) of an episode of `total`, and the first of what is before and after them."""

    html: Markup
    first: int
    end: int
    total: int
    before: int | None
    after: int | None


def episode_page(view: PageView, deadline: Deadline) -> Response:
    """Raises QueryProblem, and HTTPException for an unknown episode."""
    episode = find_episode(view)
    query = given_text(view.params, "q")
    cues = open_cues(view.site.index.snapshot, episode.id)
    moments = _moments(view, episode, query, deadline) if query else []
    sound = view.sound(episode)
    at = given_number(view.params, "at", _LAST_SECOND) if view.params.get("at") else None
    first = _first(view, cues, at, moments)
    return view.respond_for_all(
        "episode.html",
        q="",
        query=query,
        episode=episode,
        moments=moments,
        is_cut=len(moments) == MOST_MATCHES,
        chapters=[c for c in sorted(episode.facts.chapters, key=lambda c: c.start) if c.kind != "soundbite"],
        stretch=_stretch(view, episode, cues, first, query, moments),
        sound=sound,
        audio=None if sound is None else view.urls.audio(episode.id) if sound.file else sound.url,
        at=at or 0,
        link=link_at(episode, at or 0),
        link_host=_host(link_at(episode, at or 0)),
    )


def lines_piece(view: PageView, deadline: Deadline) -> Response:
    """The lines from `?first=` on, as a piece of HTML for the reader's script."""
    episode = find_episode(view)
    query = given_text(view.params, "q")
    cues = open_cues(view.site.index.snapshot, episode.id)
    moments = _moments(view, episode, query, deadline) if query else []
    first = given_number(view.params, "first", max(0, len(cues) - 1))
    stretch = _stretch(view, episode, cues, first, query, moments)
    return view.respond_for_all("lines.html", episode=episode, query=query, stretch=stretch)


def find_episode(view: PageView) -> Episode:
    """The episode that the path names by its id. Raises HTTPException."""
    episode = view.site.index.catalogue.by_id.get(view.request.path_params["id"])
    if episode is None:
        raise HTTPException(404)
    return episode


def _moments(view: PageView, episode: Episode, query: str, deadline: Deadline) -> Sequence[Moment]:
    """The moments of a query in one episode, in order of time; remembered for the next lines. Raises QueryProblem."""
    one = Filter(ONLY, episode.id)
    request = SearchRequest(query, (one,), None, Margin(0, cues=True), exact=False)
    answers = view.site.answers.current()
    known: Sequence[Moment] | None = answers.get(request)
    if known is None:
        found = view.site.index.library.search(request._replace(timeout=deadline))
        known = sorted(found, key=lambda moment: moment.start)[:MOST_MATCHES]
        if not found.incomplete:
            answers.keep(request, known, size_of(known))
    return known


def _first(view: PageView, cues: EpisodeCues, at: int | None, moments: Sequence[Moment]) -> int:
    """The cue that the page begins with."""
    if "first" in view.params:
        return given_number(view.params, "first", max(0, len(cues) - 1))
    if at is None and moments:
        at = int(moments[0].start)
    wanted = bisect_right(cues.starts, (at or 0) + 1) - 1
    return max(0, min(wanted - _BEFORE, len(cues) - LINES))


def _stretch(
    view: PageView, episode: Episode, cues: EpisodeCues, first: int, query: str, moments: Sequence[Moment]
) -> ReaderPiece:
    marked = _marked(moments)
    end = min(first + LINES, len(cues))
    chapters = _beginnings(episode.facts.chapters, cues.starts)
    address_at = view.urls.seconds(episode.id, query)
    lines, second = [], int(cues.starts[first - 1]) if first else -1
    for index, cue in enumerate(cues.lines(first, end), first):
        highlights, hows = marked.get(index, ((), ""))
        anchor = int(cue.start) if int(cue.start) > second else None
        second = max(second, int(cue.start))
        said_by = cue.speaker if index == first or cues.speakers[index - 1] != cue.speaker else ""
        lines.append(
            ReaderLine(
                cue._replace(highlights=highlights) if highlights else cue,
                hows,
                anchor,
                said_by,
                chapters.get(index, ""),
                address_at(cue.start),
            )
        )
    before = max(0, first - LINES) if first else None
    return ReaderPiece(
        lines_html(lines, view.language, view.t), first, end, len(cues), before, end if end < len(cues) else None
    )


def _marked(moments: Sequence[Moment]) -> Mapping[int, tuple[tuple[tuple[int, int], ...], str]]:
    """The highlights of each cue, and how its moment matches (the names, joined by spaces)."""
    found: dict[int, tuple[tuple[tuple[int, int], ...], str]] = {}
    for moment in moments:
        hows = " ".join(dict.fromkeys(match.how for match in moment.matches))
        found.update({cue.index: (cue.highlights, hows) for cue in moment.cues if cue.highlights})
    return found


def _beginnings(chapters: Sequence[Chapter], starts: Sequence[float]) -> dict[int, str]:
    """The titles of chapters by the cue they begin at."""
    titled = [(max(0, bisect_right(starts, c.start + 0.5) - 1), c) for c in chapters if c.kind != "soundbite"]
    return {index: chapter.title for index, chapter in titled}


def _host(link: str | None) -> str:
    return link.partition("://")[2].partition("/")[0] if link else ""
