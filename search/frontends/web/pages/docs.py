"""`/docs`: the API as a page for people; `/api/v1/openapi.json`: the same for programs."""

from __future__ import annotations

from starlette.responses import Response

from indexer.core.messages import _
from search.frontends.cli.output.console import version
from search.frontends.formats.jsontext import to_json
from search.frontends.schemas.records import row_schema
from search.frontends.web.api.openapi import openapi
from search.frontends.web.api.routes import API, ENDPOINTS
from search.frontends.web.site import PageView
from search.query.deadline import Deadline

_EXAMPLES = {"q": "强化学习", "term": "强化", "word": "学习", "words": "电池,芯片"}
"""What an example asks for a parameter that must be given."""


def docs_page(view: PageView, deadline: Deadline) -> Response:
    episodes = view.site.index.catalogue.episodes
    values = {**_EXAMPLES, "episode": episodes[0].id if episodes else "ID"}
    examples = {
        one.name: view.urls.page(f"{API}/{one.name}", **{name: values[name] for name in one.required})
        for one in ENDPOINTS
    }
    fields = {one.name: list(row_schema(one.kind)["properties"]) for one in ENDPOINTS}
    return view.respond_for_all(
        "docs.html", q="", say=_, endpoints=ENDPOINTS, examples=examples, fields=fields, base=view.urls.page(API)
    )


def openapi_file(view: PageView, deadline: Deadline) -> Response:
    return Response(to_json(openapi(version() or "0", view.urls.root)), media_type="application/json")
