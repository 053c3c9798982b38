"""The protocol of what an indexing run writes to, if that is not an index in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint, Facts
from indexer.store.manifest import Manifest
from indexer.store.prepared import PreparedEpisode


class ToRead(NamedTuple):
    """A transcript that a run is about to read: the facts of its episode, and whether the library lacks it."""

    path: str
    facts: Facts
    is_new: bool


class Changes(Protocol):
    """Additions and deletions of episodes."""

    def add(self, episode: PreparedEpisode) -> None:
        """Adds an episode. An existing one with the same id must be removed first."""

    def remove(self, episode_id: str, /) -> None: ...


class EpisodeWriter(Protocol):
    """Writes episodes; `folder` holds the manifest and the readings. `complaints` report what was repaired; `is_sealed`
    is False if part of the index had no checksums."""

    folder: Path
    complaints: list[Complaint]

    @property
    def is_sealed(self) -> bool: ...

    def records(self) -> Iterable[dict[str, Any]]:
        """The stored record of every episode; those of a cluster are read as they are asked for."""

    def batch(self) -> AbstractContextManager[Changes]:
        """Yields a set of changes that is written by the end of the block."""

    def close(self) -> None: ...


class Target(Protocol):
    """A library elsewhere, such as in a cluster. `home` is a local folder for what is kept beside an index, `copies`
    the folder of the manifest and the readings. `agrees` is False if the run has to make a new manifest."""

    home: Path
    copies: Path
    agrees: bool

    @property
    def writer(self) -> EpisodeWriter: ...

    @property
    def preview(self) -> list[ToRead] | None:
        """Where a dry run, which changes nothing, notes what it would read; None for one that is no dry run."""

    def agreed(self, manifest: Manifest, files: Sequence[str], /) -> Manifest:
        """Stores a manifest and the lexicon files it names; returns the manifest that holds."""

    def has(self, episode_id: str, /) -> bool:
        """True for an episode that this run looks after."""
