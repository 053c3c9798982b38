"""The text of a configuration file: which settings there are, and parsing with the line of each fault.
`settings_edit` changes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from indexer.core.configuration import toml
from indexer.core.errors import PodseekProblem, system_reason
from indexer.core.files.regular_files import read_regular
from indexer.core.messages import _

LARGEST = 1 << 20
"""In bytes."""
_MOST_SETTINGS = 10_000


class ConfigProblem(PodseekProblem):
    """The configuration cannot be read or changed. The message names file, line and cure."""


TEXT, LIST, FOLDER, CHOICE, SIZE, TIME = "text", "list", "folder", "choice", "size", "time"
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "index": (FOLDER,),
    "library": (TEXT,),
    "libraries.*": (FOLDER,),
    "color": (CHOICE, "auto", "always", "never"),
    "language": (CHOICE, "auto", "en", "zh"),
    "names.patterns": (LIST,),
    "audio.limit": (SIZE,),
    "meaning.url": (TEXT,),
    "meaning.model": (TEXT,),
    "meaning.key": (TEXT,),
    "meaning.question_prefix": (TEXT,),
    "meaning.passage_prefix": (TEXT,),
    "meaning.timeout": (TEXT,),
    "recogniser": (TEXT,),
    "recognisers.*.command": (LIST,),
    "recognisers.*.transcript": (TEXT,),
    "recognisers.*.timeout": (TIME,),
}
"""Dotted name -> kind, and what it is one of. `*` is any name. All other tables are defaults of commands' options,
`[search] limit = 5`, which the command line knows."""
SECRETS = {"meaning.key"}
"""Settings that only `config get` shows."""
_TABLES = {name.partition(".")[0] for name in SETTINGS if "." in name}


def kind_of(name: str) -> tuple[str, ...] | None:
    """The kind of a setting by its dotted name; None if it is not one of `SETTINGS`."""
    parts = name.split(".")
    for known, kind in SETTINGS.items():
        if len(expected := known.split(".")) == len(parts) and all(
            one in ("*", part) for one, part in zip(expected, parts, strict=True)
        ):
            return kind
    return None


def is_of_command(name: str) -> bool:
    """True for the default of an option, such as `search.limit`."""
    table, _dot, option = name.partition(".")
    return bool(option) and "." not in option and table not in _TABLES


def read_file(path: str) -> dict[str, Any]:
    """The values of a configuration file; dates become ISO texts. Raises ConfigProblem."""
    text = read_text(path)
    values = parse(text, path)
    for name, problem in faults(values):
        raise ConfigProblem(f"{path}:{line_of(text, name)}: {name}: {problem}")
    return values


def read_text(path: str) -> str:
    """The text of a configuration file. Raises ConfigProblem."""
    try:
        return read_regular(Path(path), LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigProblem(_("{path}: is not in UTF-8: save it so").format(path=path)) from None
    except OSError as error:
        what = _("{path}: the configuration cannot be read ({why}): fix that, or name another with PODSEEK_CONFIG")
        raise ConfigProblem(what.format(path=path, why=system_reason(error))) from None


def parse(text: str, path: str) -> dict[str, Any]:
    """Parses the text of a configuration file, without looking at its settings. Raises ConfigProblem."""
    try:
        values = _plain(toml.loads(text))
    except ValueError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = at[1] if at else "1" if "end of document" not in str(error) else str(text.count("\n") + 1)
        what = re.sub(r" \(at [^)]*\)", "", str(error))
        place = f"{path}:{line}"
        raise ConfigProblem(_("{place}: is not TOML ({why}): fix this line").format(place=place, why=what)) from None
    if not isinstance(values, dict):
        raise AssertionError("a document is a table")
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted name, value) of each setting, in the order of the file."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def faults(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(dotted name, what is wrong and what to do) of each setting that is unknown or of another kind. Leaves out the
    defaults of options."""
    for number, (name, value) in enumerate(flat(values)):
        if number >= _MOST_SETTINGS:
            yield name, _("more than {n:,} settings: remove some").format(n=_MOST_SETTINGS)
            return
        if is_of_command(name):
            continue
        kind = kind_of(name)
        if kind is None:
            yield name, unknown(name, SETTINGS)
        elif (problem := misfit(value, kind)) is not None:
            yield name, problem


def unknown(name: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    """What to say of a setting that does not exist."""
    from difflib import get_close_matches

    similar = get_close_matches(name, list(known), 1)
    if not similar:
        return _("no such setting: remove it, or correct its name")
    return _("no such setting: did you mean {name}?").format(name=similar[0])


_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([smh]?)")


def bytes_of(text: str) -> int | None:
    """The bytes of a size such as 20 GB; None if it is none.

    >>> bytes_of("20 GB"), bytes_of("500"), bytes_of("-5 GB")
    (20000000000, 500, None)
    """
    match = _SIZE.fullmatch(text.strip())
    return int(float(match[1]) * 1000 ** ("KMGT".index(match[2].upper()) + 1 if match[2] else 0)) if match else None


def seconds_of(text: str) -> float | None:
    """The seconds, more than 0, of a time such as 90m or 12h; None if it is none.

    >>> seconds_of("90m"), seconds_of("1.5"), seconds_of("-1"), seconds_of("0s")
    (5400.0, 1.5, None, None)
    """
    match = _TIME.fullmatch(text.strip())
    return (float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]] or None) if match else None


def misfit(value: Any, kind: tuple[str, ...]) -> str | None:
    """Why a value is not of this kind; None if it is."""
    if kind[0] == LIST:
        fits = isinstance(value, list) and value and all(isinstance(one, str) and one for one in value)
        return None if fits else _('is not a list of texts: write it as ["..."]')
    if not isinstance(value, str) or not value.strip():
        return _('is not a text: write it as "..."')
    if kind[0] == CHOICE and value not in kind[1:]:
        return _("{value} is none of {known}").format(value=repr(value), known=", ".join(kind[1:]))
    if kind[0] == SIZE and bytes_of(value) is None:
        return _("{value} is no size such as 20 GB").format(value=repr(value))
    if kind[0] == TIME and seconds_of(value) is None:
        return _("{value} is no time such as 90m or 12h").format(value=repr(value))
    return None


_HEADER = re.compile(r"[ \t]*\[(\[?)([^\[\]\n]*)\]\]?[ \t]*(?:#.*)?$")
_KEY = re.compile(r"""[ \t]*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'|[ \t]*\.[ \t]*)+?)[ \t]*=""")


def _dotted(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def keys_of(text: str) -> Iterator[tuple[int, str, str]]:
    """(index of the line, table, dotted name) of each line that looks like a header (an empty name) or a key."""
    table = ""
    for index, line in enumerate(text.split("\n")):
        if header := _HEADER.match(line):
            table = _dotted(header[2])
            yield index, table, ""
        elif key := _KEY.match(line):
            yield index, table, f"{table}.{_dotted(key[1])}".lstrip(".")


def line_of(text: str, name: str) -> int:
    """The line number of a setting, else of its table, else 1."""
    found = [(index, table, key) for index, table, key in keys_of(text)]
    for index, _there, key in found:
        if key and (key == name or name.startswith(f"{key}.")):
            return index + 1
    return next((index + 1 for index, table, key in found if not key and name.startswith(f"{table}.")), 1)
