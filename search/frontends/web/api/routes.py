"""`/api/v1/...`: an object, with `format=jsonl` a row a line, and of an exploration with `format=csv` a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from starlette.responses import Response

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.frontends.formats.jsontext import to_json
from search.frontends.formats.tables import to_csv
from search.frontends.web.api.endpoints import LOOKING, Endpoint
from search.frontends.web.api.explorations import EXPLORATIONS
from search.frontends.web.api.parameters import FORMATS, values_of
from search.frontends.web.site import PageView
from search.query.deadline import Deadline

ENDPOINTS = (*LOOKING, *EXPLORATIONS)
API = "/api/v1"


def formats_of(endpoint: Endpoint) -> tuple[str, ...]:
    """The formats that an endpoint answers in; moments, which have lists in them, are no table."""
    return (*FORMATS, "csv") if endpoint in EXPLORATIONS else FORMATS


def answer_of(endpoint: Endpoint) -> Callable[[PageView, Deadline], Response]:
    """What answers an endpoint. It raises PodseekProblem."""

    def make(view: PageView, deadline: Deadline) -> Response:
        form = view.params.get("format", "json")
        if form not in formats_of(endpoint):
            choices = ", ".join(formats_of(endpoint))
            raise QueryProblem(_("format={form}: there are {choices}").format(form=form[:40], choices=choices))
        asked = values_of(endpoint, view.request.query_params, ignored=("format",))
        record = endpoint.record(endpoint.find(view.site.index.library, asked, deadline), asked)
        record.setdefault("incomplete", deadline.reason)
        headers = {"podseek-incomplete": deadline.reason} if deadline.reason else {}
        if form == "csv":
            headers["content-disposition"] = f'attachment; filename="podseek-{endpoint.name}.csv"'
            return Response(_table(record[endpoint.rows]), 200, headers, "text/csv; charset=utf-8")
        if form == "jsonl":
            lines = "".join(f"{to_json(row)}\n" for row in record[endpoint.rows])
            return Response(lines, 200, headers, "application/x-ndjson")
        return Response(to_json(record), 200, headers, "application/json")

    return make


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A heading and a line per row, with the byte order mark by which spreadsheets recognise UTF-8 (RFC 4180)."""
    lines = chain(rows[:1], (row.values() for row in rows))
    return "\ufeff" + "".join(f"{to_csv(line)}\r\n" for line in lines)
