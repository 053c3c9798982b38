"""Determines which indexed transcripts are certainly gone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.core.files import sources


def find_gone(known: Iterable[str], places: Sequence[Path], found: set[str]) -> list[str]:
    """The known paths below the given places (or all, if there are none) whose files no longer exist.

    If a folder itself is missing, such as an unmounted disk, its files do not count as gone.
    """
    wanted = [place.resolve() for place in places]
    roots = {os.path.normcase(place) for place in wanted if (sources.archive_of(place) or place).exists()}
    inside = tuple(root.rstrip(os.sep) + os.sep for root in roots)

    def is_below(path: str) -> bool:
        # Of strings: a run that adds one file asks this of all others, and making a `Path` of each takes far longer.
        name = os.path.normcase(path)
        return name in roots or name.startswith(inside)

    return [
        path
        for path in known
        if path not in found
        and (is_below(path) if places else not is_missing(sources.folder_of(Path(path))))
        and is_missing(Path(path))
    ]


def surely_gone(gone: Sequence[str], places: Sequence[Path], files: Sequence[Path]) -> list[str]:
    """Returns the gone paths that are below a place which still contains a transcript."""
    folders = {folder for file in files for folder in file.parents}
    roots = folders.intersection(place.resolve() for place in places)
    return [path for path in gone if not roots.isdisjoint(Path(path).parents)]


def is_missing(path: Path) -> bool:
    """True if the path certainly does not exist; False if that cannot be determined."""
    try:
        return not sources.exists(path)
    except OSError:
        return False
