"""The user's configuration file, read once for each state that it has.

A parsed copy (JSON, in the cache folder) spares a search the TOML parser, which takes longer than the search. The
command line writes the copy once it has checked the file as a whole; everything else only reads it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from indexer.core.configuration.config_place import config_file, settings_cache
from indexer.core.configuration.library_address import BACKEND, is_address
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple

_VERSION = 1
_SETTLED = 2_000_000_000
"""Nanoseconds since the last change after which a file is copied: a second change within one tick of the file system's
clock would go unnoticed."""


class Config(NamedTuple):
    """The values of a configuration file: nested as in TOML, dates as ISO texts. `path` is the file, empty if there is
    none; `is_checked` is False for values that were parsed now, which the command line has not checked yet."""

    path: str = ""
    values: Mapping[str, Any] = {}
    is_checked: bool = True

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a setting by its dotted name, such as `recognisers.mine.command`."""
        found: Any = self.values
        for part in name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                return default
            found = found[part]
        return found

    def place(self, named: str) -> str:
        """The absolute path for one in the file: `~` is the home folder, and others are relative to the file."""
        here = os.path.dirname(os.path.abspath(self.path))  # noqa: PTH100, PTH120
        return os.path.join(here, os.path.expanduser(named))  # noqa: PTH111, PTH118

    @property
    def libraries(self) -> dict[str, str]:
        """The named libraries: name -> absolute path of the index, or its address in a cluster."""
        named = self.get("libraries", {}).items()
        return {str(name): place if is_address(place) else self.place(place) for name, place in named}

    @property
    def default_index(self) -> str | None:
        """The index of commands that name none: `library`, else `index`. None if the file names none.

        Raises ConfigProblem if `library` is not among the libraries, or in a cluster.
        """
        name = self.get("library")
        if name is not None:
            place = self.library(name, f"{self.path}: library")
            if not is_address(place):
                return place
            from indexer.core.configuration.settings_file import ConfigProblem

            what = _(
                "{path}: library: {name} is in a cluster, and commands that name none work on a folder: "
                "name it with -L {name}, or its address in {variable}"
            )
            raise ConfigProblem(what.format(path=self.path, name=name, variable=BACKEND))
        named = self.get("index")
        return self.place(named) if named is not None else None

    def library(self, name: str, where: str) -> str:
        """The index of a named library. Raises ConfigProblem, which begins with `where`, if there is none."""
        found = self.libraries
        if name not in found:
            from indexer.core.configuration.settings_file import ConfigProblem

            if not found:
                what = _("{place}: {name} is no library, and there are none: `{command}` makes it one")
            else:
                what = _("{place}: {name} is no library (there are {known}): `{command}` makes it one")
            command = f"podseek config set libraries.{name} FOLDER"
            raise ConfigProblem(what.format(place=where, name=name, known=", ".join(sorted(found)), command=command))
        return found[name]


def read_settings() -> Config:
    """The configuration of the user; empty if there is no file. Raises ConfigProblem if it cannot be read."""
    path = config_file()
    if path is None:
        return Config()
    try:
        status = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return Config()
    except OSError:
        status = None
    if status is not None and (copy := _copied(_key(path, status))) is not None:
        return Config(path, copy)
    from indexer.core.configuration.settings_file import read_file

    return Config(path, read_file(path), False)


def _key(path: str, status: os.stat_result) -> list[Any]:
    return [_VERSION, os.path.abspath(path), status.st_mtime_ns, status.st_size, status.st_ino]  # noqa: PTH100


def _copied(key: list[Any]) -> dict[str, Any] | None:
    """The values of the copy; None unless it is of a file in this state."""
    copy = settings_cache()
    try:
        if copy is None:
            return None
        with open(copy, encoding="utf-8") as file:  # noqa: PTH123
            found, values = json.load(file)
        return values if found == key and isinstance(values, dict) else None
    except (OSError, ValueError, RecursionError, TypeError):
        return None


def keep_copy(settings: Config) -> None:
    """Stores the copy of a checked configuration. A failure only means that the file is parsed again."""
    copy = settings_cache()
    if copy is None or not settings.path:
        return
    import time
    from pathlib import Path

    from indexer.core.files.atomic_write import write_json

    with suppress(OSError, ValueError):
        status = os.stat(settings.path)  # noqa: PTH116
        if time.time_ns() - status.st_mtime_ns < _SETTLED:
            return
        Path(copy).parent.mkdir(parents=True, exist_ok=True)
        write_json(Path(copy), [_key(settings.path, status), settings.values])
