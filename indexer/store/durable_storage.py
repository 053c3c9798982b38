"""Whoosh's file storage, made durable: a commit is on disk before any file of its predecessor is removed.

Whoosh writes the segment files, writes the table of contents under a temporary name, renames it, and removes the files
that no commit refers to. The rename is the commit point: everything else is synced before it, the folder after it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import FileLock

from indexer.core.files.atomic_write import sync_files, sync_folder

Seal = Callable[[Sequence[Path], Path], object]
"""Called with the complete files of a commit and its table of contents, before they are synced."""


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Calls `seal` in every commit; files that it writes with `create_file` become part of the commit."""

    def __init__(self, folder: Path, seal: Seal | None = None) -> None:
        super().__init__(str(folder))
        self._home = folder
        self._seal = seal
        self._written: dict[str, None] = {}

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:
        self._written[name] = None
        return super().create_file(name, excl=excl, mode=mode, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh calls this once per commit, for the table of contents."""
        self._written.pop(oldname, None)
        if self._seal is not None:
            self._seal(self._complete(), self._home / oldname)
        sync_files([*self._complete(), self._home / oldname])
        sync_folder(self._home)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self._home)
        self._written.clear()
        self._remove_unfinished()

    def lock(self, name: str) -> OwnLock:
        return OwnLock(str((self._home / name).absolute()))

    def _complete(self) -> list[Path]:
        """The files written for this commit. Those of a cancelled commit may be gone."""
        return [path for path in map(self._home.joinpath, self._written) if path.exists()]

    def _remove_unfinished(self) -> None:
        """Removes the tables of contents of commits that died before their rename."""
        for path in self._home.glob("_*.toc.*"):
            with suppress(OSError):
                path.unlink()


class OwnLock(FileLock):  # type: ignore[misc]
    """A file lock that forked children drop at once. Otherwise a child would keep it, even after the parent was
    killed."""

    fd: int | None

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        _locks.add(self)

    def close_unlocked(self) -> None:
        """Closes the file without unlocking it: the lock belongs to the parent."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


_locks: WeakSet[OwnLock] = WeakSet()


def _drop_locks() -> None:
    for lock in list(_locks):
        lock.close_unlocked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_drop_locks)
