"""Keeps what came in on standard input: nobody can read it a second time, and a rebuild must."""

from __future__ import annotations

import hashlib
from pathlib import Path

from indexer import origins
from indexer.errors import PodseekProblem
from indexer.readers import LARGEST_FILE, read_bytes

FOLDER = "inbox"
"""In the folder of the index."""
_HALF = ".half"
"""In the inbox: what is not yet looked at, hidden from a walk."""


class InboxProblem(PodseekProblem):
    """What came in cannot be kept."""


def keep(folder: Path, data: bytes, name: str | None = None) -> Path:
    """Writes a transcript into the inbox below `folder` and returns its path; one of the same name is replaced.

    Without a `name` it gets one by its content. Raises InboxProblem for what is no file name, for too much, and for
    what has no cues; OSError where it cannot be written.
    """
    if len(data) > LARGEST_FILE:
        raise InboxProblem(f"standard input: more than {LARGEST_FILE >> 20} MB are too many for a transcript")
    if name is not None and (not name or name != Path(name).name or not name.isprintable() or name[0] == "."):
        raise InboxProblem(f"{name!r}: is no file name: name it such as '2025-06-08 海底的光.srt'")
    inbox = folder / FOLDER
    name = name or f"stdin-{hashlib.sha256(data).hexdigest()[:8]}"
    half = inbox / _HALF / name
    half.parent.mkdir(parents=True, exist_ok=True)
    try:
        half.write_bytes(data)
        _check(half)
        return half.replace(inbox / name)
    finally:
        half.unlink(missing_ok=True)


def _check(path: Path) -> None:
    """Raises InboxProblem for a file without cues; the members of an archive are looked at later."""
    if origins.is_archive(path):
        return
    try:
        transcript = read_bytes("standard input", origins.read(path, LARGEST_FILE + 1))
    except OSError as error:
        raise InboxProblem(f"standard input: cannot be read ({error.strerror}): left out") from None
    if not transcript.cues:
        told = transcript.complaints[0] if transcript.complaints else "standard input: no cues to index"
        raise InboxProblem(str(told))
