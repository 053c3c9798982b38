"""A cluster that counts what each thread asked it, and what it did not answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from indexer.core.messages import _
from indexer.store.cluster.transport.address import Address
from indexer.store.cluster.transport.answers import ShardAnswer
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from search.backends.remote import Cost


class ThreadAccount(threading.local):
    """What was asked, and not answered completely. Each thread sees an account of its own."""

    cost = Cost(0, 0)
    _unanswered: Sequence[str] = ()

    def add(self, transferred: int) -> None:
        """Counts a request and the bytes of its answer."""
        self.cost = Cost(self.cost.requests + 1, self.cost.bytes + transferred)

    def body_of(self, answer: ShardAnswer) -> Mapping[str, Any]:
        """The body of an answer; notes how many shards did not give theirs."""
        if not answer.is_whole:
            missing = answer.total - answer.answered
            line = _("the cluster stopped before it was done")
            if missing:
                line = _("{missing} of {total} shards did not answer").format(missing=missing, total=answer.total)
            self._unanswered = (*self._unanswered, line)
        return answer.body

    def unanswered(self) -> Sequence[str]:
        """What was noted since this was last asked; oldest first."""
        found, self._unanswered = list(self._unanswered), ()
        return found


class CountingCluster(Cluster):
    """Counts requests and transferred bytes of answers, by thread."""

    def __init__(self, address: Address, retry: RetryPolicy) -> None:
        super().__init__(address, retry=retry)
        self.account = ThreadAccount()

    def _tried(self, method: str, path: str, body: object, params: Mapping[str, object] | None, accept: str) -> Reply:
        reply = super()._tried(method, path, body, params, accept)
        self.account.add(reply.wire)
        return reply
