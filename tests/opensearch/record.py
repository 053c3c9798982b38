"""Records the answers of a real Elasticsearch 7.10.2 that `make test` replays (`tests/support/nodes/recorded.py`).

    PYTHONPATH=.:tests:bench python tests/opensearch/record.py

Starts a node, runs the tests that replay against it, and writes their requests and its answers to
tests/opensearch/recorded/. Needs Java 17 and Maven. To be run whenever what a search asks a cluster has changed.
"""

from __future__ import annotations

import sys

import pytest
from opensearch_node import started_nodes
from shared.engines import ELASTICSEARCH
from support.nodes import recorded

TESTS = ("tests/search/backends/test_contract.py", "tests/search/backends/opensearch/test_recorded.py")


def main() -> None:
    with started_nodes(1, quick=True, engine=ELASTICSEARCH) as nodes:
        recorded.recording = recorded.Recording(nodes.urls[0])
        code = pytest.main([*TESTS, "-p", "no:cacheprovider", "-k", "elasticsearch"])
        if code:
            sys.exit("the tests failed: nothing was written")
        print(f"{recorded.recording.write()} requests, {recorded.FILE.stat().st_size:,} bytes: {recorded.FILE}")


if __name__ == "__main__":
    main()
