"""Copies of a file beside it, as browsers and file managers name them: `talk (1).srt`, `talk - Copy.srt`."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from indexer.core.files import sources
from indexer.core.files.sources import LARGEST_FILE, plain_path

_NUMBER = r" ?\(\d{1,2}\)"
_MARK = re.compile(
    rf"(?:{_NUMBER}| - (?:copy|副本|复件)(?:{_NUMBER})?|[ 的]?(?:copy|副本|拷贝)(?: \d{{1,2}})?"
    r"| \((?:copy|副本|复件)\))$",
    re.IGNORECASE,
)
"""What is put behind the name of a copy."""


def original_of(path: Path, files: Collection[Path]) -> Path | None:
    """Returns which of the files beside it this one is a copy of, byte for byte; None if of none, or a file cannot be
    read."""
    stem = plain_path(path).stem
    mark = _MARK.search(stem)
    if mark is None or not mark.start():
        return None
    original = path.with_name(stem[: mark.start()] + path.name[len(stem) :])
    if original not in files:
        return None
    try:
        if sources.state(path).size != sources.state(original).size:
            return None
        same = sources.read(path, LARGEST_FILE) == sources.read(original, LARGEST_FILE)
    except OSError:
        return None
    return original if same else None
