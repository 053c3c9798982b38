"""`/review`: likely mishearings, one after the other: hear both, then yes, no or later. The only page that writes."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from indexer.core.messages import _
from search.api import Moment, SearchRequest
from search.frontends.web.page_parameters import given_number
from search.frontends.web.pages.search import ShownMoment, shown_moment
from search.frontends.web.served.reviewing import MOST, Review
from search.frontends.web.site import PageView
from search.query.deadline import Deadline
from search.query.syntax import Phrase

_FOR_EXAMPLE = 5.0
"""Seconds for finding a moment."""


def review_page(view: PageView, deadline: Deadline) -> Response:
    """Raises HTTPException if the server does not allow it."""
    review = review_of(view)
    waiting = review.waiting(deadline)
    is_part = deadline.reason is not None
    at = min(given_number(view.params, "at", MOST), max(0, len(waiting) - 1))
    suspect = waiting[at] if waiting else None
    heard = right = None
    if suspect is not None:
        heard = _example(view, suspect.heard)
        right = _example(view, suspect.right)
    return view.respond(
        "review.html",
        q="",
        suspect=suspect,
        heard=heard,
        right=right,
        at=at,
        left=len(waiting),
        is_part=is_part,
        later=view.urls.page("/review", at=at + 1 if at + 1 < len(waiting) else None),
        key=review.key,
        file=view.site.index.library.alias_file.name,
    )


def judge(view: PageView, body: bytes, deadline: Deadline) -> Response:
    """Takes the form of a judgement. Raises HTTPException for a form of another page, and PodseekProblem."""
    review = review_of(view)
    fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), max_num_fields=8).items()}
    if not review.is_key(fields.get("key", "")):
        raise HTTPException(403, _("the form is of an earlier start of the server: load the page again"))
    act = {"yes": review.confirm, "no": review.deny}.get(fields.get("verdict", ""))
    if act is None:
        raise HTTPException(400, _("verdict: is neither yes nor no"))
    act(fields.get("right", ""), fields.get("heard", ""), deadline)
    return RedirectResponse(view.urls.page("/review", at=given_number(fields, "at", MOST) or None), 303)


def review_of(view: PageView) -> Review:
    if not view.site.settings.allow_edit:
        raise HTTPException(404)
    return view.site.review


def _example(view: PageView, text: str) -> ShownMoment | None:
    """The best moment with exactly this text, in time of its own: without it there is nothing to judge."""
    query = str(Phrase(text))
    found: list[Moment] = list(
        view.site.index.library.search(SearchRequest(query, limit=1, exact=True, damping=False, timeout=_FOR_EXAMPLE))
    )
    return shown_moment(view, found[0], query) if found else None
