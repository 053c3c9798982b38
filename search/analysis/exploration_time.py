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
        """What reads a snapshot, such as `search.analysis.explorer.Explorer`."""

        snapshot: Snapshot


_TO_READ = 0.8
"""Share of the time limit after which requests to a cluster first end (`TwoStages`)."""

_Method = TypeVar("_Method", bound=Callable[..., Any])


@contextmanager
def in_time(snapshot: Snapshot, deadline: Deadline) -> Iterator[None]:
    """Limits the requests of the block to the time left: most of it is for reading, the rest for the requests that the
    answer needs besides. What they raise, OutOfTime, is for the block to handle if it has read enough for an answer.
    Raises IndexProblem if it has not."""
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
    """Decorates a method of what reads a snapshot: converts its `timeout` into a Deadline, and limits its requests to
    the time left (`in_time`)."""

    @wraps(method)
    def call(reader: OfSnapshot, *given: Any, timeout: Timeout = None, **options: Any) -> Any:
        deadline = as_deadline(timeout)
        with in_time(reader.snapshot, deadline):
            return method(reader, *given, timeout=deadline, **options)

    return cast("_Method", call)
