"""Where Whoosh keeps the files of an index: a commit is on the disk before anything of the one before is removed.

Whoosh writes the files of a segment, then the table of contents under another name, renames that, and removes what no
commit has any more. The rename makes the commit, so everything else is synced before it, and the folder after it.
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

from indexer.core.atomic_write import sync_files, sync_folder

Seal = Callable[[Sequence[Path], Path], object]
"""Is told of the files of a commit and its table of contents, when they are complete and before they are synced."""


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Calls `seal` in every commit; what that writes here with `create_file` is a part of the commit as well."""

    def __init__(self, folder: Path, seal: Seal | None = None) -> None:
        super().__init__(str(folder))
        self._home = folder
        self._seal = seal
        self._written: dict[str, None] = {}

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:
        self._written[name] = None
        return super().create_file(name, excl=excl, mode=mode, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Called once in a commit, for the table of contents."""
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
        return OwnLock(self._fpath(name))

    def _complete(self) -> list[Path]:
        """What was written for this commit; what was written for one that was given up may be gone."""
        return [path for path in map(self._home.joinpath, self._written) if path.exists()]

    def _remove_unfinished(self) -> None:
        """Removes the tables of contents of commits that ended before their rename."""
        for path in self._home.glob("_*.toc.*"):
            with suppress(OSError):
                path.unlink()


class OwnLock(FileLock):  # type: ignore[misc]
    """A lock of this process alone: a process that is forked lets go of it at once. It would hold it otherwise for
    as long as it lives, also when this one has been killed."""

    fd: int | None

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        _locks.add(self)

    def let_go(self) -> None:
        """Closes the file without unlocking it, for it is locked for the process that was forked from."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


_locks: WeakSet[OwnLock] = WeakSet()


def _let_go() -> None:
    for lock in list(_locks):
        lock.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
