"""The JSON schemas of records: made of the types of their rows, where these are dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from search.exploration.chapters.outline import Section
from search.exploration.collocations import Collocate
from search.exploration.dispersion import Strip
from search.exploration.frequency import TermCount
from search.exploration.keyness import Keyword
from search.exploration.kwic import Line
from search.exploration.trends import Rate
from search.frontends.schemas.arguments import Schema

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
MAYBE: Schema = {"type": ["string", "null"]}
"""A text or null."""


def record(**properties: Schema) -> Schema:
    """An object with these fields, and perhaps more."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def listing(items: Schema) -> Schema:
    """A list of items."""
    return {"type": "array", "items": items}


_MATCH = record(start=NUMBER, end=NUMBER, text=TEXT, term=TEXT, how=TEXT, where=TEXT)
_CUE = record(
    index=WHOLE, start=NUMBER, end=NUMBER, speaker=TEXT, text=TEXT, highlights=listing(listing(WHOLE)), damped=TEXT
)
_EPISODE = {
    "schema": WHOLE,
    "episode": TEXT,
    "path": TEXT,
    "show": TEXT,
    "title": TEXT,
    "date": MAYBE,
    "period": MAYBE,
    "audio": MAYBE,
    "link": MAYBE,
}
_PLACE = {"episode": TEXT, "start": NUMBER, "line": TEXT}

_ROWS: Mapping[str, Schema] = {
    "moments": record(
        **_EPISODE,
        rank=WHOLE,
        score=NUMBER,
        speakers=listing(TEXT),
        url=MAYBE,
        start=NUMBER,
        end=NUMBER,
        chapter=MAYBE,
        matches=listing(_MATCH),
        cues=listing(_CUE),
    ),
    "cues": _CUE,
    "episodes": record(**_EPISODE, duration=NUMBER, cues=WHOLE, characters=WHOLE),
    "counts": record(schema=WHOLE, episode=TEXT, title=TEXT, moments=WHOLE, matches=WHOLE),
    "variants": record(schema=WHOLE, text=TEXT, how=TEXT, count=WHOLE, **_PLACE),
    "suspects": record(
        schema=WHOLE, right=TEXT, heard=TEXT, right_count=WHOLE, heard_count=WHOLE, score=NUMBER, **_PLACE
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
    "outline": Section,
}


def row_schema(kind: str) -> Schema:
    """The schema of a row of a kind."""
    if kind in _ROWS:
        return _ROWS[kind]
    return record(schema=WHOLE, **_properties(_CLASSES[kind]))


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
        return listing(_of_type(get_args(hint)[0]))
    return {str: TEXT, int: WHOLE, float: NUMBER, bool: FLAG}[hint]
