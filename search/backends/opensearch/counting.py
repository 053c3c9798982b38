"""A cluster that counts what each thread asked it, and what it did not answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from indexer.core.messages import _
from indexer.store.cluster.address import Address
from indexer.store.cluster.client import Cluster, ClusterPatience, ShardAnswer
from indexer.store.cluster.connection import Reply
from search.backends.remote import Cost


class CountingCluster(Cluster):
    """Counts requests and transferred bytes of answers, by thread."""

    def __init__(self, address: Address, patience: ClusterPatience) -> None:
        super().__init__(address, patience=patience)
        self.own = threading.local()

    def _tried(self, method: str, path: str, body: object, params: Mapping[str, object] | None, accept: str) -> Reply:
        reply = super()._tried(method, path, body, params, accept)
        before: Cost = getattr(self.own, "cost", Cost(0, 0))
        self.own.cost = Cost(before.requests + 1, before.bytes + reply.wire)
        return reply


def noted(own: threading.local, answer: ShardAnswer) -> Mapping[str, Any]:
    """The body of an answer; notes for this thread how many shards did not give theirs."""
    if not answer.is_whole:
        missing = answer.total - answer.answered
        line = _("the cluster stopped before it was done")
        if missing:
            line = _("{missing} of {total} shards did not answer").format(missing=missing, total=answer.total)
        own.told = [*getattr(own, "told", ()), line]
    return answer.body


def told_since(own: threading.local) -> list[str]:
    """What was noted for this thread since it last asked this; oldest first."""
    found: list[str] = getattr(own, "told", [])
    own.told = []
    return found
