"""The folder beside an index for data that must outlive it: `library.kept` for an index in `library`."""

from __future__ import annotations

import os
from pathlib import Path

_KEPT = ".kept"


def home_of(index: Path) -> Path:
    """The folder for data that outlives the index: beside it, or the index itself if nothing can be created there."""
    outside = beside(index)
    there = next(folder for folder in (outside, *outside.parents) if folder.exists())
    return outside if os.access(there, os.W_OK) else Path(os.path.realpath(index))


def beside(index: Path) -> Path:
    """The folder beside an index, whether or not it exists."""
    folder = Path(os.path.realpath(index))
    return folder.with_name(f"{folder.name}{_KEPT}") if folder.name else folder
