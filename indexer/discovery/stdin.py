"""Keeps what came in on standard input: nobody can read it a second time, and a rebuild must.

It lies beside the folder of an index, not in it, so that it outlives whatever happens to that: of `library` it is in
`library.kept/inbox`. Every run reads what no episode of the index is from: of a run that did not get so far, or of an
index that was removed. What is forgotten is moved to `library.kept/forgotten`, and stays there.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from indexer.core import sources
from indexer.core.atomic_write import make_folder, sync_folder, write_whole
from indexer.core.errors import PodseekProblem
from indexer.core.kept_folder import beside, home_of
from indexer.core.sources import LARGEST_FILE
from indexer.readers import read_bytes

FOLDER, FORGOTTEN = "inbox", "forgotten"


class InboxProblem(PodseekProblem):
    """What came in cannot be kept."""


def unread(index: Path, known: Collection[str]) -> list[Path]:
    """What is kept for an index and none of the `known` transcripts; a member of an archive has a path below it."""
    read = {above for path in known for above in (path, *map(str, Path(path).parents))}
    return [file for folder in inboxes(index) for file in sorted(folder.iterdir()) if _is_of_use(file, read)]


def inboxes(index: Path) -> list[Path]:
    """The folders that may hold what is kept for an index, where there are any."""
    folders = (home / FOLDER for home in (beside(index), Path(os.path.realpath(index))))
    return [folder for folder in folders if folder.is_dir()]


def move_out(index: Path) -> None:
    """Moves what lies in the folder of the index, as it did before, beside it; where that cannot be, it stays."""
    inside = Path(os.path.realpath(index)) / FOLDER
    if not inside.is_dir() or (outside := home_of(index) / FOLDER) == inside:
        return
    with suppress(OSError):
        make_folder(outside)
        for file in inside.iterdir():
            if not (outside / file.name).exists():
                file.rename(outside / file.name)
        sync_folder(outside)
        sync_folder(inside)


def now_at(index: Path, path: str) -> str:
    """Where the file of a known transcript is by now."""
    inside = Path(os.path.realpath(index)) / FOLDER
    if inside not in Path(path).parents or Path(path).exists():
        return path
    outside = beside(index) / FOLDER / Path(path).relative_to(inside)
    return str(outside) if sources.exists(outside) else path


def is_forgotten(index: Path, path: Path) -> bool:
    """True for what `put_away` has moved: the index may be in a folder that is indexed."""
    return beside(index) / FORGOTTEN in path.parents


def put_away(index: Path, path: str) -> None:
    """Moves the transcript of an episode that is forgotten out of the inbox, and nothing else. Raises OSError."""
    folder, file = put_away_in(index, path), Path(path)
    if folder is None or not file.is_file():
        return
    make_folder(folder)
    place = folder / file.name
    if place.exists():
        place = folder / f"{file.stem}~{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}{file.suffix}"
    file.replace(place)
    sync_folder(folder)


def put_away_in(index: Path, path: str) -> Path | None:
    """The folder in which `put_away` puts a transcript; None for a file of the user, or a member of an archive."""
    return home_of(index) / FORGOTTEN if Path(path).parent in inboxes(index) else None


def _is_of_use(file: Path, read: Collection[str]) -> bool:
    return file.is_file() and not file.name.startswith(".") and str(file) not in read


def keep(home: Path, data: bytes, name: str | None = None) -> Path:
    """Writes a transcript into the inbox below `home` (see `home_of`) and returns its path. One of the same name is
    replaced.

    Without a `name` it gets one by its content. Raises InboxProblem for what is no file name, for nothing, for too
    much, and for what has no cues; OSError where it cannot be written.
    """
    if not data.strip():
        raise InboxProblem("standard input: nothing came in: nothing is indexed, and what is there stays")
    if len(data) > LARGEST_FILE:
        raise InboxProblem(f"standard input: more than {LARGEST_FILE >> 20} MB are too many for a transcript")
    if name is not None and (not name or name != Path(name).name or not name.isprintable() or name[0] == "."):
        raise InboxProblem(f"{name!r}: is no file name: name it such as '2025-06-08 海底的光.srt'")
    path = home / FOLDER / (name or f"stdin-{hashlib.sha256(data).hexdigest()[:8]}")
    _check(path, data)
    make_folder(path.parent)
    write_whole(path, data)
    return path


def _check(path: Path, data: bytes) -> None:
    """Raises InboxProblem for what has no cues; the members of an archive are looked at later."""
    suffix = path.suffix.lower()
    if suffix == sources.ZIP:
        return
    try:
        plain = sources.unpacked(io.BytesIO(data), LARGEST_FILE + 1) if suffix == sources.GZIP else data
    except OSError as error:
        raise InboxProblem(f"standard input: {error.strerror}: left out") from None
    transcript = read_bytes("standard input", plain)
    if not transcript.cues:
        raise InboxProblem(str(next(iter(transcript.complaints), "standard input: no cues: nothing to index")))
