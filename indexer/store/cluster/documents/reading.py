"""Reads all documents of a query, page by page; a page that cannot be whole is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from indexer.core.messages import _
from indexer.store.cluster.documents.episode_documents import EPISODE
from indexer.store.cluster.transport.answers import ShardAnswer
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem

_PAGE = 500

T = TypeVar("T")


def each_episode(cluster: Cluster, index: str, fields: Sequence[str], page: int = _PAGE) -> Iterator[dict[str, Any]]:
    """The documents of all episodes in an index, with these stored fields, in the order of their ids. What is written
    meanwhile may be among them. Raises ClusterProblem."""
    cluster.call("POST", f"/{index}/_refresh")
    return each_hit(cluster, index, {"term": {"kind": EPISODE}}, [{"id": "asc"}], page, fields)


def each_hit(
    cluster: Cluster,
    index: str,
    query: Mapping[str, object],
    sort: Sequence[Mapping[str, object]],
    page: int = _PAGE,
    fields: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """All documents of a query in an order without ties, with these stored fields. Raises ClusterProblem."""
    body = {"size": page, "query": query, "sort": sort, "track_total_hits": False}
    if fields:
        body["stored_fields"] = list(fields)
    while True:
        answer = whole(cluster, cluster.search(index, body))
        with cluster.understood():
            hits = list(answer["hits"]["hits"])
            if not all(isinstance(hit, dict) and isinstance(hit["_id"], str) for hit in hits):
                raise TypeError
        yield from hits
        if len(hits) < page:
            return
        with cluster.understood():
            body["search_after"] = next_start(body.get("search_after"), hits[-1]["sort"])


def next_start(before: object, after: T) -> T:
    """Where the next page begins, after one that began at `before`. Raises ValueError if that is the same place: a page
    that comes again would be read for ever."""
    if after == before:
        raise ValueError
    return after


def whole(cluster: Cluster, answer: ShardAnswer) -> Mapping[str, Any]:
    """The body of an answer. Raises ClusterProblem if some shards gave none."""
    if answer.is_whole:
        return answer.body
    if answer.answered == answer.total:
        raise ClusterProblem(
            _("{address}: the cluster stopped before it was done: see its health").format(address=cluster.address.shown)
        )
    raise ClusterProblem(
        _("{address}: {missing} of {total} shards do not answer: see the health of the cluster").format(
            address=cluster.address.shown, missing=answer.total - answer.answered, total=answer.total
        )
    )
