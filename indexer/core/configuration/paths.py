"""The default folders of the user's index, cache and state."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from indexer.core.configuration.config_place import absolute, config_file
from indexer.core.messages import _

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "PODSEEK_INDEX"
"""The variable that names the folder of an index."""


def default_index() -> Path:
    """`PODSEEK_INDEX` if set, else the index that the configuration names, else a folder in the user's data directory.

    Raises PodseekProblem if the user has no home directory, such as a container user with only a numeric id, and if
    the configuration cannot be read.
    """
    from pathlib import Path

    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    if (configured := _configured_index()) is not None:
        return Path(configured)
    folder = default_data()
    if folder is None:
        from indexer.core.errors import PodseekProblem

        raise PodseekProblem(
            _("this user has no home folder for an index: name one with --index or {variable}").format(
                variable=VARIABLE
            )
        )
    return folder / "index"


def _configured_index() -> str | None:
    path = config_file()
    if path is None or not os.path.exists(path):  # noqa: PTH110 - a search imports no pathlib
        return None
    from indexer.core.configuration.settings import read_settings

    return read_settings().default_index


def default_cache() -> Path | None:
    """The user's cache folder; None if the user has no home directory."""
    from platformdirs import user_cache_dir

    return absolute(user_cache_dir)


def default_state() -> str | None:
    """The user's folder for what was done last: lists and history; None if the user has no home directory. As text,
    because every search at a terminal writes there, and `pathlib` and `platformdirs` cost it 3 ms."""
    if sys.platform != "linux":
        from platformdirs import user_state_dir

        folder = absolute(user_state_dir)
        return None if folder is None else str(folder)
    named = os.environ.get("XDG_STATE_HOME", "")
    base = named if os.path.isabs(named) else os.path.expanduser("~/.local/state")  # noqa: PTH111, PTH117
    return os.path.join(base, "podseek") if os.path.isabs(base) else None  # noqa: PTH117, PTH118


def default_data() -> Path | None:
    """The user's data folder; None if the user has no home directory."""
    from platformdirs import user_data_dir

    return absolute(user_data_dir)
