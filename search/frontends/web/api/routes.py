"""`/api/v1/...`: an object, or with `format=jsonl` a row a line."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.frontends.formats.jsontext import to_json
from search.frontends.web.api.endpoints import LOOKING, Endpoint
from search.frontends.web.api.explorations import EXPLORATIONS
from search.frontends.web.api.parameters import FORMATS, values_of
from search.frontends.web.site import PageView
from search.query.deadline import Deadline

ENDPOINTS = (*LOOKING, *EXPLORATIONS)
API = "/api/v1"


def answer_of(endpoint: Endpoint) -> Callable[[PageView, Deadline], Response]:
    """What answers an endpoint. It raises PodseekProblem."""

    def make(view: PageView, deadline: Deadline) -> Response:
        form = view.params.get("format", "json")
        if form not in FORMATS:
            raise QueryProblem(
                _("format={form}: there are {choices}").format(form=form[:40], choices=", ".join(FORMATS))
            )
        asked = values_of(endpoint, view.request.query_params, ignored=("format",))
        record = endpoint.record(endpoint.find(view.site.index.library, asked, deadline), asked)
        record.setdefault("incomplete", deadline.reason)
        headers = {"podseek-incomplete": deadline.reason} if deadline.reason else None
        if form == "jsonl":
            lines = "".join(f"{to_json(row)}\n" for row in record[endpoint.rows])
            return Response(lines, 200, headers, "application/x-ndjson")
        return Response(to_json(record), 200, headers, "application/json")

    return make
