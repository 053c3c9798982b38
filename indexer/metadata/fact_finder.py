"""Finds the facts of a transcript, by precedence: its sidecar, a chapters file, its feed, the user's name patterns, the
names of its file and folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.core.configuration.settings import read_settings
from indexer.core.configuration.settings_file import ConfigProblem
from indexer.core.errors import system_reason
from indexer.core.files.language_suffix import plain_stem
from indexer.core.files.sources import plain_path
from indexer.core.messages import _
from indexer.core.types import Complaint, Facts
from indexer.metadata import chapters
from indexer.metadata.filename import facts_from_name
from indexer.metadata.name_patterns import NamePattern, PatternProblem, compiled
from indexer.metadata.sidecar import SIDECAR, Sidecar, read_sidecar, refused
from indexer.metadata.sidecar_names import names_of, without_file

_LEVELS = 4
"""Number of folders searched for a sidecar: the transcript's own and its parents."""


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
                self.complaints.append(refused(sidecar.path, what))

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
            self.complaints.append(refused(file, chapters.unusable_chapters(unusable)))
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
            self._sidecars[folder] = read_sidecar(folder / SIDECAR, self.complaints)
        return self._sidecars[folder]


def _configured_patterns() -> tuple[NamePattern, ...]:
    settings = read_settings()
    try:
        return compiled(settings.get("names.patterns", ()))
    except PatternProblem as problem:
        raise ConfigProblem(
            _("{path}: names.patterns: {problem}").format(path=settings.path, problem=problem)
        ) from None
