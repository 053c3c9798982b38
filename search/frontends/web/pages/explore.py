"""The explorations as pages: a form made of the parameters of the API, a table that sorts, and a chart whose points
lead to their moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response

from indexer.core.errors import QueryProblem
from search.frontends.formats.double_notes import double_note
from search.frontends.web.answering.worker_threads import COUNTING, SEARCHING
from search.frontends.web.api.endpoints import FILTERS, Endpoint, filters_of
from search.frontends.web.api.parameters import values_of
from search.frontends.web.api.routes import ENDPOINTS
from search.frontends.web.exploration_tabs import tabs
from search.frontends.web.rendering.exploration_charts import chart_of
from search.frontends.web.rendering.render import short_clock
from search.frontends.web.site import PageView
from search.query.deadline import Deadline

NAMES = ("concordance", "trend", "dispersion", "terms", "keywords", "collocates", "variants")
EXPLORED = {name: one for name in NAMES for one in ENDPOINTS if one.name == name}

_COLUMNS: Mapping[str, Sequence[str]] = {
    "concordance": ("place", "before", "match", "after", "title", "period"),
    "trend": ("term", "label", "count", "hours", "per_hour", "per_million", "episodes", "place"),
    "dispersion": ("term", "title", "period", "count", "dp_norm", "moments"),
    "terms": ("term", "count", "per_million", "episodes"),
    "keywords": ("term", "count", "per_million", "other_per_million", "log_ratio", "g2", "episodes", "place"),
    "collocates": ("term", "log_dice", "count", "before", "after", "total", "episodes", "place"),
    "variants": ("text", "how", "count", "place"),
}
_SEARCHED = ("term", "text")
"""Columns whose values lead to a search for them."""
_MOST_PLACES = 12
"""Moments of a strip that are linked in the table."""
_DEFAULTS: Mapping[str, Mapping[str, str]] = {"concordance": {"context": "20"}}
"""Where a page shows less than the API."""
_COMPARING = ("keywords",)
"""Explorations that compare a part of the index with the rest: without a filter the page asks for one."""
_COUNTING = ("concordance", "trend", "dispersion", "terms", "keywords")
"""Explorations in which a recording with two transcripts counts twice."""
_OWN = ("order",)
"""Parameters of the pages that the API does not have."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A value as text, where it leads to, and what it is sorted by."""

    text: str
    links: Sequence[tuple[str, str]] = ()
    key: Any = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column, the address of the page sorted by it, and whether it is (`ascending`, `descending` or empty)."""

    name: str
    address: str
    sorted: str
    is_number: bool


def explore_page(endpoint: Endpoint, view: PageView, deadline: Deadline) -> Response:
    """Raises PodseekProblem."""
    given = view.request.query_params
    params = type(given)(
        [*((k, v) for k, v in _DEFAULTS.get(endpoint.name, {}).items() if k not in given), *given.multi_items()]
    )
    asked_for = any(given.get(name) for name in endpoint.arguments)
    found, problem, needs_part = None, "", False
    values: dict[str, Any] = {}
    if asked_for or not endpoint.required:
        try:
            values = values_of(endpoint, _without_empty(params), ("lang", *_OWN))
            needs_part = endpoint.name in _COMPARING and not filters_of(values)
            found = None if needs_part else endpoint.find(view.site.index.library, values, deadline)
        except QueryProblem as error:
            problem = str(error)
    rows = [] if found is None else [_row(view, endpoint.name, item) for item in found]
    order = params.get("order", "")
    columns = _columns(view, endpoint.name, rows, order)
    if order.removeprefix("-") in _COLUMNS[endpoint.name]:
        at = _COLUMNS[endpoint.name].index(order.removeprefix("-"))
        rows.sort(key=lambda row: row[at].key, reverse=order.startswith("-"))
    return view.respond(
        "explore.html",
        400 if problem else 200,
        q="",
        endpoint=endpoint,
        tabs=tabs(view.urls, EXPLORED.values(), given),
        given={**{name: schema.get("default") for name, schema in endpoint.arguments.items()}, **values, **params},
        filters=FILTERS,
        rows=rows,
        columns=columns,
        problem=problem,
        needs_part=needs_part,
        has_asked=found is not None,
        incomplete=deadline.reason,
        chart=None if found is None else chart_of(view, endpoint.name, found),
        notes=list(_notes(view, endpoint, values, found, deadline)),
        total=getattr(found, "total", None),
        data=view.urls.page(f"/api/v1/{endpoint.name}", **_passed(endpoint, params)),
        table=view.urls.page(f"/api/v1/{endpoint.name}", **_passed(endpoint, params), format="csv"),
    )


def _notes(view: PageView, endpoint: Endpoint, values: dict[str, Any], found: Any, deadline: Deadline) -> Iterator[str]:
    """What to know of figures that count: recordings that are in them twice."""
    is_said = any(getattr(row, "count", 1) for row in found or ())
    if is_said and endpoint.name in _COUNTING and deadline.reason is None:
        library = view.site.index.library
        if note := double_note(library, library.episodes(filters_of(values))):
            yield note


def explorations_page(view: PageView, _: Deadline) -> Response:
    return view.respond("explorations.html", q="", tabs=tabs(view.urls, EXPLORED.values(), view.params))


PAGES: Sequence[tuple[str, Callable[[PageView, Deadline], Response], str]] = (
    ("/explore", explorations_page, SEARCHING),
    *((f"/{name}", partial(explore_page, endpoint), COUNTING) for name, endpoint in EXPLORED.items()),
)


def _without_empty(params: Any) -> Any:
    """Without the fields of a form that were left empty."""
    return type(params)([(name, value) for name, value in params.multi_items() if value.strip()])


def _passed(endpoint: Endpoint, params: Mapping[str, str]) -> dict[str, object]:
    return {name: params[name] for name in endpoint.arguments if params.get(name)}


def _columns(view: PageView, kind: str, rows: Sequence[Sequence[TableCell]], order: str) -> list[TableColumn]:
    kept = {name: value for name, value in view.params.items() if name not in ("order", "lang")}
    made = []
    for at, name in enumerate(_COLUMNS[kind]):
        is_number = bool(rows) and rows[0][at].is_number
        now = "descending" if order == f"-{name}" else "ascending" if order == name else ""
        up = now == "descending" or (not now and not is_number)
        address = view.urls.page(f"/{kind}", **kept, order=name if up else f"-{name}")
        made.append(TableColumn(name, address, now, is_number))
    return made


def _row(view: PageView, kind: str, item: Any) -> list[TableCell]:
    return [_cell(view, kind, name, item) for name in _COLUMNS[kind]]


def _cell(view: PageView, kind: str, name: str, item: Any) -> TableCell:
    urls = view.urls
    if name == "place":
        episode, start, line = _place(item)
        if episode is None:
            return TableCell("")
        said = "" if kind == "concordance" else line
        return TableCell(
            said, [(short_clock(start), urls.episode(episode, _query(view, kind, item), start))], (episode, start)
        )
    if name == "moments":
        shown = [(short_clock(at), urls.episode(item.episode, item.term, at)) for at in item.moments[:_MOST_PLACES]]
        more = len(item.moments) - len(shown)
        return TableCell(f"+{more:,}" if more > 0 else "", shown, len(item.moments))
    value = getattr(item, name)
    if name == "title":
        return TableCell("", [(value or item.episode, urls.episode(item.episode))], value)
    if name in _SEARCHED:
        shown = getattr(item, "written", value)
        return TableCell("", [(shown, urls.search(f'"{value}"' if " " in value else value))], value)
    if name == "how":
        return TableCell(view.t(f"how.{value}"), key=value)
    if isinstance(value, float):
        return TableCell(f"{value:,.2f}", key=value, is_number=True)
    if isinstance(value, int):
        return TableCell(f"{value:,}", key=value, is_number=True)
    return TableCell(value or "", key=value or "")


def _place(item: Any) -> tuple[str | None, float, str]:
    """(episode, seconds, line) of the example of a row."""
    example = getattr(item, "example", None)
    if example is not None:
        return example.episode.id, example.start, example.line
    return item.episode, item.start, getattr(item, "line", "") or ""


def _query(view: PageView, kind: str, item: Any) -> str:
    """What is marked in the reader of a place."""
    if kind == "concordance":
        return view.params.get("q", "")
    return str(getattr(item, "term", "") or getattr(item, "text", ""))
