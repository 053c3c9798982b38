"""What the API can be asked: names, parameters and answers. The schemas of the parameters are those of the assistant's
tools; the records are those of `--format json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.core.messages import N_
from search.api import SearchRequest
from search.frontends.formats import query_plans
from search.frontends.mcp.tools import TOOLS
from search.frontends.schemas.arguments import Schema, choice, integer, switch, text
from search.frontends.web.page_parameters import DEEPEST, SORTS
from search.library import Library
from search.query.deadline import Deadline
from search.query.filters import given_filters
from search.query.syntax import Filter
from search.results.records import SCHEMA, SHAPES

Record = dict[str, Any]

MOST = 100
"""Rows in one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Something to ask. `find` takes the values of the parameters, and returns what was found; `record` makes an
    object of it, whose rows are in the field `rows`. `kind` names their shape in `records`. A `slow` one may go through
    the whole index without looking at its deadline, so it is answered in the counting thread."""

    name: str
    title: str
    description: str
    arguments: Mapping[str, Schema]
    required: tuple[str, ...]
    find: Callable[[Library, Record, Deadline], Any]
    record: Callable[[Any, Record], Record]
    rows: str
    kind: str
    slow: bool = False


_BY_NAME = {tool.name: tool for tool in TOOLS}
QUERY = _BY_NAME["search"].arguments["query"]
FILTERS = {name: _BY_NAME["episodes"].arguments[name] for name in ("show", "title", "speaker", "since", "until")}
LIMIT = integer(N_("Rows at most."), 1, MOST, 20)


def filters_of(asked: Record) -> Sequence[Filter]:
    return given_filters(asked)


def listed(rows: str, kind: str, **more: Callable[[Any], Any]) -> Callable[[Any, Record], Record]:
    """Makes a record of a sequence of rows; `more` are further fields of it, read from what was found."""

    def record(found: Any, _: Record) -> Record:
        shape = SHAPES[kind]
        fields = {name: read(found) for name, read in more.items()}
        return {"schema": SCHEMA, **fields, rows: list(map(shape.record, shape.items(found)))}

    return record


def _search(library: Library, asked: Record, deadline: Deadline) -> Any:
    request = SearchRequest(
        asked["q"],
        tuple(filters_of(asked)),
        min(asked["limit"], DEEPEST - asked["offset"]),
        SearchRequest("").context._replace(amount=float(asked["context"])),
        asked["sort"],
        asked["exact"],
        timeout=deadline,
        offset=asked["offset"],
        meaning=not asked["no_meaning"],
    )
    result = library.search(request)
    plan = result.plan if len(result) or result.incomplete else library.loosely(asked["q"])
    return result, list(query_plans.instead(library.resolved(plan), result)) if plan is not None else []


def _search_record(found: Any, asked: Record) -> Record:
    result, instead = found
    end = asked["offset"] + asked["limit"]
    return {
        "schema": SCHEMA,
        "query": asked["q"],
        "moments": list(map(SHAPES["moments"].record, result)),
        "instead": instead,
        "incomplete": result.incomplete,
        "without_meaning": result.without_meaning,
        "next": end if len(result) == asked["limit"] and end < DEEPEST else None,
    }


def _count(library: Library, asked: Record, deadline: Deadline) -> Any:
    request = SearchRequest(asked["q"], tuple(filters_of(asked)), None, exact=asked["exact"], timeout=deadline)
    return library.count(request), deadline.reason


def _count_record(found: Any, asked: Record) -> Record:
    counts, incomplete = found
    rows = list(map(SHAPES["counts"].record, counts[: asked["limit"]]))
    moments = sum(count.moments for count in counts)
    return {"schema": SCHEMA, "moments": moments, "in": len(counts), "incomplete": incomplete, "episodes": rows}


def _from_tool(name: str, rows: str, kind: str) -> Endpoint:
    """An endpoint that answers what a tool of the assistant does."""
    tool = _BY_NAME[name]

    def find(library: Library, asked: Record, deadline: Deadline) -> Any:
        given = {name: value for name, value in asked.items() if value is not None}
        return tool.ask(library, given, deadline).record

    return Endpoint(
        name=name,
        title=tool.title,
        description=tool.description,
        arguments=tool.arguments,
        required=tool.required,
        find=find,
        record=lambda found, _: found,
        rows=rows,
        kind=kind,
    )


def _variants(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.variants(asked["term"], deadline)[: asked["limit"]]


def _mishearings(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.suspects(asked["limit"], deadline)


LOOKING: Iterable[Endpoint] = (
    Endpoint(
        name="search",
        title=N_("Search what was said"),
        description=N_(
            "Finds the moments in which something was said: episode, second, and the lines around it. The query "
            "language is that of the search box."
        ),
        arguments={
            "q": QUERY,
            "limit": integer(N_("Moments at most."), 1, MOST, 10),
            "offset": integer(N_("Leave out so many."), 0, DEEPEST, 0),
            "sort": choice(N_("Best first, newest first, or as it was said."), SORTS, "score"),
            **{name: _BY_NAME["search"].arguments[name] for name in ("context", "exact", "no_meaning")},
            **FILTERS,
        },
        required=("q",),
        find=_search,
        record=_search_record,
        rows="moments",
        kind="moments",
    ),
    Endpoint(
        name="count",
        title=N_("Count what was said"),
        description=N_(
            "Counts the moments and matches of a query in each episode, most first. `moments` is their sum, `in` the "
            "number of episodes."
        ),
        arguments={
            "q": QUERY,
            "limit": integer(N_("Episodes at most."), 1, MOST, MOST),
            "exact": switch(N_("Exact matches only.")),
            **FILTERS,
        },
        required=("q",),
        find=_count,
        record=_count_record,
        rows="episodes",
        kind="counts",
    ),
    _from_tool("read", "cues", "cues"),
    _from_tool("episodes", "episodes", "episodes"),
    Endpoint(
        name="variants",
        title=N_("What sounds or is spelled like a word"),
        description=N_(
            "Lists what here may stand for a term: the term itself, and what sounds, is spelled or is written like it."
        ),
        arguments={"term": text(N_("A word.")), "limit": LIMIT},
        required=("term",),
        find=_variants,
        record=listed("variants", "variants"),
        rows="variants",
        kind="variants",
        slow=True,
    ),
    Endpoint(
        name="mishearings",
        title=N_("Likely mishearings"),
        description=N_("Lists words that were probably misheard, with what was probably said."),
        arguments={"limit": LIMIT},
        required=(),
        find=_mishearings,
        record=listed("mishearings", "suspects"),
        rows="mishearings",
        kind="suspects",
        slow=True,
    ),
)
