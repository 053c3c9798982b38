"""Problems a person can cure. The message of each is one line: place, what is wrong, what to do."""

from __future__ import annotations


class PodseekProblem(Exception):
    """The base of all problems that are reported in one line and end a command with exit code 2."""


def placed(error: OSError, place: object) -> OSError:
    """The same error, which names a place where it named none: a write that fails does not say of which file."""
    if error.filename is not None or error.errno is None:
        return error
    return OSError(error.errno, error.strerror, str(place))


class IndexProblem(PodseekProblem):
    """The index is missing, damaged, busy, or was made with something else."""


class IndexBusy(IndexProblem):
    """Another process is writing to the index."""


class QueryProblem(PodseekProblem):
    """A query that cannot be understood."""
