"""Finds the transcripts below the paths a person names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from indexer import origins
from indexer.members import find_members
from indexer.readers import is_candidate
from indexer.values import Complaint

Known = Callable[[Path], bool]
"""Tells of a file whether it is indexed as it is now."""


def find_transcripts(
    paths: Iterable[Path], complaints: list[Complaint], is_known: Known = lambda path: False
) -> list[Path]:
    """The files to read, resolved, each once, in a stable order.

    A file named directly is always taken; in a folder or an archive those that look like transcripts are, hidden
    ones excepted. `is_known` spares a look into those that did not change. What cannot be looked at is added to
    `complaints`.
    """

    def looks_right(path: Path) -> bool:
        return is_known(path) or is_candidate(path)

    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path.resolve(), looks_right, complaints)))
        elif origins.is_archive(path):
            before = len(complaints)
            members = find_members(path.resolve(), looks_right, complaints)
            found.update(dict.fromkeys(members))
            if not members and len(complaints) == before:
                complaints.append(Complaint(str(path), 0, "has no transcript in it", "nothing to index"))
        elif origins.archive_of(path.resolve()) is not None:
            found.update(dict.fromkeys(_within(path.resolve(), looks_right, complaints)))
        elif path.is_file():
            found[path.resolve()] = None
        elif path.exists():
            complaints.append(Complaint(str(path), 0, "neither a file nor a folder", "left out", fatal=True))
        else:
            complaints.append(_not_there(path))
    return list(found)


def _within(path: Path, looks_right: Known, complaints: list[Complaint]) -> list[Path]:
    """What a path into an archive names: a member, or those below a folder of the archive."""
    archive = origins.archive_of(path)
    if archive is None or not archive.is_file():
        complaints.append(_not_there(path))
        return []
    told: list[Complaint] = []
    below = [member for member in find_members(archive, looks_right, told) if path in member.parents]
    try:
        found = below or ([path] if origins.exists(path) else [])
    except OSError:  # why is told
        complaints.extend(told)
        return []
    if not found:
        complaints.append(_not_there(path))
    return found


def _not_there(path: Path) -> Complaint:
    return Complaint(str(path), 0, "no such file or folder", "left out", fatal=True)


def _walk(root: Path, looks_right: Known, complaints: list[Complaint]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        complaints.append(
            Complaint(str(error.filename), 0, f"cannot be opened ({error.strerror})", "left out", fatal=True)
        )

    for folder, names, files in os.walk(root, onerror=unreadable):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if name.startswith("."):
                continue
            try:
                if origins.is_archive(path):
                    yield from find_members(path.resolve(), looks_right, complaints)
                elif path.is_file() and looks_right(path):
                    yield path.resolve()
            except OSError as error:
                complaints.append(Complaint(str(path), 0, f"cannot be read ({error.strerror})", "left out", fatal=True))
