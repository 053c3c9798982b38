"""The time limit of an exploration: it also ends the requests that are sent to a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from search.query.deadline import Deadline, OutOfTime, Timeout, TwoStages, as_deadline

if TYPE_CHECKING:
    from typing import Protocol

    from search.backends.snapshot import Snapshot

    class OfSnapshot(Protocol):
        """An object that reads one snapshot, such as `search.analysis.explorer.Explorer`."""

        snapshot: Snapshot


_TO_READ = 0.8
"""Share of the time limit after which requests to a cluster first end (`TwoStages`)."""

_Method = TypeVar("_Method", bound=Callable[..., Any])


@contextmanager
def in_time(snapshot: Snapshot, deadline: Deadline) -> Iterator[None]:
    """Context manager: in its block, each request to a cluster ends, raising OutOfTime, once the time for it is over
    (`TwoStages`): most of the time is for reading, the rest for the texts and times that the answer shows.

    The block should handle OutOfTime and answer from what it has read by then. An OutOfTime that leaves the block means
    that it had read nothing; it becomes an IndexProblem that says so.
    """
    try:
        with snapshot.within(TwoStages(deadline, _TO_READ).left):
            yield
    except OutOfTime:
        deadline.is_over()
        raise IndexProblem(
            _("The count was {reason}, before it had read anything: give it longer with --timeout SECONDS").format(
                reason=deadline.reason
            )
        ) from None


def limited(method: _Method) -> _Method:
    """Decorator for a method with a `timeout`, which it gets as a Deadline; its requests end with that (`in_time`)."""

    @wraps(method)
    def call(reader: OfSnapshot, *given: Any, timeout: Timeout = None, **options: Any) -> Any:
        deadline = as_deadline(timeout)
        with in_time(reader.snapshot, deadline):
            return method(reader, *given, timeout=deadline, **options)

    return cast("_Method", call)
