"""The default folders of the user's index and cache."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VARIABLE = "PODSEEK_INDEX"


def default_index() -> Path:
    """`PODSEEK_INDEX` if set, else a folder in the user's data directory.

    Raises PodseekProblem if the user has no home directory, such as a container user with only a numeric id.
    """
    from pathlib import Path

    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_dir

    folder = _absolute(user_data_dir)
    if folder is None:
        from indexer.core.errors import PodseekProblem

        raise PodseekProblem(f"this user has no home folder for an index: name one with --index or {VARIABLE}")
    return folder / "index"


def default_cache() -> Path | None:
    """The user's cache folder; None if the user has no home directory."""
    from platformdirs import user_cache_dir

    return _absolute(user_cache_dir)


def _absolute(directory: Callable[..., str]) -> Path | None:
    """podseek's folder in one of the user's directories; None without a home directory: then recent versions of
    platformdirs raise, older ones return a path that begins with `~`."""
    from pathlib import Path

    try:
        folder = Path(directory("podseek", appauthor=False))
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None
