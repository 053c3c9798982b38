"""Keeps what came in on standard input: nobody can read it a second time, and a rebuild must."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from indexer import origins
from indexer.errors import PodseekProblem
from indexer.readers import LARGEST_FILE, read_bytes
from indexer.whole import make_folder, write_whole

FOLDER = "inbox"
"""In the folder of the index."""


class InboxProblem(PodseekProblem):
    """What came in cannot be kept."""


def keep(folder: Path, data: bytes, name: str | None = None) -> Path:
    """Writes a transcript into the inbox below `folder` and returns its path; one of the same name is replaced.

    Without a `name` it gets one by its content. Raises InboxProblem for what is no file name, for nothing, for too
    much, and for what has no cues; OSError where it cannot be written.
    """
    if not data.strip():
        raise InboxProblem("standard input: nothing came in: nothing is indexed, and what is there stays")
    if len(data) > LARGEST_FILE:
        raise InboxProblem(f"standard input: more than {LARGEST_FILE >> 20} MB are too many for a transcript")
    if name is not None and (not name or name != Path(name).name or not name.isprintable() or name[0] == "."):
        raise InboxProblem(f"{name!r}: is no file name: name it such as '2025-06-08 海底的光.srt'")
    path = folder / FOLDER / (name or f"stdin-{hashlib.sha256(data).hexdigest()[:8]}")
    _check(path, data)
    make_folder(path.parent)
    write_whole(path, data)
    return path


def _check(path: Path, data: bytes) -> None:
    """Raises InboxProblem for what has no cues; the members of an archive are looked at later."""
    suffix = path.suffix.lower()
    if suffix == origins.ZIP:
        return
    try:
        plain = origins.unpacked(io.BytesIO(data), LARGEST_FILE + 1) if suffix == origins.GZIP else data
    except OSError as error:
        raise InboxProblem(f"standard input: {error.strerror}: left out") from None
    transcript = read_bytes("standard input", plain)
    if not transcript.cues:
        raise InboxProblem(str(next(iter(transcript.complaints), "standard input: no cues: nothing to index")))
