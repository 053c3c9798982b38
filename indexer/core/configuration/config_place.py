"""Where the configuration file of the user is, and its parsed copy. Every command looks there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VARIABLE = "PODSEEK_CONFIG"


def config_file() -> str | None:
    """The path of the configuration file, which need not exist: `PODSEEK_CONFIG` if set, else `config.toml` in
    podseek's folder of the user's configuration directory. None if the user has no home directory."""
    named = os.environ.get(VARIABLE)
    if named:
        return os.path.expanduser(named)  # noqa: PTH111
    folder = _quick("XDG_CONFIG_HOME", ".config")
    if folder is None:
        from platformdirs import user_config_dir

        found = absolute(user_config_dir)
        folder = None if found is None else str(found)
    return None if folder is None else os.path.join(folder, "config.toml")  # noqa: PTH118


def settings_cache() -> str | None:
    """The path of the parsed copy of the configuration, which need not exist; None without a home directory."""
    folder = _quick("XDG_CACHE_HOME", ".cache")
    if folder is None:
        from platformdirs import user_cache_dir

        found = absolute(user_cache_dir)
        folder = None if found is None else str(found)
    return None if folder is None else os.path.join(folder, "config.json")  # noqa: PTH118


def _quick(variable: str, below_home: str) -> str | None:
    """podseek's folder as platformdirs has it on Linux, without importing it (20 ms): a search looks there each time.
    None on other systems and without an absolute home."""
    home, named = os.environ.get("HOME", ""), os.environ.get(variable, "").strip()
    if sys.platform != "linux" or home[:1] != "/":
        return None
    return f"{named if named[:1] == '/' else f'{home}/{below_home}'}/podseek"


def absolute(directory: Callable[..., str]) -> Path | None:
    """podseek's folder in one of the user's directories; None without a home directory: then recent versions of
    platformdirs raise, older ones return a path that begins with `~`."""
    from pathlib import Path

    try:
        folder = Path(directory("podseek", appauthor=False))
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None
