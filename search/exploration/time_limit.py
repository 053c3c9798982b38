"""The time limit of an exploration: it also ends the requests that are sent to a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from search.query.deadline import Deadline, OutOfTime, Timeout, TwoStages, as_deadline

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_TO_READ = 0.8
"""Share of the time limit after which requests to a cluster first end (`TwoStages`)."""


@contextmanager
def time_limit(snapshot: Snapshot, timeout: Timeout) -> Iterator[Deadline]:
    """Context manager, yields the deadline of its block: each request to a cluster ends, raising OutOfTime, once the
    time for it is over (`TwoStages`): most of the time is for reading, the rest for the texts and times that the answer
    shows.

    The block should handle OutOfTime and answer from what it has read by then. An OutOfTime that leaves the block means
    that it had read nothing; it becomes an IndexProblem that says so.
    """
    deadline = as_deadline(timeout)
    try:
        with snapshot.within(TwoStages(deadline, _TO_READ).left):
            yield deadline
    except OutOfTime as end:
        raise IndexProblem(
            _("The count was {reason}, before it had read anything: give it longer with --timeout SECONDS").format(
                reason=end
            )
        ) from None
