"""Answers of a cluster: how much of one is decoded, and how much of a search it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from indexer.core.named_tuples import NamedTuple
from indexer.store.cluster.transport import cbor


class ShardAnswer(NamedTuple):
    """The answer to a search: `answered` of `total` shards gave theirs, perhaps not in time."""

    body: Mapping[str, Any]
    answered: int
    total: int

    @property
    def is_whole(self) -> bool:
        """True if every shard answered completely."""
        return self.answered == self.total and not self.body.get("timed_out")


def decoded(data: bytes) -> Any:
    """The value in JSON. Raises ValueError for any other data, and for more than cbor.MOST_VALUES values: each takes
    far more memory than its bytes. Text with brackets and commas counts as values, too; stored bytes have none."""
    if len(data) > cbor.MOST_VALUES and sum(map(data.count, (b",", b"[", b"{"))) > cbor.MOST_VALUES:
        raise ValueError("an answer has too many values")
    return json.loads(data)
