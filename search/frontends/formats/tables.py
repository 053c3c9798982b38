"""Results as JSON, JSON lines, tab-separated and comma-separated values, written as streams."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from search.frontends.formats.display import Page, clean
from search.frontends.formats.jsontext import moment_to_json, to_json
from search.results.records import RecordShape, moment_record

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_NEEDS_QUOTES = re.compile(r'[",\s]')
_CSV_END = "" if os.linesep == "\r\n" else "\r"
"""RFC 4180 ends lines with CR LF; printing adds the line end of the system, and this what is missing."""


def to_tsv(*fields: object) -> str:
    """Returns one line of tab-separated values, sanitized by `_cell`."""
    return "\t".join(map(_cell, fields))


def jsonl_lines(shape: RecordShape, found: Iterable[Any], page: Page) -> Iterator[str]:
    """Yields one JSON object per line."""
    if shape.record is moment_record:
        return map(moment_to_json, shape.items(found))
    return (to_json(shape.record(item)) for item in shape.items(found))


def json_lines(shape: RecordShape, found: Iterable[Any], page: Page) -> Iterator[str]:
    """Yields one JSON array, with an object per line."""
    yield "["
    last = None
    for line in jsonl_lines(shape, found, page):
        if last is not None:
            yield f"{last},"
        last = line
    if last is not None:
        yield last
    yield "]"


def tsv_lines(shape: RecordShape, found: Iterable[Any], page: Page) -> Iterator[str]:
    """Yields a heading and a line per item; nothing if there are no items."""
    for number, row in enumerate(map(shape.row, shape.items(found))):
        if number == 0:
            yield to_tsv(*row)
        yield to_tsv(*row.values())


def csv_lines(shape: RecordShape, found: Iterable[Any], page: Page) -> Iterator[str]:
    """Yields a heading and a line per item (RFC 4180); nothing if there are no items."""
    for number, row in enumerate(map(shape.row, shape.items(found))):
        if number == 0:
            yield to_csv(row) + _CSV_END
        yield to_csv(row.values()) + _CSV_END


def to_csv(fields: Iterable[object]) -> str:
    """Returns one line of comma-separated values, sanitized by `_cell`, without its end."""
    return ",".join([_quoted_text(field) if isinstance(field, str) else _quoted(_cell(field)) for field in fields])


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


@lru_cache(1024)
def _quoted_text(text: str) -> str:
    """A text as a cell of a line. Most texts of a row, such as the title, are those of the row above."""
    return _quoted(_text_cell(text))


def _cell(field: object) -> str:
    """Returns a value on one line: empty for None, lists joined with semicolons, nested lists and objects as JSON.

    Spreadsheets execute texts that begin with =, +, - or @ as formulas: these get a ' in front, unless they are
    numbers.
    """
    if isinstance(field, list | tuple):
        is_nested = any(isinstance(part, list | tuple | dict) for part in field)
        field = to_json(field) if is_nested else "; ".join(map(str, field))
    return "" if field is None else _text_cell(str(field))


def _text_cell(text: str) -> str:
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text.strip()) else text
