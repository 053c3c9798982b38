"""Checks that a folder may hold an index: it must contain no other files, which indexing could overwrite."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.core.words import lexicon, pronunciation
from indexer.discovery import inbox
from indexer.store import manifest, schema, vector_writer, vectors
from indexer.store.library import (
    dropped_episodes,
    feeds,
    ignored,
    recognition_failures,
    renamed_speakers,
    seen_moments,
    sources,
)

_KEPT = (dropped_episodes, feeds, ignored, recognition_failures, renamed_speakers, seen_moments, sources)
_OURS = (
    *(lexicon.FILE, lexicon.PLAIN_FILE, inbox.FOLDER, feeds.FOLDER, pronunciation.FILE),
    *(module.FILE for module in _KEPT),
    *(*schema.FILES, schema.LOCK),
    *(vectors.FILE, "meaning-*.vec", vector_writer.LOCK),
)
"""Names allowed in a folder without an index: the user's lexicons and transcripts, and remains of a killed run."""
_OF_SYSTEMS = (".*", "lost+found", "Thumbs.db", "desktop.ini")


def check_own(folder: Path) -> None:
    """Raises IndexProblem if the path is a file, or a folder without an index that holds other files."""
    if folder.exists() and not folder.is_dir():
        raise IndexProblem(
            _("{folder}: is a file, and an index is a folder: name a folder with --index or PODSEEK_INDEX").format(
                folder=folder
            )
        )
    if not folder.is_dir() or (folder / manifest.FILE).is_file():
        return
    strange = (
        path.name for path in folder.iterdir() if not any(fnmatchcase(path.name, one) for one in (*_OURS, *_OF_SYSTEMS))
    )
    if name := min(strange, default=""):
        raise IndexProblem(
            _(
                "{folder}: is no index, and there is {name} in it: an index needs a folder of its own: name "
                "a new or an empty one with --index or PODSEEK_INDEX"
            ).format(folder=folder, name=name)
        )
