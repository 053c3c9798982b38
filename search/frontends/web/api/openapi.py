"""The description of the API for programs (OpenAPI 3.1), made of the endpoints, their schemas and the types of rows."""

from __future__ import annotations

from typing import Any

from search.frontends.schemas.arguments import Schema
from search.frontends.schemas.records import MAYBE, TEXT, WHOLE, listing, record, row_schema
from search.frontends.web.api.endpoints import Endpoint
from search.frontends.web.api.parameters import FORMATS
from search.frontends.web.api.routes import API, ENDPOINTS, formats_of


def openapi(version: str, server: str) -> dict[str, Any]:
    """The whole description."""
    problem = {"description": "What is wrong, in one line.", "content": _json(record(error=TEXT))}
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
            "responses": {"Problem": problem, "Busy": {**problem, "headers": {"Retry-After": {"schema": WHOLE}}}},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint) -> Schema:
    row = row_schema(endpoint.kind)
    answer = {
        "type": "object",
        "required": ["schema", endpoint.rows],
        "properties": {"schema": WHOLE, endpoint.rows: listing(row), "incomplete": MAYBE},
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
    return {"text/csv": {"schema": TEXT}} if "csv" in formats_of(endpoint) else {}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
