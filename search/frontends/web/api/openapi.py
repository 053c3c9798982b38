"""The description of the API for programs (OpenAPI 3.1), made of the endpoints, their schemas and the types of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from search.analysis.collocations import Collocate
from search.analysis.dispersion import Strip
from search.analysis.frequency import TermCount
from search.analysis.keyness import Keyword
from search.analysis.kwic import Line
from search.analysis.trends import Rate
from search.frontends.mcp.arguments import Schema
from search.frontends.web.api.endpoints import Endpoint
from search.frontends.web.api.parameters import FORMATS
from search.frontends.web.api.routes import API, ENDPOINTS, formats_of

_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_MAYBE: Schema = {"type": ["string", "null"]}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_MATCH = _object(start=_NUMBER, end=_NUMBER, text=_TEXT, term=_TEXT, how=_TEXT, where=_TEXT)
_CUE = _object(
    index=_WHOLE, start=_NUMBER, end=_NUMBER, speaker=_TEXT, text=_TEXT, highlights=_list(_list(_WHOLE)), damped=_TEXT
)
_EPISODE = {
    "schema": _WHOLE,
    "episode": _TEXT,
    "path": _TEXT,
    "show": _TEXT,
    "title": _TEXT,
    "date": _MAYBE,
    "period": _MAYBE,
    "audio": _MAYBE,
    "link": _MAYBE,
}
_PLACE = {"episode": _TEXT, "start": _NUMBER, "line": _TEXT}

_ROWS: Mapping[str, Schema] = {
    "moments": _object(
        **_EPISODE,
        rank=_WHOLE,
        score=_NUMBER,
        speakers=_list(_TEXT),
        url=_MAYBE,
        start=_NUMBER,
        end=_NUMBER,
        chapter=_MAYBE,
        matches=_list(_MATCH),
        cues=_list(_CUE),
    ),
    "cues": _CUE,
    "episodes": _object(**_EPISODE, duration=_NUMBER, cues=_WHOLE, characters=_WHOLE),
    "counts": _object(schema=_WHOLE, episode=_TEXT, title=_TEXT, moments=_WHOLE, matches=_WHOLE),
    "variants": _object(schema=_WHOLE, text=_TEXT, how=_TEXT, count=_WHOLE, **_PLACE),
    "suspects": _object(
        schema=_WHOLE, right=_TEXT, heard=_TEXT, right_count=_WHOLE, heard_count=_WHOLE, score=_NUMBER, **_PLACE
    ),
}
"""The rows that are no dataclasses, by kind."""

_CLASSES = {
    "concordance": Line,
    "trend": Rate,
    "dispersion": Strip,
    "terms": TermCount,
    "keywords": Keyword,
    "collocates": Collocate,
}


def row_schema(kind: str) -> Schema:
    """The schema of a row of a kind."""
    if kind in _ROWS:
        return _ROWS[kind]
    return _object(schema=_WHOLE, **_properties(_CLASSES[kind]))


def _properties(kind: type[Any]) -> dict[str, Schema]:
    hints = get_type_hints(kind)
    assert is_dataclass(kind)
    return {field.name: _of_type(hints[field.name]) for field in fields(kind)}


def _of_type(hint: Any) -> Schema:
    """The schema of a type: texts, numbers, tuples of one kind, and these or None."""
    if get_origin(hint) in (Union, UnionType):
        inner = [_of_type(one) for one in get_args(hint) if one is not NoneType]
        (schema,) = inner
        return {**schema, "type": [schema["type"], "null"]}
    if get_origin(hint) is tuple:
        return _list(_of_type(get_args(hint)[0]))
    return {str: _TEXT, int: _WHOLE, float: _NUMBER}[hint]


def openapi(version: str, server: str) -> dict[str, Any]:
    """The whole description."""
    problem = {"description": "What is wrong, in one line.", "content": _json(_object(error=_TEXT))}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "podseek",
            "version": version,
            "description": "Searches what was said in podcasts. Everything is read with GET; times are in seconds.",
        },
        "servers": [{"url": server or "/"}],
        "paths": {f"{API}/{endpoint.name}": {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {
            "responses": {"Problem": problem, "Busy": {**problem, "headers": {"Retry-After": {"schema": _WHOLE}}}},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint) -> Schema:
    row = row_schema(endpoint.kind)
    answer = {
        "type": "object",
        "required": ["schema", endpoint.rows],
        "properties": {"schema": _WHOLE, endpoint.rows: _list(row), "incomplete": _MAYBE},
    }
    return {
        "operationId": endpoint.name,
        "summary": endpoint.title,
        "description": endpoint.description,
        "parameters": [*(_parameter(endpoint, name) for name in endpoint.arguments), _format(endpoint)],
        "responses": {
            "200": {
                "description": "What was found.",
                "content": {**_json(answer), "application/x-ndjson": {"schema": row}, **_csv(endpoint)},
            },
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Busy"},
        },
    }


def _parameter(endpoint: Endpoint, name: str) -> Schema:
    schema = {key: value for key, value in endpoint.arguments[name].items() if key != "description"}
    about = {"name": name, "in": "query", "description": endpoint.arguments[name]["description"], "schema": schema}
    return {**about, "required": True} if name in endpoint.required else about


def _format(endpoint: Endpoint) -> Schema:
    return {
        "name": "format",
        "in": "query",
        "description": "An object, a row a line, or a table.",
        "schema": {"type": "string", "enum": list(formats_of(endpoint)), "default": FORMATS[0]},
    }


def _csv(endpoint: Endpoint) -> Schema:
    return {"text/csv": {"schema": _TEXT}} if "csv" in formats_of(endpoint) else {}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
