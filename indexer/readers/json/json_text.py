"""Parses untrusted JSON without raising, whatever its numbers, names or nesting."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.readers.shared.limits import check_objects
from indexer.readers.shared.source import Source

_BEGIN = re.compile(r"[\ufeff\s]*[\[{]")
_DIGITS = 18
"""Longer numbers are not times, and parsing them takes quadratic time."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The value of a document; None, with a fatal complaint, if it cannot be parsed."""

    value: object
    complaints: tuple[Complaint, ...] = ()


def looks_like_json(text: str) -> bool:
    """True for text that begins like an object or a list."""
    return _BEGIN.match(text) is not None


def parse(source: Source) -> Parsed:
    """Parses the document of a file. Raises TooMuch if it has too many objects."""
    try:
        check_objects(source.text)
        value, doubled = loads(source.text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        return _refused(source, error.lineno, f"not JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return _refused(source, 0, _("JSON nested too deeply for a transcript"))
    if not doubled:
        return Parsed(value)
    what = _("{doubled} names stand twice in one object").format(doubled=doubled)
    return Parsed(value, (Complaint(source.path, 0, what, _("the last one counts")),))


def loads(text: str) -> tuple[object, int]:
    """Parses a text; returns its value and the number of duplicate keys, of which the last wins.

    NaN and infinities become None, overlong numbers infinity. Raises json.JSONDecodeError and RecursionError.
    """
    doubled = 0

    def combined(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal doubled
        values = dict(pairs)
        doubled += len(pairs) - len(values)
        return values

    value = json.loads(text, object_pairs_hook=combined, parse_int=_integer, parse_constant=lambda _: None)
    return value, doubled


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float("-inf" if digits.startswith("-") else "inf")


def _refused(source: Source, line: int, what: str) -> Parsed:
    return Parsed(None, (Complaint(source.path, line, what, _("not read"), fatal=True),))
