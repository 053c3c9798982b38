"""Errors the user can act on, and the line that explains any error: the place, what is wrong, what to do."""

from __future__ import annotations

import errno

from indexer.core.messages import N_, _

KNOWN_REASONS = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Directory not empty"),
    N_("File exists"),
    N_("File name too long"),
    N_("File too large"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Device or resource busy"),
    N_("Text file busy"),
    N_("Exec format error"),
    N_("Cannot allocate memory"),
    N_("Broken pipe"),
    N_("Bad file descriptor"),
    N_("Invalid argument"),
    N_("Stale file handle"),
    N_("Address already in use"),
    N_("Cannot assign requested address"),
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("Connection timed out"),
    N_("Network is unreachable"),
    N_("No route to host"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
)
"""What systems say of errors: in English, since Python sets no locale for them."""


class PodseekProblem(Exception):
    """Base class of errors that are reported in one line and end a command with exit status 2."""


def placed(error: OSError, place: object) -> OSError:
    """Adds a file name to an OSError that has none, as those of failed writes do."""
    if error.filename is not None or error.errno is None:
        return error
    return OSError(error.errno, error.strerror, str(place))


def system_reason(error: OSError) -> str:
    """What the system says is wrong, in the language of messages where that is known."""
    return _(error.strerror) if error.strerror else str(error)


class IndexProblem(PodseekProblem):
    """The index is missing, damaged, busy, or incompatible."""


def unreadable(path: object, error: Exception, cure: str) -> IndexProblem:
    """Returns the problem of a file of an index that could not be read because of `error`; `cure` is for a damaged
    one."""
    if isinstance(error, PermissionError):
        cure = _("ask its owner to let you, or name another index with --index")
    return IndexProblem(_("{path}: cannot be read ({why}): {cure}").format(path=path, why=fault_of(error), cure=cure))


def fault_of(error: Exception) -> str:
    """What is wrong with a file of an index that could not be read because of `error`."""
    if isinstance(error, OSError):
        return system_reason(error)
    # The words of Python and its parsers help nobody.
    return str(error) if type(error) is ValueError else _("it is not as it was written")


class IndexBusy(IndexProblem):
    """Another process is writing to the index."""


class QueryProblem(PodseekProblem):
    """The query cannot be parsed."""


_CURES = {
    (errno.ENOSPC, getattr(errno, "EDQUOT", -1)): N_("make room there and run the same command again"),
    (errno.EFBIG,): N_("raise the limit of file sizes (ulimit -f) and run the same command again"),
    (errno.EMFILE, errno.ENFILE): N_("raise the limit of open files (ulimit -n) and run the same command again"),
    (errno.EACCES, errno.EPERM, errno.EROFS): N_(
        "get the right to it, or name another place, and run the same command again"
    ),
}
"""Advice for system errors; -1, which is none, where the system has no quota (Windows)."""


def explained(error: Exception) -> str:
    """One line for a person: what went wrong, and what to do. Imports nothing: no file descriptor may be free."""
    if isinstance(error, PodseekProblem):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        other = N_("fix that and run the same command again")
        cure = next((cure for codes, cure in _CURES.items() if error.errno in codes), other)
        return f"{place}{system_reason(error)}: {_(cure)}"
    if (path := _of_path(error)) is not None:
        return path
    cause = _("a damaged index (`podseek status --check` tells), or a fault of podseek")
    return f"{type(error).__name__}: {error}: {cause}"


def _of_path(error: Exception) -> str | None:
    """What is wrong with a path that pathlib refuses without naming it or a cure; None for other errors."""
    text = str(error)
    if isinstance(error, RuntimeError) and text.startswith("Symlink loop from "):
        path = text.removeprefix("Symlink loop from ").strip("'")
        return _("{path}: is a link to itself: remove it, or name another").format(path=path)
    if isinstance(error, RuntimeError) and text.startswith("Could not determine home directory"):
        return _("a path begins with ~ and a name that is nobody's: name it in full")
    if isinstance(error, ValueError) and "embedded null" in text:
        return _("a path has the character U+0000, which none can have: name another")
    return None
