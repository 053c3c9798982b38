"""Finds the transcripts below the paths a person names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer import origins
from indexer.archives import find_members, is_archive
from indexer.readers import is_candidate
from indexer.values import Complaint


def find_transcripts(paths: Iterable[Path], complaints: list[Complaint]) -> list[Path]:
    """The files to read, resolved, each once, in a stable order.

    A file named directly is always taken; in a folder those that look like transcripts are, hidden
    ones excepted. What cannot be looked at is added to `complaints`.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path.resolve(), complaints)))
        elif is_archive(path):
            members = find_members(path.resolve(), is_candidate, complaints)
            found.update(dict.fromkeys(members))
            if not members:
                complaints.append(Complaint(str(path), 0, "has no transcript in it", "nothing to index"))
        elif origins.archive_of(path) is not None or path.is_file():
            found[path.resolve()] = None
        elif path.exists():
            complaints.append(Complaint(str(path), 0, "neither a file nor a folder", "left out", fatal=True))
        else:
            complaints.append(Complaint(str(path), 0, "no such file or folder", "left out", fatal=True))
    return list(found)


def _walk(root: Path, complaints: list[Complaint]) -> Iterator[Path]:
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
            if is_archive(path):
                yield from find_members(path.resolve(), is_candidate, complaints)
            elif _looks_right(path, complaints):
                yield path.resolve()


def _looks_right(path: Path, complaints: list[Complaint]) -> bool:
    try:
        return path.is_file() and is_candidate(path)
    except OSError as error:
        complaints.append(Complaint(str(path), 0, f"cannot be read ({error.strerror})", "left out", fatal=True))
        return False
