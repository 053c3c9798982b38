"""Keeps transcripts read from standard input: they cannot be read again, but a rebuild needs them.

They are stored beside the index, so that they outlive it: for `library` in `library.kept/inbox`. Every run reads those
that no episode comes from, left by an interrupted run or a removed index. Transcripts of forgotten episodes are moved
to `library.kept/forgotten` and stay there.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from indexer.core.errors import PodseekProblem, system_reason
from indexer.core.files import sources
from indexer.core.files.atomic_write import make_folder, sync_folder, write_whole
from indexer.core.files.kept_folder import beside, home_of
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.messages import _
from indexer.readers import read_bytes

FOLDER, FORGOTTEN = "inbox", "forgotten"


class InboxProblem(PodseekProblem):
    """The input cannot be stored."""


class UnreadInbox:
    """The stored transcripts of an index that are not among the known paths; an archive counts as known if a member
    is."""

    def __init__(self, index: Path) -> None:
        stored = (file for folder in inboxes(index) for file in sorted(folder.iterdir()))
        self._left = {str(file): file for file in stored if file.is_file() and not file.name.startswith(".")}

    def note(self, known: str) -> None:
        """Notes a known path."""
        if self._left:
            for path in (known, *map(str, Path(known).parents)):
                self._left.pop(path, None)

    @property
    def files(self) -> list[Path]:
        """The files that were not noted."""
        return list(self._left.values())


def inboxes(index: Path) -> list[Path]:
    """The existing folders that may hold stored transcripts of an index."""
    folders = (home / FOLDER for home in (beside(index), Path(os.path.realpath(index))))
    return [folder for folder in folders if folder.is_dir()]


def move_beside_index(index: Path) -> None:
    """Moves transcripts stored inside the index folder, as in earlier versions, beside it; they stay if that fails."""
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


def current_paths(index: Path, paths: Iterable[str]) -> Iterator[str]:
    """The present paths of known transcripts, some of which `move_beside_index` may have moved."""
    inside, outside = Path(os.path.realpath(index)) / FOLDER, beside(index) / FOLDER
    within = os.path.join(inside, "")  # noqa: PTH118 - a prefix
    for path in paths:
        moved = outside / Path(path).relative_to(inside) if path.startswith(within) else None
        yield str(moved) if moved and not Path(path).exists() and sources.exists(moved) else path


def without_forgotten(index: Path, paths: Iterable[Path]) -> list[Path]:
    """The paths without the files moved by `move_to_forgotten`; the index may be in a folder that is indexed."""
    within = os.path.join(beside(index) / FORGOTTEN, "")  # noqa: PTH118 - a prefix
    return [path for path in paths if not str(path).startswith(within)]


def move_to_forgotten(index: Path, path: str) -> None:
    """Moves the transcript of a forgotten episode out of the inbox; leaves all other files alone. Raises OSError."""
    folder, file = forgotten_folder(index, path), Path(path)
    if folder is None or not file.is_file():
        return
    make_folder(folder)
    place = folder / file.name
    if place.exists():
        place = folder / f"{file.stem}~{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}{file.suffix}"
    file.replace(place)
    sync_folder(folder)


def forgotten_folder(index: Path, path: str) -> Path | None:
    """The folder to which `move_to_forgotten` moves a transcript; None for a user's file or an archive member."""
    return home_of(index) / FORGOTTEN if Path(path).parent in inboxes(index) else None


def store_transcript(home: Path, data: bytes, name: str | None = None) -> Path:
    """Stores a transcript in the inbox below `home` (see `home_of`) and returns its path. Replaces one of the same
    name.

    The default `name` is derived from the content. Raises InboxProblem if the name is not a file name, or the data is
    empty, too large or without cues; OSError if it cannot be written.
    """
    if not data.strip():
        raise InboxProblem(_("standard input: nothing came in: nothing is indexed, and what is there stays"))
    if len(data) > LARGEST_FILE:
        raise InboxProblem(
            _("standard input: more than {most} MB are too many for a transcript").format(most=LARGEST_FILE >> 20)
        )
    if name is not None and (not name or name != Path(name).name or not name.isprintable() or name[0] == "."):
        raise InboxProblem(_("{name!r}: is no file name: name it such as '2025-06-08 海底的光.srt'").format(name=name))
    path = home / FOLDER / (name or f"stdin-{hashlib.sha256(data).hexdigest()[:8]}")
    _check(path, data, _("standard input") if name is None else _("standard input, {name}").format(name=name))
    make_folder(path.parent)
    write_whole(path, data)
    return path


def _check(path: Path, data: bytes, shown: str) -> None:
    """Raises InboxProblem if there are no cues, with `shown` as the place; as in a folder, the suffix of `path` tells
    the format that is missing. Members of an archive are checked later."""
    suffix = path.suffix.lower()
    if suffix == sources.ZIP:
        return
    try:
        plain = sources.unpacked(io.BytesIO(data), LARGEST_FILE + 1) if suffix == sources.GZIP else data
    except OSError as error:
        raise InboxProblem(_("standard input: {reason}: left out").format(reason=system_reason(error))) from None
    transcript = read_bytes(path.name, plain)
    if not transcript.cues:
        complaints = (str(one._replace(path=shown)) for one in transcript.complaints)
        raise InboxProblem(next(complaints, _("standard input: no cues: nothing to index")))
