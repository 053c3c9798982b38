"""How long a cluster is asked: again after a failure, within the policy and the time of the question."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from support.nodes.reached import cluster_of, listening, of_server
from support.nodes.stand_in import Asked, StandIn

from indexer.store.cluster.transport import client
from indexer.store.cluster.transport.connection import AnswerTooLarge, Reply, Unreachable
from indexer.store.cluster.transport.problems import TOO_LARGE, ClusterProblem


def test_nothing_is_waited_for_after_the_last_try() -> None:
    waited: list[float] = []
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(503, b"")), tries=3)
    cluster._sleep = waited.append  # type: ignore[assignment]
    with pytest.raises(ClusterProblem):
        cluster.call("GET", "/library-meta/_doc/a")
    assert len(waited) == 2


def test_nodes_that_never_answer_are_not_asked_for_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    class Silent:
        def ask(self, *request: Any) -> Reply:
            clock[0] += request[5]
            raise Unreachable("timed out")

    cluster = cluster_of(StandIn(), "http://127.0.0.1:1,127.0.0.1:2,127.0.0.1:3/library", tries=10)
    cluster._connections = Silent()  # type: ignore[assignment]
    with pytest.raises(ClusterProblem, match="timed out"):
        cluster.call("POST", "/library-v1/_refresh")
    assert clock[0] <= cluster.retry.longest + cluster.retry.seconds


def test_an_answer_that_is_too_large_is_told_although_another_node_was_busy() -> None:
    class LargeAndBusy:
        def ask(self, node: Any, *_: Any) -> Reply:
            if node.port == 2:
                return Reply(503, b"{}")
            raise AnswerTooLarge("its answer is too large")

    cluster = cluster_of(StandIn(), "http://127.0.0.1:1,127.0.0.1:2/library")
    cluster._connections = LargeAndBusy()  # type: ignore[assignment]
    with pytest.raises(ClusterProblem, match="its answer is too large") as raised:
        cluster.call("POST", "/library-v1/_search")
    assert raised.value.kind == TOO_LARGE


def test_a_busy_cluster_is_asked_again_as_late_as_it_wants() -> None:
    left = [503, 429]
    waited: list[float] = []

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        return Reply(left.pop(), b"", 3.0) if left else go()

    server = StandIn({"library-meta": {}}, fault=fault)
    cluster = cluster_of(server)
    cluster._sleep = waited.append  # type: ignore[assignment]
    assert cluster.call("GET", "/library-meta/_doc/a", missing_ok=True) is None
    assert waited == [3.0, 3.0]


class Over(Exception):
    """The time of a question is over."""


def test_a_request_takes_no_longer_than_its_question_may_and_says_so_to_the_cluster() -> None:
    from threading import Event

    came, ended = Event(), Event()
    bodies: list[bytes] = []
    left = [0.15, 0.15]

    def seconds() -> float:
        if not left:
            assert came.wait(30)  # the question is over once the server has it, however slow this machine is
            raise Over
        return left.pop()

    class Keeping(StandIn):
        def answer(self, asked: Asked) -> Reply:
            bodies.append(asked.body)
            came.set()
            ended.wait(30)
            return Reply(200, b"{}")

    with listening(Keeping()) as address, of_server(address, seconds=60.0) as cluster:
        with pytest.raises(Over), cluster.within(seconds):
            cluster.search("library", {"size": 1})
        assert cluster._left() == math.inf
        ended.set()
    assert [json.loads(body)["timeout"] for body in bodies] == ["150ms"]


@pytest.mark.parametrize("status", [0, 503])
def test_a_question_whose_time_ends_in_the_last_try_is_out_of_time(status: int) -> None:
    left = [1.0, 1.0, 1.0]

    def seconds() -> float:
        if not left:
            raise Over
        return left.pop()

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if not status:
            raise Unreachable("timed out")
        return Reply(status, b"")

    cluster = cluster_of(StandIn(fault=fault), tries=2)
    with pytest.raises(Over), cluster.within(seconds):
        cluster.call("GET", "/library-meta/_doc/a")


def test_a_node_that_is_silent_until_a_question_is_over_is_not_asked_first_by_the_next() -> None:
    asked: list[int] = []

    class FirstIsSilent:
        def ask(self, node: Any, *_: Any) -> Reply:
            asked.append(node.port)
            if node.port == 1:
                raise Unreachable("timed out")
            return Reply(200, b"{}")

    cluster = cluster_of(StandIn(), "http://127.0.0.1:1,127.0.0.1:2/library")
    cluster._connections = FirstIsSilent()  # type: ignore[assignment]
    left = [1.0]

    def seconds() -> float:
        if not left:
            raise Over
        return left.pop()

    with pytest.raises(Over), cluster.within(seconds):
        cluster.call("GET", "/library-meta/_doc/a")
    cluster.call("GET", "/library-meta/_doc/a")
    assert asked == [1, 2]


def test_pauses_between_tries_end_with_the_time_of_the_question() -> None:
    waited: list[float] = []
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(503, b"", 9.0)), tries=3)
    cluster._sleep = waited.append  # type: ignore[assignment]
    with pytest.raises(ClusterProblem), cluster.within(lambda: 0.5):
        cluster.call("GET", "/library-meta/_doc/a")
    assert waited == [0.5, 0.5]
