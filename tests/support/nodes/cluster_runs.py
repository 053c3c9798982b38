"""Indexing runs into a stand-in for OpenSearch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.cluster.operations import index_into_cluster
from indexer.store.cluster.library.meta import Epoch, read_epoch
from indexer.update import Report
from support.nodes.reached import cluster_of
from support.nodes.stand_in import StandIn

URL = "http://127.0.0.1:9200/library"


def run(*paths: Path, **options: Any) -> Report:
    return index_into_cluster(paths, URL, jobs=1, **options)


def epoch_of(server: StandIn) -> Epoch:
    epoch = read_epoch(cluster_of(server))
    assert epoch is not None
    return epoch


def ids(server: StandIn) -> set[str]:
    return {one["id"] for one in server.of_kind(epoch_of(server).index_name, "episode").values()}


def vocabulary_of(server: StandIn) -> dict[str, tuple[int, int]]:
    """Term -> its occurrences and episodes."""
    return {
        name: (one["count"], one["episodes"]) for name, one in server.documents(epoch_of(server).words_name).items()
    }
