"""Errors as pages, or as JSON below `/api`: one line that says what is wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from indexer.core.errors import PodseekProblem, QueryProblem
from indexer.core.messages import _, speaking
from search.frontends.formats.display import clean, shortened
from search.frontends.web.answering.worker_threads import RETRY_AFTER, Overloaded
from search.frontends.web.site import PageView, Site
from search.results.episodes import NoSuchEpisode

Endpoint = Callable[[Request], Awaitable[Response]]

_LOG = logging.getLogger("podseek.serve")
_MOST_FRAMES = 8


def answering(site: Site, endpoint: Callable[[Site, Request], Awaitable[Response]]) -> Endpoint:
    """Wraps an endpoint of a site: exceptions become error pages, or JSON below `/api`."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(site, request)
        except Exception as error:
            return error_response(PageView(site, request), error)

    return answer


def error_response(view: PageView, error: Exception) -> Response:
    """Returns the response for an exception. Logs the type and place of server errors; neither their message nor the
    address, which may hold what was looked for."""
    with speaking(view.language):
        status, message = _status(error)
    if status == 500:
        _LOG.error("%s", place_of(error))
    headers = {"retry-after": str(RETRY_AFTER)} if status == 503 else {}
    if isinstance(error, HTTPException):
        headers.update(error.headers or {})
    message = shortened(clean(message))
    known = f"error.{status}" if status in (400, 403, 404, 405, 503) else "error.500"
    if "/api/" in view.request.scope["path"]:
        return JSONResponse({"error": message or view.t(known)}, status, headers)
    answer = view.respond("error.html", status, q=view.params.get("q", "")[:200], key=known, message=message)
    answer.headers.update(headers)
    return answer


def place_of(error: BaseException) -> str:
    """Returns the type of an exception and where it was raised, innermost first, without its message.

    >>> place_of(KeyError("what someone looked for"))
    'KeyError'
    """
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    places = [f"in {one.name} ({'/'.join(Path(one.filename).parts[-2:])}:{one.lineno})" for one in reversed(frames)]
    return " ".join([type(error).__name__, *places])


def _status(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        return error.status_code, "" if error.status_code in (404, 405) else error.detail
    if isinstance(error, Overloaded):
        if error.is_late:
            return 503, _("this took too long: ask for less, or again when fewer people ask")
        return 503, _("too many questions at once: ask again in a moment")
    if isinstance(error, QueryProblem):
        return 400, str(error)
    if isinstance(error, NoSuchEpisode):
        return 404, _("no such episode")
    if isinstance(error, PodseekProblem):
        return 500, str(error)
    return 500, ""
