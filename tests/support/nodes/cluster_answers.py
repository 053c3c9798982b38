"""A cluster that is a list of answers, and a library in it, without a network."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from indexer.store.cluster.library.meta import Epoch
from indexer.store.cluster.transport.address import parse_address
from indexer.store.cluster.transport.answers import ShardAnswer
from indexer.store.cluster.transport.client import Cluster
from search.backends.opensearch.counting import ThreadAccount

EPOCH = Epoch(1, 3, "talks-v1", "talks-words-v1-e3", 20, 9000, "t")
WHOLE = {"successful": 2, "total": 2, "failed": 0}


class Recorded:
    """A cluster that gives these answers, one after the other, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.address = parse_address("http://127.0.0.1:9200/talks")
        self.account = ThreadAccount()
        self.asked: list[Any] = []
        self._answers = list(answers)

    understood, misunderstood = Cluster.understood, Cluster.misunderstood

    def call(self, method: str, path: str, body: object = None, params: object = None, missing_ok: bool = False) -> Any:
        self.asked.append((path, body))
        return self._answers.pop(0)

    def search(self, index: str, body: Mapping[str, Any], params: object = None, accept: str = "") -> ShardAnswer:
        self.asked.append((index, body))
        found = self._answers.pop(0)
        shards = found.get("_shards", WHOLE)
        return ShardAnswer(found, shards["successful"], shards["total"])

    def msearch(
        self, searches: list[tuple[str, Mapping[str, Any]]], shown: str = "", accept: str = "", spare: int = 0
    ) -> list[ShardAnswer]:
        return [self.search(*one) for one in searches]


def coded(data: bytes) -> str:
    """The bytes as the JSON of a cluster has them."""
    return base64.b64encode(data).decode()
