"""Files that are written whole and for good: the one way in which anything here replaces a file.

Whoever reads meanwhile, and whoever comes after a kill, a full disk or a power loss, finds the old file or the new one.
A file is written under another name, synced, and renamed; then the folder is synced, which holds the name.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

_BEGIN, _END = ".podseek-", ".new"
_STALE = 3600.0
"""Seconds after which a temporary file belongs to nobody any more."""
_AT_ONCE = 16
"""Files that are synced at the same time."""
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
"""What file systems answer that have nothing to sync, or cannot."""


def write_whole(path: Path, data: bytes) -> None:
    """Replaces a file, or makes it. What a link leads to is replaced, and the link stays; so do the permissions of a
    file that was there. Raises OSError that names `path`, which is then as it was."""
    with whole_file(path) as file:
        file.write(data)


@contextmanager
def whole_file(path: Path, replace: bool = True) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` at the end, or is removed where anything fails meanwhile.

    Raises OSError that names `path`, which is then as it was: FileExistsError where it must not `replace` what is
    there, even if that comes in the meantime. Errors of the caller that name other files are left as they are."""
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f"{_BEGIN}{token_hex(6)}{_END}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            _keep_rights(target, temporary)
            sync(file.fileno())
        put(temporary, target, replace)
    except OSError as error:
        if error.filename in (None, str(temporary), str(target), str(target.parent)):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def put(temporary: Path, target: Path, replace: bool = True) -> None:
    """Gives a file that is on the disk its name, for good. Raises OSError, which is FileExistsError where another has
    the name and must not be replaced."""
    if replace or not _linked(temporary, target):
        os.replace(temporary, target)  # noqa: PTH105 (which a test can watch)
    sync_folder(target.parent)


def _linked(temporary: Path, target: Path) -> bool:
    """Gives a file a second name, which only one of several processes can do; False where a file system has no links
    and nobody has the name. Raises FileExistsError."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except (OSError, AttributeError):
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        return False
    return True


def write_json(path: Path, content: object, indent: int | None = None) -> None:
    """Replaces a file by plain values as JSON. `json.loads` of its bytes gives them back as they were: also surrogates,
    which stand in names of files for bytes that are no UTF-8. Raises OSError."""
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    write_whole(path, text.encode("utf-8", "surrogatepass"))


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keeps others out who want to be alone in a folder: for files that are read, changed and written. Where a system
    cannot lock a folder it does nothing."""
    try:
        import fcntl

        opened = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, for good. Raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_folder(one.parent)


def sync_files(paths: Sequence[Path]) -> None:
    """Returns when the bytes of these files are on the disk. Raises OSError."""
    if paths:
        # At once: a file system writes its journal once for all that wait for it (13 files: 11 ms instead of 55).
        with ThreadPoolExecutor(min(len(paths), _AT_ONCE)) as threads:
            list(threads.map(_sync_file, paths))


def _sync_file(path: Path) -> None:
    with path.open("r+b") as file:  # Windows syncs only what may be written
        sync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Returns when the names in a folder are on the disk, where a system can tell (Windows cannot). Raises OSError."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        sync(opened)
    finally:
        os.close(opened)


def sync(opened: int) -> None:
    """Returns when an open file is on the disk itself. Raises OSError."""
    try:
        if hasattr(os, "uname") and os.uname().sysname == "Darwin":
            _sync_disk(opened)
        else:
            os.fsync(opened)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def _sync_disk(opened: int) -> None:
    """On macOS `fsync` leaves the bytes in the disk's own memory; this asks the disk to write them, too."""
    import fcntl

    try:
        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined, unused-ignore]
    except OSError:  # not every file system knows it
        os.fsync(opened)


def remove_stale(folder: Path) -> None:
    """Removes what killed processes left behind in a folder instead of replacing a file."""
    for path in folder.glob(f".*{_END}"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink()


def _keep_rights(target: Path, temporary: Path) -> None:
    """Gives a new file the mode and owner of the one it replaces, as far as this user may."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return
    with suppress(OSError, AttributeError):  # Windows has no owners
        if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(temporary, status.st_uid, status.st_gid)
    with suppress(OSError):
        temporary.chmod(status.st_mode & 0o7777)
