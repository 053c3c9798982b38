"""A library in a cluster that gives prepared answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.nodes.cluster_answers import EPOCH, Recorded

from indexer.store.cluster.library.meta import Epoch
from search.backends.opensearch import index as opened
from search.backends.opensearch.index import OpenSearchIndex


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path))
    monkeypatch.setattr(opened, "mirror", lambda *_: None)

    def index(*answers: Any, epoch: Epoch = EPOCH) -> tuple[OpenSearchIndex, Recorded]:
        cluster = Recorded(*answers)
        return OpenSearchIndex(cluster, epoch), cluster  # type: ignore[arg-type]

    return index
