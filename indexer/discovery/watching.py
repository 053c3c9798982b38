"""Watches paths for changes, and waits until changed files have settled."""

from __future__ import annotations

import mimetypes
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _

if TYPE_CHECKING:
    from watchfiles.main import FileChange

QUIET = 1.0
"""Seconds without a change before files are read, so that a file still being written is left alone."""
PATIENCE = 30.0
"""Seconds after which files are read even if changes continue."""
TICK = 0.2
"""Seconds between checks of the clock."""

Places: TypeAlias = Mapping[Path, tuple[int, int] | None]
"""The watched paths, each with its device and inode, or None while it does not exist."""


class Stop(Protocol):
    """A stop signal, such as a `threading.Event`."""

    def is_set(self) -> bool: ...


@dataclass(slots=True)
class Agenda:
    """Schedules the next reading of the files. All times are in seconds of the same clock."""

    _first: float | None = None
    _last: float = 0.0
    _again: float | None = None

    def changed(self, now: float) -> None:
        """Records a change; reading is due after `QUIET` seconds without another, at the latest after `PATIENCE`."""
        self._first = now if self._first is None else self._first
        self._last = now

    def repeat(self, at: float) -> None:
        """Schedules another reading at a given time, whether or not anything changes."""
        self._again = at

    def is_due(self, now: float) -> bool:
        settled = self._first is not None and (now - self._last >= QUIET or now - self._first >= PATIENCE)
        return settled or (self._again is not None and now >= self._again)

    def clear(self) -> None:
        """Call when the recorded changes are being read."""
        self._first = self._again = None


def places(paths: Sequence[Path]) -> Places:
    """The current state of the paths."""
    return {path: _identity(path) for path in paths}


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def matters(path: Path, roots: Collection[Path], index: Path) -> bool:
    """False for paths that cannot affect the index: hidden ones below the roots, the index itself, audio and video.

    >>> show = Path("/podcasts/show")
    >>> [matters(show / name, [show], show / "index") for name in ("one.srt", ".git/HEAD", "one.mp3", "index/a.toc")]
    [True, False, False, False]
    """
    if index in (path, *path.parents):
        return False
    below = [path.relative_to(root).parts for root in roots if root == path or root in path.parents]
    if all(any(part.startswith(".") for part in parts) for parts in below):
        return False
    kind = mimetypes.guess_type(path.name)[0] or ""
    return not kind.startswith(("audio/", "video/"))


def changes(paths: Sequence[Path], index: Path, stop: Stop) -> Iterator[Places | None]:
    """Yields the state of the paths after every change below them, and None every `TICK` without one.

    The first item comes once watching has started, so no change is lost between an initial reading and the wait. Waits
    for missing paths to appear. Ends when `stop` is set.

    Raises PodseekProblem if the system cannot watch, ImportError without watchfiles.
    """
    paths = [path.absolute() for path in paths]
    index = index.resolve()
    while not stop.is_set():
        there, is_new = places(paths), True
        roots = [path for path, identity in there.items() if identity is not None]
        try:
            for found in _looks(roots, stop):
                now = places(paths)
                changed = is_new or now != there or any(matters(Path(name), roots, index) for _, name in found)
                yield now if changed else None
                is_new = False
                if now != there:
                    break
        except FileNotFoundError:
            time.sleep(TICK)  # a path has just disappeared
        except OSError as error:
            cure = _("set WATCHFILES_FORCE_POLLING=1 to look at the files by turns")
            raise PodseekProblem(
                _("{roots}: cannot be watched ({error}): {cure}").format(roots=roots[0], error=error, cure=cure)
            ) from None


def _looks(roots: Sequence[Path], stop: Stop) -> Iterator[set[FileChange]]:
    """Yields the changes from watchfiles; an empty set after each `TICK` without one."""
    from watchfiles import watch

    while not roots and not stop.is_set():
        time.sleep(TICK)
        yield set()
    tick = round(TICK * 1000)
    yield from watch(
        *roots,
        watch_filter=None,
        step=tick // 4,
        debounce=tick,
        rust_timeout=tick,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    )
