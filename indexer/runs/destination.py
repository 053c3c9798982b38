"""Where an indexing run writes: an index in a folder, or a library elsewhere, such as in a cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from indexer.store.manifest import Manifest
from indexer.store.target import EpisodeWriter, Target, ToRead
from indexer.store.writer import IndexWriter


class Destination(ABC):
    """`folder` has what is kept beside the index: sources, feeds, transcripts from standard input. The index that is
    written is in `home`, with what waits to be read again: the same folder, unless an index is renewed.

    A library that `is_elsewhere` may have more episodes than memory holds, and wants their passages. A run with a
    `preview` is a dry one: it changes nothing, and notes there what it would read.
    """

    folder: Path
    home: Path
    is_elsewhere: bool
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
        """True for an episode that this run looks after."""

    @abstractmethod
    def begins(self, rebuild: bool) -> bool:
        """True if a manifest is made anew, even where there are episodes."""

    @abstractmethod
    def agreed(self, manifest: Manifest) -> Manifest:
        """Stores a manifest for this run where others see it; returns the one that holds."""

    @abstractmethod
    def reads_again(self, rebuild: bool) -> bool:
        """True if the episodes that it has are all read again. A rebuild that writes a new index, of which these are
        the first, goes on with the others."""


class IndexFolder(Destination):
    """An index in a folder; a renewal writes a new one in another folder, its `home`."""

    is_elsewhere = False
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


class Elsewhere(Destination):
    """A library that is no folder; a rebuild writes a new version of it, perhaps one that was begun before."""

    is_elsewhere = True

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
