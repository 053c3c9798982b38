"""Tells which indexed transcripts are gone, as far as that is sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.core import sources


def find_gone(known: Iterable[str], places: Sequence[Path], found: set[str]) -> list[str]:
    """The known episodes below the named places (all, when none is named) whose files are no longer there.

    A folder that is itself not there, such as a disk that is not mounted, says nothing about its files.
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
    """Those of the gone below a place that has a transcript still."""
    folders = {folder for file in files for folder in file.parents}
    roots = folders.intersection(place.resolve() for place in places)
    return [path for path in gone if not roots.isdisjoint(Path(path).parents)]


def _is_missing(path: Path) -> bool:
    """True for what is surely not there; what cannot be looked at may be."""
    try:
        return not sources.exists(path)
    except OSError:
        return False
