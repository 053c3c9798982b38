"""Reads `podcast.toml`, in which the user gives the facts of the episodes in a folder and below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from indexer.core.configuration import toml
from indexer.core.dates import read_date
from indexer.core.files import sources
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.metadata import chapters
from indexer.metadata.jump import check_jump
from indexer.metadata.sidecar_names import composed

SIDECAR = "podcast.toml"

_MONTH = re.compile(r"^([ \t]{0,20}date[ \t]{0,20}=[ \t]{0,20})(\d{4}-\d\d)(?=[ \t\r]{0,20}(?:#|$))", re.MULTILINE)

_LARGEST_SIDECAR = 16 << 20
"""In bytes."""

_LARGEST_OFFSET = 1_000_000
"""In seconds (eleven days)."""

_OF_ONE = ("id", "guid", "chapters")
"""Keys of a single episode, which are invalid as defaults for a folder."""
_KNOWN = frozenset(("show", "title", "audio", "link", "language", "date", "offset", "speakers", "jump", *_OF_ONE))


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One `podcast.toml`: defaults for its folder and below, and overrides by file name or stem.

    `broken` is True if it could not be read.
    """

    path: Path
    defaults: Mapping[str, object]
    episodes: Mapping[str, Mapping[str, object]]
    broken: bool = False


def read_sidecar(path: Path, complaints: list[Complaint]) -> Sidecar | None:
    """Reads a `podcast.toml`; None if there is none. Adds what is wrong with it to `complaints`."""
    try:
        data = sources.read(path, _LARGEST_SIDECAR + 1)
        if len(data) > _LARGEST_SIDECAR:
            raise ValueError(_("more than {most} MB are too many for facts").format(most=_LARGEST_SIDECAR >> 20))
        content = _parsed(data.decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        action = _("facts kept as they were, else taken from file names")
        what = _("cannot be read: {error}").format(error=error)
        complaints.append(Complaint(str(path), 0, what, action, fatal=True))
        return Sidecar(path, {}, {}, broken=True)
    overrides = content.pop("episodes", {})
    if not isinstance(overrides, dict):
        complaints.append(refused(path, _("`episodes` is not a table")))
        overrides = {}
    episodes = {}
    for key, value in overrides.items():
        if isinstance(value, dict):
            episodes[composed(key)] = _checked(path, f"episodes.{key}", value, complaints)
        else:
            complaints.append(refused(path, _("`episodes.{key}` is not a table").format(key=key)))
    return Sidecar(path, _checked(path, "", content, complaints), episodes)


def refused(path: Path, what: str) -> Complaint:
    """The complaint about a part of a file that is left out."""
    return Complaint(str(path), 0, what, _("left out"))


def _checked(path: Path, where: str, values: Mapping[str, object], complaints: list[Complaint]) -> dict[str, object]:
    """Returns the known facts, converted to their types; reports all other keys and values."""
    checked: dict[str, object] = {}
    for key, value in values.items():
        name = f"{where}.{key}" if where else key
        if not where and key in _OF_ONE:
            what = _("`{key}` stands for all episodes; give each its own under [episodes]").format(key=key)
            complaints.append(refused(path, what))
        elif key not in _KNOWN:
            what = _("`{name}` is not a fact podseek knows ({known})")
            complaints.append(refused(path, what.format(name=name, known=", ".join(sorted(_KNOWN)))))
        else:
            try:
                checked[key] = _typed(key, value)
            except ValueError as error:
                complaints.append(refused(path, f"`{name}` {error}"))
    return checked


def _parsed(text: str) -> dict[str, Any]:
    """The content of a sidecar. A month without quotation marks (`date = 2025-06`), which TOML lacks, is understood.
    Raises ValueError with the reason."""
    try:
        return toml.loads(text)
    except ValueError:
        quoted = _MONTH.sub(r'\1"\2"', text)
        if quoted == text:
            raise
        return toml.loads(quoted)


def _typed(key: str, value: object) -> object:
    if key == "chapters":
        return chapters.typed_chapters(value)
    if key == "date":
        return _iso_date(value)
    if key == "offset":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(_("is not a number of seconds: {value!r}").format(value=value))
        if not abs(value) <= _LARGEST_OFFSET:
            raise ValueError(_("is no offset a recording can have: {value}").format(value=str(value)[:20]))
        return float(value)
    if key == "speakers":
        if not isinstance(value, list) or not all(isinstance(name, str) and name.isprintable() for name in value):
            raise ValueError(_("is not a list of names"))
        return tuple(value)
    if not isinstance(value, str):
        raise ValueError(_("is not a text: {value!r}").format(value=value))
    if not value.isprintable():
        raise ValueError(_("has characters that cannot be printed: {value!r}").format(value=value))
    return check_jump(value) if key == "jump" else value


def _iso_date(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return read_date(str(value))
    except ValueError:
        message = _("is not a date like 2025-06-08, 2025-06 or 2025: {value!r}").format(value=value)
        raise ValueError(message) from None
