"""The passages of a library, by episode and revision: those that killed processes left are found and deleted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.core.named_tuples import NamedTuple
from indexer.store.cluster.documents.episode_documents import PASSAGE
from indexer.store.cluster.documents.reading import each_episode, whole
from indexer.store.cluster.transport.bulk import Action, BulkWriter
from indexer.store.cluster.transport.client import Cluster

LEFT_AFTER = 3600
"""Seconds after which passages that no episode names were left by a killed process: a living one is done by then."""
_GROUPS = 5000
"""Revisions, or passages, of one answer."""


class Passages(NamedTuple):
    """The passages of one revision of an episode: `size` of them; `newest` is when the last was written, in seconds."""

    key: str
    revision: str
    size: int
    newest: int


def leftovers(cluster: Cluster, index: str, age: float = LEFT_AFTER) -> list[Passages]:
    """The passages that no episode names, and that were written more than `age` seconds ago. Raises ClusterProblem."""
    with cluster.understood():
        revisions = {hit["_id"]: hit["fields"]["revision"][0] for hit in each_episode(cluster, index, ["revision"])}
    before = time.time() - age
    return [one for one in passages(cluster, index) if revisions.get(one.key) != one.revision and one.newest <= before]


def sweep(cluster: Cluster, index: str, age: float = LEFT_AFTER) -> int:
    """Deletes leftovers; returns the number of passages. Raises ClusterProblem."""
    # By their ids: to delete by a query takes a module that not every node has.
    left = leftovers(cluster, index, age)
    gone = [Action("delete", name, one.key) for one in left for name in _ids(cluster, index, one)]
    BulkWriter(cluster).write(index, gone)
    return len(gone)


def _ids(cluster: Cluster, index: str, one: Passages) -> list[str]:
    """The ids of the passages of a revision; of very many not all, which the next sweep finds again."""
    wanted = [{"term": {"kind": PASSAGE}}, {"term": {"episode": one.key}}, {"term": {"revision": one.revision}}]
    body = {"size": min(one.size, _GROUPS), "query": {"bool": {"filter": wanted}}}
    answer = whole(cluster, cluster.search(index, body))
    with cluster.understood():
        return [str(hit["_id"]) for hit in answer["hits"]["hits"]]


def passages(cluster: Cluster, index: str) -> Iterator[Passages]:
    """The passages of an index, by episode and revision. Raises ClusterProblem."""
    cluster.call("POST", f"/{index}/_refresh")
    sources = [{name: {"terms": {"field": name}}} for name in ("episode", "revision")]
    after: dict[str, object] = {}
    while True:
        composite = {"size": _GROUPS, "sources": sources, **({"after": after} if after else {})}
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": {"term": {"kind": PASSAGE}},
            "aggs": {"all": {"composite": composite, "aggs": {"at": {"max": {"field": "at"}}}}},
        }
        answer = whole(cluster, cluster.search(index, body))
        with cluster.understood():
            groups = answer["aggregations"]["all"]
            found = [
                Passages(str(one["key"]["episode"]), str(one["key"]["revision"]), int(one["doc_count"]), _newest(one))
                for one in groups["buckets"]
            ]
            after = dict(groups["after_key"]) if len(found) == _GROUPS else {}
        yield from found
        if not after:
            return


def _newest(group: Mapping[str, Any]) -> int:
    return int(group["at"]["value"])
