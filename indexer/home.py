"""Where the index of this user is kept, and what is only kept for speed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "PODSEEK_INDEX"


def default_index() -> Path:
    """`PODSEEK_INDEX` if it is set, else a folder in the user's data directory."""
    from pathlib import Path

    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("podseek", appauthor=False)) / "index"


def default_cache() -> Path:
    """A folder of the user for what can be made again."""
    from pathlib import Path

    from platformdirs import user_cache_dir

    return Path(user_cache_dir("podseek", appauthor=False))
