"""Writing to a cluster that is busy, or refuses what is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked
from support.nodes.written import INDEX, empty, prepared, texts, written

from indexer.store.cluster.documents.terms import episode_key
from indexer.store.cluster.transport.bulk import LARGEST_PART, Action, BulkWriter
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem


def test_documents_that_a_busy_cluster_refuses_are_sent_again_and_no_others() -> None:
    server = empty()
    left = {"0": 3, "2": 1}
    sent: list[str] = []

    def busy(kind: str, name: str) -> int | None:
        sent.append(name)
        number = name.rpartition("-")[2]
        if left.get(number, 0):
            left[number] -= 1
            return 429
        return None

    server.item_fault = busy
    written(server, prepared("a", "水" * 9))
    assert texts(server) == {"a": "水" * 9}
    assert [sum(name.endswith(f"-{number}") for name in sent) for number in range(4)] == [4, 1, 2, 1]


def test_a_shard_that_cannot_say_what_it_has_is_asked_again() -> None:
    server = empty()
    left = 2

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal left
        if asked.path.endswith("_mget") and left:
            left -= 1
            return Reply(200, b'{"docs": [{"_id": "a", "error": {"reason": "no shard"}}]}')
        return go()

    server.fault = fault
    written(server, prepared("a", "水"))
    assert texts(server) == {"a": "水"}
    left = 100
    with pytest.raises(ClusterProblem, match="no shard"):
        written(server, prepared("a", "茶"))


def test_a_cluster_that_stays_busy_ends_the_run_in_one_line() -> None:
    server = empty()
    server.item_fault = lambda kind, name: 429
    with pytest.raises(ClusterProblem, match="takes no more documents"):
        written(server, prepared("a", "水"))
    assert texts(server) == {}


def test_an_episode_that_the_cluster_refuses_is_left_out_with_a_complaint() -> None:
    server = empty()
    server.item_fault = lambda kind, name: 400 if name.startswith(episode_key("a")) else None
    writer = written(server, prepared("a", "水"), prepared("b", "茶"))
    assert texts(server) == {"b": "茶"}
    (complaint,) = writer.complaints
    assert (complaint.path, complaint.fatal) == ("/there/a.srt", True)


def test_parts_are_bounded_and_shrink_while_the_cluster_is_busy() -> None:
    server = empty()
    body = b'{"kind":"%s"}' % (b"x" * (1 << 20))
    actions = [Action("index", str(number), "r", body) for number in range(20)]
    refused = 2

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal refused
        if refused:
            refused -= 1
            return Reply(429, b"")
        return go()

    server.fault = fault
    cluster = cluster_of(server, tries=4)
    BulkWriter(cluster).write(INDEX, actions)
    sizes = [len(asked.body) for asked in server.asked]
    assert len(server.documents(INDEX)) == 20
    assert max(sizes) <= LARGEST_PART
    assert sizes[0] > sizes[1] >= sizes[2] > 1 << 20


def test_a_part_that_is_too_large_for_the_cluster_goes_in_halves() -> None:
    server = empty()

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        return go() if len(asked.body) < 2500 else Reply(413, b"")

    server.fault = fault
    actions = [
        Action("index", str(number), "r", b'{"kind":"%s"}' % (b"x" * size))
        for number, size in enumerate([900] * 6 + [9000])
    ]
    outcome = BulkWriter(cluster_of(server)).write(INDEX, actions)
    assert (sorted(server.documents(INDEX)), set(outcome.refused)) == (list("012345"), {"6"})
