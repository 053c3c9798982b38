"""Errors the user can act on. Each message is one line: the place, what is wrong, what to do."""

from __future__ import annotations


class PodseekProblem(Exception):
    """Base class of errors that are reported in one line and end a command with exit status 2."""


def placed(error: OSError, place: object) -> OSError:
    """Adds a file name to an OSError that has none, as those of failed writes do."""
    if error.filename is not None or error.errno is None:
        return error
    return OSError(error.errno, error.strerror, str(place))


class IndexProblem(PodseekProblem):
    """The index is missing, damaged, busy, or incompatible."""


class IndexBusy(IndexProblem):
    """Another process is writing to the index."""


class QueryProblem(PodseekProblem):
    """The query cannot be parsed."""
