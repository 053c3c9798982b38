"""Where the index of this user is kept, and what is only kept for speed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VARIABLE = "PODSEEK_INDEX"


def default_index() -> Path:
    """`PODSEEK_INDEX` if it is set, else a folder in the user's data directory.

    Raises PodseekProblem where the user has no home, as one that a container was given only the number of.
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
    """A folder of the user for what can be made again; None where the user has no home."""
    from platformdirs import user_cache_dir

    return _absolute(user_cache_dir)


def _absolute(directory: Callable[..., str]) -> Path | None:
    """The folder of podseek in one of the user's directories; None where platformdirs knows no home. The present one
    raises then, older ones return what begins with `~`."""
    from pathlib import Path

    try:
        folder = Path(directory("podseek", appauthor=False))
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None
