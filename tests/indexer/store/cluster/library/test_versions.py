"""The versions of a library while several processes begin and complete rebuilds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, StandIn

from indexer.store.cluster.library.meta import write_values
from indexer.store.cluster.library.versions import (
    VERSIONS,
    IndexShape,
    Versions,
    begin_next,
    ensure_library,
    finish_next,
    read_versions,
)
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem


@pytest.fixture
def server() -> StandIn:
    made = StandIn()
    ensure_library(cluster_of(made), IndexShape())
    return made


def write(cluster: Cluster, versions: Versions) -> None:
    write_values(cluster, VERSIONS, versions._asdict())


def before_the_write(server: StandIn, versions: Versions) -> None:
    """Another process writes these versions after the next process has read them."""

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if (asked.method, asked.path) == ("PUT", f"/library-meta/_doc/{VERSIONS}"):
            server.fault = None
            write(cluster_of(server), versions)
        return go()

    server.fault = fault


@pytest.mark.parametrize(
    ("now", "begun"),
    [(Versions(1), Versions(1, 2)), (Versions(1, 2), Versions(1, 2)), (Versions(2), Versions(2, 3))],
    ids=["as it was", "begun", "completed"],
)
@pytest.mark.parametrize("late", [False, True])
def test_a_rebuild_begins_with_the_versions_of_now(server: StandIn, now: Versions, begun: Versions, late: bool) -> None:
    cluster = cluster_of(server)
    if late:
        before_the_write(server, now)
    else:
        write(cluster, now)
    assert begin_next(cluster, Versions(1), IndexShape()) == read_versions(cluster) == begun
    assert f"library-v{begun.next}" in server.indices


@pytest.mark.parametrize(
    ("now", "ends", "alias"),
    [
        (Versions(1, 2), Versions(2), "library-v2"),
        (Versions(1, 3), Versions(2, 3), "library-v2"),
        (Versions(3), Versions(3), "library-v3"),
        (Versions(3, 4), Versions(3, 4), "library-v3"),
    ],
    ids=["as it was", "abandoned", "later", "later and another begun"],
)
def test_a_rebuild_that_ends_replaces_no_later_one(server: StandIn, now: Versions, ends: Versions, alias: str) -> None:
    cluster = cluster_of(server)
    write(cluster, Versions(1, 2))
    before_the_write(server, now)
    finish_next(cluster, Versions(1, 2))
    assert (read_versions(cluster), server.aliases["library"]) == (ends, alias)


def test_versions_that_always_change_are_one_line(server: StandIn) -> None:
    cluster, other = cluster_of(server), cluster_of(server)

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if (asked.method, asked.path) == ("PUT", f"/library-meta/_doc/{VERSIONS}"):
            server.fault = None
            write(other, Versions(1))
            server.fault = fault
        return go()

    server.fault = fault
    with pytest.raises(ClusterProblem, match="other processes keep beginning and completing rebuilds: try again later"):
        begin_next(cluster, Versions(1), IndexShape())
