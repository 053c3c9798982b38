"""What a library takes of the disks of a cluster."""

from __future__ import annotations

from indexer.store.cluster.transport.client import Cluster


def size_in_bytes(cluster: Cluster) -> int:
    """The bytes of all indices of the library, copies included. Raises ClusterProblem."""
    names = ",".join((cluster.names.library, cluster.names.words, cluster.names.meta))
    stats = cluster.call("GET", f"/{names}/_stats/store")
    with cluster.understood():
        return int(stats["_all"]["total"]["store"]["size_in_bytes"])
