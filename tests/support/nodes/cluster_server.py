"""A stand-in for OpenSearch in which indexing runs write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.cluster import target
from support.nodes.reached import cluster_of
from support.nodes.stand_in import StandIn


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    found = StandIn()
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "local"))
    monkeypatch.setattr(target, "connect", lambda backend, retry: cluster_of(found, backend))
    yield found
