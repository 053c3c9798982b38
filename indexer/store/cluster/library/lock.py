"""A lock on a library in a cluster, for work that one process should do, such as counting the vocabulary.

The holder proves that it is alive by changing the lock every few seconds. A process that finds a lock unchanged for a
minute takes it over. Two holders at once, after a long pause of one, do no harm: they publish by compare-and-swap.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from secrets import token_hex

from indexer.store.cluster.library.meta import delete_values, read_values, write_values
from indexer.store.cluster.transport.client import Cluster

_SILENCE = 60.0
"""Seconds without a change after which the holder counts as dead."""
_LOOK = 1.0
_BEAT = 4.0


class Lock:
    """A lock, by the name of its meta document."""

    def __init__(self, cluster: Cluster, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._cluster = cluster
        self._name = name
        self._clock = clock
        self._token = token_hex(8)
        self._beaten = 0.0
        self._count = 0

    def take(self) -> bool:
        """Takes the lock; returns False if a living process holds it, once that has changed the lock. Raises
        ClusterProblem."""
        if write_values(self._cluster, self._name, self._values(), new=True):
            self._beaten = self._clock()
            return True
        first = read_values(self._cluster, self._name)
        end = self._clock() + _SILENCE
        while first is not None and self._clock() < end:
            self._cluster.pause(_LOOK)
            now = read_values(self._cluster, self._name)
            if now is None:
                break  # released
            if now.seen != first.seen:
                return False
        self._beaten = self._clock()
        if first is None:
            return write_values(self._cluster, self._name, self._values(), new=True)
        now = read_values(self._cluster, self._name)
        return write_values(self._cluster, self._name, self._values(), seen=now.seen if now else None, new=now is None)

    def beat(self) -> None:
        """Proves every few seconds that this process is alive."""
        if self._clock() >= self._beaten + _BEAT:
            self._beaten = self._clock()
            self._count += 1
            write_values(self._cluster, self._name, self._values())

    def release(self) -> None:
        """Gives the lock back. Raises ClusterProblem."""
        delete_values(self._cluster, self._name)

    def _values(self) -> dict[str, object]:
        return {"holder": self._token, "beat": self._count}
