"""Where an indexing run writes: an index in a folder, or a library elsewhere, such as in a cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from indexer.store.manifest import Manifest
from indexer.store.target import EpisodeWriter, Target, ToRead
from indexer.store.writer import IndexWriter


class Destination(ABC):
    """What a run writes to. `folder` has what is kept beside the index: sources, feeds, transcripts from standard
    input. `home` is where the index is written, with the list of episodes that have to be read again; it is the same
    folder, unless an index is renewed.

    A library that `is_remote` may have more episodes than fit in memory, and stores more of each. A run with a
    `preview` is a dry run: it changes nothing, and adds there what it would read.
    """

    folder: Path
    home: Path
    is_remote: bool
    preview: list[ToRead] | None

    @property
    def is_dry(self) -> bool:
        return self.preview is not None

    @property
    @abstractmethod
    def copies(self) -> Path:
        """The folder of the manifest and the readings."""

    @abstractmethod
    def opened(self, mending: bool) -> EpisodeWriter:
        """A writer of the episodes; `mending` repairs a damaged index first. Raises IndexProblem."""

    @abstractmethod
    def has(self, episode_id: str) -> bool:
        """True for an episode that belongs to this run: it may index only a part of all episodes."""

    @abstractmethod
    def begins(self, rebuild: bool) -> bool:
        """True if the run makes a new manifest although there may be episodes."""

    @abstractmethod
    def agreed(self, manifest: Manifest) -> Manifest:
        """Stores the manifest where other runs see it; returns the one that is valid for all of them."""

    @abstractmethod
    def reads_again(self, rebuild: bool) -> bool:
        """True if all episodes that are there have to be read again. False for a rebuild that writes a new index: what
        is there was written by it, and it goes on with the rest."""


class FolderDestination(Destination):
    """An index in a folder; a renewal writes a new one in another folder, its `home`."""

    is_remote = False
    preview = None

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home

    @property
    def copies(self) -> Path:
        return self.home

    def opened(self, mending: bool) -> EpisodeWriter:
        return IndexWriter(self.home, mending=mending)

    def has(self, episode_id: str) -> bool:
        return True

    def begins(self, rebuild: bool) -> bool:
        return rebuild

    def agreed(self, manifest: Manifest) -> Manifest:
        return manifest

    def reads_again(self, rebuild: bool) -> bool:
        return rebuild and self.home == self.folder


class RemoteDestination(Destination):
    """A library that is not a folder. A rebuild writes a new version of it, which another run may have begun."""

    is_remote = True

    def __init__(self, target: Target) -> None:
        self._target = target
        self.folder = self.home = target.home
        self.preview = target.preview

    @property
    def copies(self) -> Path:
        return self._target.copies

    def opened(self, mending: bool) -> EpisodeWriter:
        return self._target.writer

    def has(self, episode_id: str) -> bool:
        return self._target.has(episode_id)

    def begins(self, rebuild: bool) -> bool:
        return rebuild and not self._target.agrees

    def agreed(self, manifest: Manifest) -> Manifest:
        return self._target.agreed(manifest, manifest.lexicons)

    def reads_again(self, rebuild: bool) -> bool:
        return False
