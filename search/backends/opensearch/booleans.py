"""Queries that hold if all, or some, of others do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

Query: TypeAlias = "dict[str, Any]"

NOTHING: Query = {"match_none": {}}
ANYTHING: Query = {"match_all": {}}


def all_of(queries: Iterable[Query]) -> Query:
    """All of these hold; nothing is scored."""
    return {"bool": {"filter": list(queries)}}


def any_of(queries: Iterable[Query]) -> Query:
    """At least one of these holds; the scores of those that do are added."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}
