"""Edits of the text of a configuration file that keep its comments and order, and values written as TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from indexer.core.configuration import toml
from indexer.core.configuration.settings_file import ConfigProblem, keys_of, line_of, parse
from indexer.core.messages import _


def with_value(text: str, name: str, value: Any, path: str) -> str:
    """The text with a setting changed or added; None as the value removes it. Everything else stays as it is.

    Raises ConfigProblem if the setting is written in a way that is not edited, such as in an inline table.
    """
    values = parse(text, path)
    wanted = _changed(values, name.split("."), value)
    edited = _edited(text, name, value)
    try:
        done = parse(edited, path)
    except ConfigProblem:
        done = {}
    if _without_empty(done) != _without_empty(wanted):
        place = f"{path}:{line_of(text, name)}"
        what = _("{place}: {name} is written in a way that is not edited: edit it there")
        raise ConfigProblem(what.format(place=place, name=name))
    return edited


def _changed(values: Mapping[str, Any], parts: Sequence[str], value: Any) -> dict[str, Any]:
    head, rest = parts[0], parts[1:]
    if not rest:
        return {**{key: one for key, one in values.items() if key != head}, **({} if value is None else {head: value})}
    inner = values.get(head, {})
    return {**values, head: _changed(inner if isinstance(inner, Mapping) else {}, rest, value)}


def _without_empty(values: Any) -> Any:
    if not isinstance(values, Mapping):
        return values
    inner = {key: _without_empty(value) for key, value in values.items()}
    return {key: value for key, value in inner.items() if value != {}}


def _edited(text: str, name: str, value: Any) -> str:
    lines = text.split("\n")
    found = list(keys_of(text))
    table, _dot, key = name.rpartition(".")
    at = next((index for index, _, there in found if there == name), None)
    new = (
        [] if value is None else [f"{key if re.fullmatch(r'[A-Za-z0-9_-]+', key) else quoted(key)} = {written(value)}"]
    )
    if at is not None:
        end = _end_of(lines, at)
        if new:
            written_key = lines[at][: lines[at].index("=")].rstrip()
            new = [f"{written_key} = {written(value)}{_remark(lines[at:end])}"]
        return "\n".join([*lines[:at], *new, *lines[end:]])
    if value is None:
        return text
    starts = [index for index, there, one in found if not one and there == table]
    if not table or starts:
        return "\n".join(_inserted(lines, found, starts[0] if starts else None, new))
    header = ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else quoted(part) for part in table.split("."))
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}[{header}]\n{new[0]}\n"


def _inserted(lines: list[str], found: list[tuple[int, str, str]], start: int | None, new: list[str]) -> list[str]:
    """The lines with a setting added behind the last one of its table (from the header in `start`; None: the top)."""
    after = -1 if start is None else start
    headers = [index for index, there, key in found if not key and index > after]
    end = min(headers, default=len(lines))
    own = [index for index, there, key in found if key and after < index < end]
    at = _end_of(lines, own[-1]) if own else after + 1
    blank = [""] if start is None and not own and headers and at == headers[0] else []
    return [*lines[:at], *new, *blank, *lines[at:]]


def _end_of(lines: Sequence[str], at: int) -> int:
    """The index behind the last line of the setting that begins at a line: lists may have several lines."""
    for end in range(at + 1, min(len(lines), at + 1000) + 1):
        try:
            toml.loads("\n".join(lines[at:end]))
            return end
        except ValueError:
            continue
    return at + 1


def _remark(lines: Sequence[str]) -> str:
    """The comment behind the value of a setting on one line, with the space before it."""
    if len(lines) != 1:
        return ""
    for match in re.finditer(r"[ \t]*#", lines[0]):
        try:
            if toml.loads(lines[0][: match.start()]) == toml.loads(lines[0]):
                return lines[0][match.start() :]
        except ValueError:
            continue
    return ""


def written(value: Any) -> str:
    """A value in TOML on one line: a text, a number, a truth value, or a list of these."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return quoted(str(value))


def quoted(text: str) -> str:
    """A TOML string on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
