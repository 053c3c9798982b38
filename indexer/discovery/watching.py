"""Tells when the files below some paths have changed, and when they have been left alone for a while."""

from __future__ import annotations

import mimetypes
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from indexer.core.errors import PodseekProblem

if TYPE_CHECKING:
    from watchfiles.main import FileChange

QUIET = 1.0
"""Seconds without a change after which what changed is read; a file still being written is left alone."""
PATIENCE = 30.0
"""Seconds after which changes that never end are looked at all the same."""
TICK = 0.2
"""Seconds between two looks at the clock."""

Places: TypeAlias = Mapping[Path, tuple[int, int] | None]
"""Where to watch: each path with its device and inode, or None while it is not there."""


class Stop(Protocol):
    """Tells when to end, as a `threading.Event` does."""

    def is_set(self) -> bool: ...


@dataclass(slots=True)
class Agenda:
    """When to look at the files next. All times are seconds of one clock."""

    _first: float | None = None
    _last: float = 0.0
    _again: float | None = None

    def changed(self, now: float) -> None:
        """Notes a change: it is looked at when there were none for `QUIET` seconds, or after `PATIENCE` seconds."""
        self._first = now if self._first is None else self._first
        self._last = now

    def repeat(self, at: float) -> None:
        """Asks for another look at a time, whether or not anything changes."""
        self._again = at

    def is_due(self, now: float) -> bool:
        settled = self._first is not None and (now - self._last >= QUIET or now - self._first >= PATIENCE)
        return settled or (self._again is not None and now >= self._again)

    def clear(self) -> None:
        """Everything noted is being looked at."""
        self._first = self._again = None


def places(paths: Sequence[Path]) -> Places:
    """The paths as they are now."""
    return {path: _identity(path) for path in paths}


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def matters(path: Path, roots: Collection[Path], index: Path) -> bool:
    """False for what no index is made of: what is hidden below the roots, the index itself, audio and video.

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
    """The paths as they are whenever something below them changed, and None every `TICK` when nothing did.

    The first comes when changes are noticed from then on, so that none is lost between a first look at the
    files and the wait. A path that vanishes is waited for. Ends when `stop` is set.

    Raises PodseekProblem when the system cannot watch, ImportError without watchfiles.
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
            time.sleep(TICK)  # a path went just now
        except OSError as error:
            cure = "set WATCHFILES_FORCE_POLLING=1 to look at the files by turns"
            raise PodseekProblem(f"{roots[0]}: cannot be watched ({error}): {cure}") from None


def _looks(roots: Sequence[Path], stop: Stop) -> Iterator[set[FileChange]]:
    """What changed, as watchfiles tells it; nothing after each `TICK` without a change."""
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
