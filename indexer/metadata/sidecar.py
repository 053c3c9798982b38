"""Episode facts, by precedence: sidecar `podcast.toml`, chapters file, feed, the user's name patterns, file names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from indexer.core.configuration import toml
from indexer.core.configuration.settings import read_settings
from indexer.core.configuration.settings_file import ConfigProblem
from indexer.core.dates import read_date
from indexer.core.errors import system_reason
from indexer.core.files import sources
from indexer.core.files.language_suffix import plain_stem
from indexer.core.files.sources import plain_path
from indexer.core.messages import _
from indexer.core.types import Complaint, Facts
from indexer.metadata import chapters
from indexer.metadata.filename import facts_from_name
from indexer.metadata.jump import check_jump
from indexer.metadata.name_patterns import NamePattern, PatternProblem, compiled
from indexer.metadata.sidecar_names import composed, names_of, without_file

SIDECAR = "podcast.toml"
_LEVELS = 4
"""Number of folders searched for a sidecar: the transcript's own and its parents."""

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


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder with links resolved, and the nearest sidecar of the transcripts in it."""

    real: Path
    sidecar: Sidecar | None


class FactFinder:
    """Looks up the facts of transcripts, reading each sidecar once. Appends problems to `complaints`.

    `patterns` are those of file names; None takes the user's, from the configuration, and then raises ConfigProblem if
    these cannot be used.
    """

    def __init__(self, patterns: Sequence[NamePattern] | None = None) -> None:
        self._patterns = _configured_patterns() if patterns is None else patterns
        self.complaints: list[Complaint] = []
        self._sidecars: dict[Path, Sidecar | None] = {}
        self._folders: dict[Path, _Folder] = {}
        self._named: dict[Path, set[str]] = {}

    def facts(self, path: Path, fed: Mapping[str, object] | None = None) -> tuple[Facts | None, str | None]:
        """Returns the facts of a transcript, or None if its sidecar cannot be read, and the id set in the sidecar, if
        any.

        `fed` are the facts from a feed. Precedence, from lowest: names, patterns, feed, chapters file, sidecar.
        """
        named = next((found for one in self._patterns if (found := one.facts(path)) is not None), {})
        folder = self._folder(path.parent)
        real = None if os.path.islink(path) else folder.real  # noqa: PTH114 - it never raises
        facts = facts_from_name(path, real).updated({**named, **(fed or {}), **self._chapters_beside(path)})
        sidecar = folder.sidecar
        if sidecar is None:
            return facts, None
        if sidecar.broken:
            return None, None
        values = {**sidecar.defaults, **self._overrides(sidecar, path)}
        given_id = values.pop("id", None)
        stem = plain_stem(path)
        for name in ("audio", "link"):
            template = values.get(name)
            if isinstance(template, str):
                values[name] = template.replace("{stem}", stem)
        return facts.updated(values), str(given_id) if given_id is not None else None

    def complain_of_names(self) -> None:
        """Reports the names under `[episodes]` that neither a file looked up so far nor another one goes by."""
        for sidecar in filter(None, self._sidecars.values()):
            named = self._named.get(sidecar.path, ())
            rest = [name for name in sidecar.episodes if name not in named]
            for what in without_file(sidecar.path.parent, rest, _LEVELS - 1):
                self._refuse(sidecar.path, what)

    def language(self, path: Path) -> str | None:
        """Returns the language set for a file in its sidecar, if any."""
        sidecar = self._folder(path.parent).sidecar
        language = {**sidecar.defaults, **self._overrides(sidecar, path)}.get("language") if sidecar else None
        return language if isinstance(language, str) else None

    def _chapters_beside(self, path: Path) -> Mapping[str, object]:
        file = chapters.beside(path, dict.fromkeys((plain_path(path).stem, plain_stem(path))))
        if file is None:
            return {}
        try:
            found, unusable = chapters.read_chapters(file)
        except (OSError, ValueError) as error:
            what = (
                _("cannot be read ({reason})").format(reason=system_reason(error))
                if isinstance(error, OSError)
                else str(error)
            )
            self.complaints.append(Complaint(str(file), 0, what, _("left out"), fatal=True))
            return {}
        if unusable:
            self._refuse(file, chapters.unusable_chapters(unusable))
        return {"chapters": found}

    def _overrides(self, sidecar: Sidecar, path: Path) -> Mapping[str, object]:
        for name in names_of(path.relative_to(sidecar.path.parent)):
            if name in sidecar.episodes:
                self._named.setdefault(sidecar.path, set()).add(name)
                return sidecar.episodes[name]
        return {}

    def _folder(self, folder: Path) -> _Folder:
        """What the transcripts in a folder have in common."""
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = _Folder(folder.resolve(), self._nearest(folder))
        return known

    def _nearest(self, folder: Path) -> Sidecar | None:
        for candidate in (folder, *list(folder.parents)[: _LEVELS - 1]):
            sidecar = self._sidecar(candidate)
            if sidecar is not None:
                return sidecar
        return None

    def _sidecar(self, folder: Path) -> Sidecar | None:
        if folder not in self._sidecars:
            self._sidecars[folder] = self._read(folder / SIDECAR)
        return self._sidecars[folder]

    def _read(self, path: Path) -> Sidecar | None:
        try:
            data = sources.read(path, _LARGEST_SIDECAR + 1)
            if len(data) > _LARGEST_SIDECAR:
                raise ValueError(_("more than {most} MB are too many for facts").format(most=_LARGEST_SIDECAR >> 20))
            content = _parsed(data.decode("utf-8-sig"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            action = _("facts kept as they were, else taken from file names")
            self.complaints.append(
                Complaint(str(path), 0, _("cannot be read: {error}").format(error=error), action, fatal=True)
            )
            return Sidecar(path, {}, {}, broken=True)
        overrides = content.pop("episodes", {})
        if not isinstance(overrides, dict):
            self._refuse(path, _("`episodes` is not a table"))
            overrides = {}
        episodes = {
            composed(key): self._checked(path, f"episodes.{key}", value)
            for key, value in overrides.items()
            if isinstance(value, dict) or self._refuse(path, _("`episodes.{key}` is not a table").format(key=key))
        }
        return Sidecar(path, self._checked(path, "", content), episodes)

    def _checked(self, path: Path, where: str, values: Mapping[str, object]) -> dict[str, object]:
        """Returns the known facts, converted to their types; reports all other keys and values."""
        checked: dict[str, object] = {}
        for key, value in values.items():
            name = f"{where}.{key}" if where else key
            if not where and key in _OF_ONE:
                self._refuse(
                    path, _("`{key}` stands for all episodes; give each its own under [episodes]").format(key=key)
                )
                continue
            if key not in _KNOWN:
                self._refuse(
                    path,
                    _("`{name}` is not a fact podseek knows ({known})").format(
                        name=name, known=", ".join(sorted(_KNOWN))
                    ),
                )
                continue
            try:
                checked[key] = _typed(key, value)
            except ValueError as error:
                self._refuse(path, f"`{name}` {error}")
        return checked

    def _refuse(self, path: Path, what: str) -> bool:
        self.complaints.append(Complaint(str(path), 0, what, _("left out")))
        return False


def _configured_patterns() -> tuple[NamePattern, ...]:
    settings = read_settings()
    try:
        return compiled(settings.get("names.patterns", ()))
    except PatternProblem as problem:
        raise ConfigProblem(
            _("{path}: names.patterns: {problem}").format(path=settings.path, problem=problem)
        ) from None


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
