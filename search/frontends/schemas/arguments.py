"""What programs ask with: the JSON schemas of arguments, and validation against these."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.text.clock_times import read_clock

Schema = dict[str, Any]

LONGEST_TEXT = 4000
"""Characters."""
_MOST_TEXTS, _MOST_WORDS, _MOST_CHARACTERS = 8, 20, 300
"""Texts that are compared, and the words (between spaces) and characters of all of them together."""
_SHOWN = 40
"""Characters of an invalid value that messages repeat."""
_A_TIME = ": give seconds, or a time such as 1:02:03"
_KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}


def text(description: str) -> Schema:
    """A non-empty string."""
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "description": description}


def number(description: str, low: float, high: float, default: float | None = None) -> Schema:
    """A number within a range."""
    schema: Schema = {"type": "number", "minimum": low, "maximum": high, "description": description}
    return schema if default is None else {**schema, "default": default}


def integer(description: str, low: int, high: int, default: int | None = None) -> Schema:
    """An integer within a range."""
    return {**number(description, low, high, default), "type": "integer"}


def switch(description: str) -> Schema:
    """A boolean, false by default."""
    return {"type": "boolean", "default": False, "description": description}


def choice(description: str, options: Sequence[str], default: str | None = None) -> Schema:
    """One of the options."""
    longest = max(map(len, options))
    schema: Schema = {**text(description), "maxLength": longest, "enum": list(options)}
    return schema if default is None else {**schema, "default": default}


def checked(given: Mapping[str, Any], schemas: Mapping[str, Schema], required: tuple[str, ...]) -> dict[str, Any]:
    """Returns the value of each argument: as given, else its default or None. A number may be a time on a clock, as
    answers show it.

    Raises QueryProblem, in one line, for a value its schema does not allow.
    """
    for name in given.keys() - schemas.keys():
        raise QueryProblem(
            _("{name}: no such argument: there are {choices}").format(name=name[:_SHOWN], choices=", ".join(schemas))
        )
    values = {name: _as_meant(given.get(name), schema) for name, schema in schemas.items()}
    for name in required:
        if values[name] is None:
            raise QueryProblem(
                _("{name}: is missing: {schemas}").format(name=name, schemas=schemas[name]["description"])
            )
    for name, value in values.items():
        if value is not None and (problem := _problem(value, schemas[name])):
            raise QueryProblem(f"{name}: {problem}")
    return values


_LISTED = re.compile(r"[^,，、;；\n]+")
_WITH_THOUSANDS = re.compile(rf"(?:(?<![0-9])[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|{_LISTED.pattern[:-1]})+")


def separated(given: str, thousands: bool = False) -> Sequence[str]:
    """The texts of a list with commas, each once; there may be none. With `thousands`, a comma before the thousands of
    a number is part of it.

    >>> separated("1,000、2023,100", thousands=True), separated("1,000")
    (('1,000', '2023', '100'), ('1', '000'))
    """
    found = (_WITH_THOUSANDS if thousands else _LISTED).findall(given)
    return tuple(dict.fromkeys(filter(None, map(str.strip, found))))


def several(given: str) -> Sequence[str]:
    """The texts of a list with commas. Raises QueryProblem for none, too many or too long ones.

    >>> several("电池，芯片, open source")
    ('电池', '芯片', 'open source')
    """
    found = separated(given)
    if not 1 <= len(found) <= _MOST_TEXTS:
        raise QueryProblem(
            _("words: {count} are given: 1 to {most}, separated by commas, can be compared").format(
                count=len(found), most=_MOST_TEXTS
            )
        )
    words, characters = sum(len(one.split()) for one in found), sum(map(len, found))
    if words > _MOST_WORDS or characters > _MOST_CHARACTERS:
        raise QueryProblem(
            _(
                "words: {words} with {characters:,} characters are given: at most {most_words} with "
                "{most_characters} can be compared"
            ).format(words=words, characters=characters, most_words=_MOST_WORDS, most_characters=_MOST_CHARACTERS)
        )
    return found


def _as_meant(value: Any, schema: Schema) -> Any:
    """The value, else the default; 5.0 is the integer 5, as for JSON Schema; a time on a clock is its seconds."""
    if value is None:
        return schema.get("default")
    if schema["type"] == "number" and isinstance(value, str):
        seconds = read_clock(value)
        return value if seconds is None else seconds
    is_whole = schema["type"] == "integer" and isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value


def _problem(value: Any, schema: Schema) -> str | None:
    """What is wrong with a value, or None."""
    kind = schema["type"]
    if not (isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))):
        return f"{str(value)[:_SHOWN]!r} is no {kind}{_A_TIME if kind == 'number' and isinstance(value, str) else ''}"
    if "enum" in schema:
        return None if value in schema["enum"] else f"{str(value)[:_SHOWN]!r} is none of {', '.join(schema['enum'])}"
    if isinstance(value, str) and not schema["minLength"] <= len(value.strip()) <= schema["maxLength"]:
        return f"has {len(value):,} characters: 1 to {LONGEST_TEXT:,} are taken"
    if "minimum" in schema and not schema["minimum"] <= value <= schema["maximum"]:
        return f"{str(value)[:_SHOWN]} is not between {schema['minimum']} and {schema['maximum']}"
    return None
