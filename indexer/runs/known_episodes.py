"""The episodes in an index with the files they were read from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.errors import IndexProblem
from indexer.core.files import sources
from indexer.core.types import Episode, Facts
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.repair.salvage import examine
from indexer.store.segments import NOTHING, newest_generation
from indexer.store.writer import stored_records

if TYPE_CHECKING:
    from indexer.core.memory.on_disk import MappingOnDisk


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """An episode in the index, the fingerprint of the word segmentation that made it, and the digest of the facts it
    was given."""

    episode: Episode
    fingerprint: str
    facts_digest: str


Known: TypeAlias = "dict[str, KnownEpisode] | MappingOnDisk[KnownEpisode]"
"""Known episodes by the paths of their files."""


def known_paths(folder: Path) -> list[str]:
    """The transcript paths of all episodes in an index, and of those waiting to be read again; none without an index.

    Of an index of an older format, or a damaged one, the paths that can be read.
    """
    if newest_generation(folder) == NOTHING:
        return []
    try:
        return [*(str(record["path"]) for record in stored_records(folder)), *read_waiting(folder)]
    except IndexProblem:
        parts = examine(folder, newest_generation(folder))[0]  # as far as an older or damaged index can be read
        return [path for part in parts for _name, path in part.living if path]


def is_as_known(path: Path, before: KnownEpisode | None) -> bool:
    """Returns True if the file is indexed and has the same size and time of modification as then. Raises OSError."""
    if before is None or before.episode.path != str(path):
        return False
    return sources.state(path) == sources.FileState(before.episode.size, before.episode.modified)


def not_read(path: str, name: str) -> KnownEpisode:
    """Returns a placeholder for an episode that waits to be read again (`indexer.store.library.dropped_episodes`)."""
    nothing = Episode(name, path, Facts(), duration=0.0, cues=0, characters=0, atoms=0, digest="", size=-1, modified=-1)
    return KnownEpisode(nothing, "", "")
