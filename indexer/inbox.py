"""Keeps what came in on standard input: nobody can read it a second time, and a rebuild must."""

from __future__ import annotations

import hashlib
from pathlib import Path

from indexer.errors import PodseekProblem
from indexer.readers import LARGEST_FILE
from indexer.whole import write_whole

FOLDER = "inbox"
"""In the folder of the index."""


class InboxProblem(PodseekProblem):
    """What came in cannot be kept."""


def keep(folder: Path, data: bytes, name: str | None = None) -> Path:
    """Writes a transcript into the inbox below `folder` and returns its path; one of the same name is replaced.

    Without a `name` it gets one by its content. Raises InboxProblem for what is no file name,
    for nothing and for too much.
    """
    if not data.strip():
        raise InboxProblem("standard input: nothing came in: nothing is indexed, and what is there stays")
    if len(data) > LARGEST_FILE:
        raise InboxProblem(f"standard input: more than {LARGEST_FILE >> 20} MB are too many for a transcript")
    if name is not None and (not name or name != Path(name).name or not name.isprintable() or name[0] == "."):
        raise InboxProblem(f"{name!r}: is no file name: name it such as '2025-06-08 海底的光.srt'")
    path = folder / FOLDER / (name or f"stdin-{hashlib.sha256(data).hexdigest()[:8]}")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
    return path
