"""Opens regular files without blocking, for paths from the user or beside transcripts.

Opening a named pipe, a device or a socket may block for ever or never reach its end. `read_stream` also reads a pipe
that the user names explicitly, with a timeout.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from io import BufferedReader
from pathlib import Path

from indexer.core.messages import _

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_PIECE = 1 << 16
SILENT_SECONDS = 30.0
"""Timeout for a pipe without data."""


def open_regular(path: Path) -> BufferedReader:
    """Opens a file for reading without blocking. Raises OSError if it is missing or not a regular file."""
    descriptor = os.open(path, _FLAGS)
    try:
        _check_regular(os.fstat(descriptor).st_mode, path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path, most: int) -> bytes:
    """Returns the contents of a file. Raises OSError, also if it exceeds `most` bytes."""
    with open_regular(path) as file:
        return _within(file.read(most + 1), path, most)


def read_stream(path: Path, most: int) -> bytes:
    """Returns the contents of a file or of a pipe (`<(...)`, /dev/stdin). Raises OSError like `read_regular`, and if a
    pipe yields no data for `SILENT_SECONDS`."""
    descriptor = os.open(path, _FLAGS)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISFIFO(mode):
            return _within(_piped(descriptor, path, most + 1), path, most)
        _check_regular(mode, path)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return _within(file.read(most + 1), path, most)
    finally:
        os.close(descriptor)


def _piped(descriptor: int, path: Path, most: int) -> bytes:
    """Reads a pipe until every writer has closed it, or up to `most` bytes."""
    pieces, size, begun = [], 0, False
    since = time.monotonic()
    while size < most:
        try:
            piece = os.read(descriptor, _PIECE)
        except BlockingIOError:  # a writer has it open but has not written yet
            begun, piece = True, None
        if piece:
            pieces.append(piece)
            size, since, begun = size + len(piece), time.monotonic(), True
        elif piece is not None and begun:
            break
        elif time.monotonic() - since >= SILENT_SECONDS:
            raise OSError(
                errno.ETIMEDOUT,
                _("a pipe into which nobody wrote for {silent_seconds:g} s").format(silent_seconds=SILENT_SECONDS),
                str(path),
            )
        else:
            time.sleep(0.02)
    return b"".join(pieces)


def _check_regular(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise OSError(errno.EINVAL, f"{kind}, not a file", str(path))


def _within(data: bytes, path: Path, most: int) -> bytes:
    if len(data) > most:
        raise OSError(errno.EFBIG, _("larger than {most} MB").format(most=most >> 20), str(path))
    return data
