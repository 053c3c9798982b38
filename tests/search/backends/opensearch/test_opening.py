"""A library in a cluster is opened in time, or says in one line why not."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.nodes.cluster_answers import EPOCH

from indexer.core.errors import IndexProblem
from indexer.store.cluster.transport.address import parse_address
from indexer.store.cluster.transport.connection import Connections, Unreachable
from indexer.store.cluster.transport.retry_policy import WHILE_WAITING, RetryPolicy
from search.backends.opensearch import index as opened
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.index import OpenSearchIndex, open_index


def test_a_library_without_an_epoch_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.store.cluster.library.meta.read_epoch", lambda _: None)
    with pytest.raises(IndexProblem, match="there is no library here: make one with `podseek index --backend http:"):
        open_index("http://127.0.0.1:9200/talks")


def test_a_library_that_takes_too_long_to_open_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "_OPENING", 0.0)
    with pytest.raises(IndexProblem, match=r"cannot be reached \(no answer within 0 seconds\)"):
        open_index("http://127.0.0.1:9/talks")


def test_a_node_that_is_silent_while_a_library_is_opened_leaves_time_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allowed: list[float] = []

    def ask(_: object, node: object, *given: Any) -> None:
        allowed.append(given[-2])
        raise Unreachable("silent")

    monkeypatch.setattr(Connections, "ask", ask)
    monkeypatch.setattr(opened, "WHILE_WAITING", RetryPolicy(tries=1))
    with pytest.raises(IndexProblem, match="silent"):
        open_index("http://127.0.0.1:9,127.0.0.1:10/talks")
    assert allowed == [15.0, 15.0]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenSearchIndex]:
    """An open library on two nodes, of which a later epoch may be asked at once."""
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path))
    monkeypatch.setattr(opened, "mirror", lambda *_: None)
    monkeypatch.setattr(opened, "_CHECKED_EVERY", -math.inf)
    cluster = CountingCluster(parse_address("http://127.0.0.1:9,127.0.0.1:10/talks"), WHILE_WAITING)
    yield OpenSearchIndex(cluster, EPOCH)


def test_a_node_that_is_silent_delays_no_question_for_long(
    known: OpenSearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: list[float] = []
    clock = [0.0]
    monkeypatch.setattr(opened, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def ask(_: object, node: object, *given: Any) -> None:
        allowed.append(given[-2])
        clock[0] += 3.0
        raise Unreachable("silent")

    monkeypatch.setattr(Connections, "ask", ask)
    assert known.is_current()
    assert allowed == [3.0]


def test_a_later_epoch_is_opened_in_the_time_of_opening(
    known: OpenSearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "_OPENING", 0.0)
    with pytest.raises(IndexProblem, match=r"cannot be reached \(no answer within 0 seconds\)"):
        known.newest()
