"""Reads the parameters of a request to the API, by their schemas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import QueryParams

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.frontends.schemas.arguments import Schema, checked
from search.frontends.web.api.endpoints import Endpoint

FORMATS = ("json", "jsonl")
_SWITCHES = {"true": True, "1": True, "on": True, "false": False, "0": False, "": False}


def values_of(endpoint: Endpoint, params: QueryParams, ignored: tuple[str, ...] = ()) -> dict[str, Any]:
    """The value of each parameter: as given, else its default or None. Raises QueryProblem, in one line."""
    given: dict[str, Any] = {}
    for name, written in params.multi_items():
        if name in ignored:
            continue
        if name in given:
            raise QueryProblem(_("{name}: is given twice").format(name=name[:40]))
        given[name] = _value(name, written, endpoint.arguments)
    return checked(given, endpoint.arguments, endpoint.required)


def _value(name: str, written: str, schemas: Mapping[str, Schema]) -> Any:
    kind = schemas[name]["type"] if name in schemas else "string"
    try:
        if kind == "integer":
            return int(written)
        if kind == "number" and ":" not in written:  # a time on a clock is read by `checked`
            value = float(written)
            if not math.isfinite(value):
                raise ValueError
            return value
        if kind == "boolean":
            return _SWITCHES[written.lower()]
    except (ValueError, KeyError):
        raise QueryProblem(
            _("{name}={written!r}: is no {kind}").format(name=name, written=written[:40], kind=kind)
        ) from None
    return written
