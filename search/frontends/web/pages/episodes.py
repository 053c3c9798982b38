"""`/episodes` and `/shows/{name}`: lists of episodes, sorted by a column, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.core.text.natural_order import natural
from indexer.core.types import Episode
from search.frontends.web.page_parameters import given_number, given_text
from search.frontends.web.site import PageView
from search.query.deadline import Deadline
from search.query.filters import given_filters

_PAGE = 100
_FARTHEST = 10_000_000
_SORTS: Mapping[str, tuple[Callable[[Episode], Any], bool]] = {
    "date": (lambda one: one.period or "", True),
    "title": (lambda one: natural(one.title or one.id), False),
    "show": (lambda one: one.show, False),
    "duration": (lambda one: one.duration, True),
}
"""By name: the key, and whether the highest comes first."""


def episodes_page(view: PageView, _: Deadline) -> Response:
    """Raises QueryProblem for a filter that is none."""
    return _list(view, "/episodes", {})


def show_page(view: PageView, _: Deadline) -> Response:
    """The episodes of one show. Raises HTTPException if there is none of this name."""
    name = view.request.path_params["name"]
    if name not in dict(view.site.index.catalogue.shows):
        raise HTTPException(404)
    return _list(view, view.urls.show(name).removeprefix(view.urls.root), {"show": name})


def _list(view: PageView, path: str, fixed: Mapping[str, str]) -> Response:
    names = ("show", "title", "speaker", "since", "until")
    given = {name: fixed.get(name) or given_text(view.params, name) for name in names}
    found = view.site.index.library.episodes(given_filters({name: value or None for name, value in given.items()}))
    if fixed:
        found = [episode for episode in found if episode.show == fixed["show"]]
    sort = view.params.get("sort", "date")
    order = sort if sort in _SORTS else "date"
    key, is_falling = _SORTS[order]
    found.sort(key=key, reverse=is_falling)
    first = given_number(view.params, "offset", _FARTHEST)
    kept = {name: value for name, value in given.items() if value and name not in fixed}

    def page(offset: int, by: str = order) -> str:
        return view.urls.page(path, **kept, sort=by if by != "date" else None, offset=offset or None)

    return view.respond_for_all(
        "episodes.html",
        q="",
        show=fixed.get("show", ""),
        chosen=list(kept.values()),
        total=len(found),
        hours=sum(episode.duration for episode in found) / 3600,
        episodes=found[first : first + _PAGE],
        sort=order,
        sorts=[(name, page(0, name)) for name in _SORTS if name != "show" or not fixed],
        before=page(max(0, first - _PAGE)) if first else None,
        after=page(first + _PAGE) if first + _PAGE < len(found) else None,
    )
