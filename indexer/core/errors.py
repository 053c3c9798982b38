"""Errors the user can act on. Each message is one line: the place, what is wrong, what to do."""

from __future__ import annotations

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
