"""What indexing into a cluster costs, on real nodes of this machine.

    python bench/cluster.py CORPUS [--nodes 1] [--workers 1] [--share 9] [--replicas 0]

Starts nodes, then as many processes as workers, each with its part of every N-th share of the transcripts (by the hash
of their ids, as `podseek index --part` divides them), and prints: cues and passages, wall time, the processor seconds
of the workers and of the nodes, the bytes of episodes and vocabulary on disk for each cue, and the heap that
the nodes use.

Fair: real processes over HTTP; bytes after flush, as nodes hold them before merging further. Unfair: nodes and workers
share one machine, so wall time says little with several of either; no TLS; one disk for all.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from opensearch_node import Node, Nodes, started_nodes

from indexer.core.types import Episode
from indexer.store.cluster.client import Cluster, connect
from indexer.store.cluster.meta import read_epoch
from indexer.store.cluster.writer import stored_records
from indexer.store.fields.record import from_record

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = "bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--share", type=int, default=9, help="every N-th transcript")
    parser.add_argument("--replicas", type=int, default=0)
    arguments = parser.parse_args()
    with started_nodes(arguments.nodes) as nodes, tempfile.TemporaryDirectory() as home:
        idle = _cpu(nodes)
        began, used = time.monotonic(), _children()
        _index(nodes, arguments, Path(home))
        wall, workers = time.monotonic() - began, _children() - used
        busy = _cpu(nodes) - idle
        cluster = connect(nodes.address(LIBRARY))
        _print(cluster, Node(nodes.urls[0]), wall, workers, busy)


def _index(nodes: Nodes, arguments: argparse.Namespace, home: Path) -> None:
    parts = arguments.share * arguments.workers
    running = []
    for number in range(1, arguments.workers + 1):
        command = [sys.executable, str(ROOT / "cli.py"), "index", "--backend", nodes.address(LIBRARY), "-j1"]
        command += ["--replicas", str(arguments.replicas), "--part", f"{number}/{parts}", str(arguments.corpus)]
        environment = {**os.environ, "PODSEEK_BACKEND_FOLDER": str(home / str(number)), "PYTHONPATH": str(ROOT)}
        running.append(subprocess.Popen(command, env=environment))
    for process in running:
        if process.wait():
            raise SystemExit("a worker failed")


def _print(cluster: Cluster, node: Node, wall: float, workers: float, busy: float) -> None:
    epoch = read_epoch(cluster)
    assert epoch is not None
    episodes: list[Episode] = [from_record(record) for record in stored_records(cluster, epoch.index_name)]
    cues = sum(episode.cues for episode in episodes)
    sizes = []
    for name in (epoch.index_name, epoch.words_name):
        cluster.call("POST", f"/{name}/_flush")
        stats: Any = cluster.call("GET", f"/{name}/_stats/store,docs")["_all"]["primaries"]
        sizes.append((stats["docs"]["count"], stats["store"]["size_in_bytes"]))
    (documents, size), (words, vocabulary) = sizes
    print(f"episodes {len(episodes)}, cues {cues:,}, passages {documents - len(episodes):,}, words {words:,}")
    print(f"wall {wall:.0f} s; CPU of workers {workers:.1f} s, of nodes {busy:.1f} s")
    print(f"CPU for 1,000 cues: workers {workers / cues * 1e6:.0f} ms, nodes {busy / cues * 1e6:.0f} ms")
    print(f"bytes a cue: episodes and passages {size / cues:.0f}, vocabulary {vocabulary / cues:.0f}")
    jvm: Any = node.call("GET", "/_nodes/stats/process,jvm")["nodes"]
    for one in jvm.values():
        print(f"{one['name']}: heap in use {one['jvm']['mem']['heap_used_in_bytes'] / 1e6:.0f} MB")


def _cpu(nodes: Nodes) -> float:
    """The processor seconds of all nodes so far."""
    answer: Any = Node(nodes.urls[0]).call("GET", "/_nodes/stats/process")
    return sum(float(one["process"]["cpu"]["total_in_millis"]) for one in answer["nodes"].values()) / 1000


def _children() -> float:
    """The processor seconds of the workers that have ended. The nodes still run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
