"""The ASGI application: routes, and what answers each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from search.frontends.web.addresses import Addresses
from search.frontends.web.answering.worker_threads import COUNTING, FILES, SEARCHING, make_pools
from search.frontends.web.api.routes import API, ENDPOINTS, answer_of
from search.frontends.web.errors import answering, error_response
from search.frontends.web.pages.audio import audio_file
from search.frontends.web.pages.docs import docs_page, openapi_file
from search.frontends.web.pages.episode import episode_page, lines_piece
from search.frontends.web.pages.episodes import episodes_page, show_page
from search.frontends.web.pages.explore import PAGES
from search.frontends.web.pages.home import home_page
from search.frontends.web.pages.review import judge, review_page
from search.frontends.web.pages.search import search_page
from search.frontends.web.rendering.languages import CHINESE, COOKIE, ENGLISH
from search.frontends.web.rendering.static_files import static
from search.frontends.web.safety.guard import Gatekeeper
from search.frontends.web.served.served_index import ServedIndex
from search.frontends.web.settings import Settings
from search.frontends.web.site import PageView, Site
from search.query.deadline import Deadline

_MakePage = Callable[[PageView, Deadline], Response]

_PAGES: tuple[tuple[str, _MakePage, str], ...] = (
    ("/", home_page, SEARCHING),
    ("/search", search_page, SEARCHING),
    ("/episode/{id:path}", episode_page, SEARCHING),
    ("/lines/{id:path}", lines_piece, SEARCHING),
    ("/audio/{id:path}", audio_file, FILES),
    ("/episodes", episodes_page, SEARCHING),
    ("/shows/{name:path}", show_page, SEARCHING),
    *PAGES,
    ("/review", review_page, COUNTING),
    ("/docs", docs_page, SEARCHING),
    (f"{API}/openapi.json", openapi_file, SEARCHING),
    *(
        (f"{API}/{endpoint.name}", answer_of(endpoint), COUNTING if endpoint.slow else SEARCHING)
        for endpoint in ENDPOINTS
    ),
)
"""Path, function that makes the page, and kind of work (`worker_threads`)."""


def make_app(indexes: Sequence[ServedIndex], settings: Settings) -> ASGIApp:
    """Returns the application that serves these indexes: a single one at the root, several each below its name."""
    pools = make_pools(settings.at_once, settings.waiting)
    sites = []
    for index in indexes:
        root = settings.prefix + (f"/{quote(index.name, safe='')}" if len(indexes) > 1 else "")
        sites.append(Site(index, settings, pools, Addresses(root), len(indexes) > 1))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        for pool in pools.values():
            pool.stop()

    routes: list[BaseRoute] = [Route("/healthz", _healthy), Route("/static/{hash}/{name}", static)]
    if len(sites) == 1:
        routes += _routes(sites[0])
    else:
        routes += [Route("/", answering(sites[0], _list_of(sites)))]
        for site in sites:
            # Starlette's own redirects to paths with a slash name the request's host, without the public prefix.
            routes.append(Route(f"/{site.index.name}", answering(site, _to_home)))
            routes.append(Mount(f"/{site.index.name}", Router(_routes(site), redirect_slashes=False)))

    async def unanswered(request: Request, error: Exception) -> Response:
        return error_response(PageView(sites[0], request), error)

    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: unanswered, 405: unanswered})
    app.router.redirect_slashes = False
    return Gatekeeper(app, settings)


def _routes(site: Site) -> list[Route]:
    pages = [Route(path, answering(site, _endpoint(make, kind)), methods=["GET"]) for path, make, kind in _PAGES]
    return [*pages, Route("/review", answering(site, _judge), methods=["POST"])]


async def _to_home(site: Site, request: Request) -> Response:
    query = request.url.query
    return RedirectResponse(site.urls.page("/") + (f"?{query}" if query else ""))


async def _judge(site: Site, request: Request) -> Response:
    body = await request.body()
    return await site.page(request, lambda view, deadline: judge(view, body, deadline), COUNTING)


def _endpoint(make: _MakePage, kind: str) -> Callable[[Site, Request], Awaitable[Response]]:
    async def endpoint(site: Site, request: Request) -> Response:
        answer = await site.page(request, make, kind)
        wanted = request.query_params.get("lang")
        if wanted in (ENGLISH, CHINESE):
            answer.set_cookie(
                COOKIE, wanted, 60 * 60 * 24 * 365, path=site.settings.prefix or "/", httponly=True, samesite="lax"
            )
        return answer

    return endpoint


def _list_of(sites: Sequence[Site]) -> Callable[[Site, Request], Awaitable[Response]]:
    def make(view: PageView, _: Deadline) -> Response:
        return view.respond("indexes.html", q="", sites=sites)

    return _endpoint(make, SEARCHING)


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")
