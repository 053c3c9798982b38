"""Determines which indexed transcripts are certainly gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.core import sources


def find_gone(known: Iterable[str], places: Sequence[Path], found: set[str]) -> list[str]:
    """The known paths below the given places (or all, if there are none) whose files no longer exist.

    If a folder itself is missing, such as an unmounted disk, its files do not count as gone.
    """
    wanted = [place.resolve() for place in places]
    roots = [place for place in wanted if (sources.archive_of(place) or place).exists()]
    return [
        path
        for path in known
        if path not in found
        and (
            not _is_missing(sources.folder_of(Path(path)))
            if not places
            else any(root in (p := Path(path), *p.parents) for root in roots)
        )
        and _is_missing(Path(path))
    ]


def surely_gone(gone: Sequence[str], places: Sequence[Path], files: Sequence[Path]) -> list[str]:
    """Those of the gone paths that are below a place which still contains a transcript."""
    folders = {folder for file in files for folder in file.parents}
    roots = folders.intersection(place.resolve() for place in places)
    return [path for path in gone if not roots.isdisjoint(Path(path).parents)]


def _is_missing(path: Path) -> bool:
    """True if the path certainly does not exist; False if that cannot be determined."""
    try:
        return not sources.exists(path)
    except OSError:
        return False
