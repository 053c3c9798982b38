"""`/`: the search box, the shows, what is new, and words to try; or the list of indexes if there are several."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from search.frontends.web.site import PageView
from search.query.deadline import Deadline

_NEWEST, _SHOWS = 8, 24


def home_page(view: PageView, _: Deadline) -> Response:
    if view.params.get("q", "").strip():  # typed into the address bar, or sent by a browser's keyword for this page
        return RedirectResponse(f"{view.urls.page('/search')}?{view.request.url.query}", 303)
    catalogue = view.site.index.catalogue
    return view.respond_for_all(
        "home.html",
        q="",
        catalogue=catalogue,
        shows=[(name, amount) for name, amount in catalogue.shows if name][:_SHOWS],
        newest=catalogue.newest[:_NEWEST],
        examples=catalogue.examples,
    )
