"""Turns the many errors that damaged bytes cause into one readable IndexProblem."""

from __future__ import annotations

import errno
import struct
import zlib
from types import TracebackType

from indexer.core.errors import IndexProblem
from indexer.core.files.mapped_files import AnyPath
from indexer.core.messages import _
from indexer.store.segments.safe_pickle import UnpicklingError

FAILURES = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    TypeError,
    UnpicklingError,
    ValueError,
    struct.error,
    zlib.error,
)
"""The exceptions that decoding damaged bytes can raise."""


class Reading:
    """A context manager for decoding bytes of the index in `folder`; raises IndexProblem if they are damaged.

    A class rather than a generator, because a search enters it thousands of times.
    """

    __slots__ = ("folder",)

    def __init__(self, folder: AnyPath) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, FAILURES):
            raise unreadable(self.folder, error) from error


def unreadable(folder: AnyPath, error: BaseException) -> IndexProblem:
    """The IndexProblem for an index that cannot be read because of `error`."""
    reason = " ".join(str(error).split()) or type(error).__name__  # on one line
    cure = _("make it anew in its place with `podseek index --rebuild`")
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        cure = _("nothing is wrong with it: close other programs, or allow more open files (`ulimit -n`)")
    return IndexProblem(
        _("{folder}: the index cannot be read ({reason}): {cure}").format(folder=folder, reason=reason, cure=cure)
    )
