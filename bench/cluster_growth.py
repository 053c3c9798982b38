"""What a library in a cluster costs as it grows: indexing by one to three processes, and searches by kind of query.

    python bench/cluster_growth.py CORPUS --cues 100000 --nodes 1 --workers 1 2 3 [--queries 3] [--rows FILE]
        [--keep FOLDER]

Takes transcripts of CORPUS, in the order of their names, until they hold so many cues; starts a cluster of real nodes
on this machine; indexes them into a new library with each number of processes at once (`--part K/N`, a process each),
and, with --queries, asks the last of these libraries and an index in a folder so many queries of each kind
(`bench/cluster.py`). Prints what it measured, and appends it as lines of JSON to FILE, from which
`bench/cluster_model.py` makes the tables of docs/design/opensearch-costs.md.

With --keep, transcripts, the last library, the index in a folder and the data of the nodes stay in FOLDER. The same
command with `--workers` and no number only asks the library that is there;
`python bench/opensearch_node.py --home FOLDER/nodes --library grown` starts the nodes for anything else.

Fair: real processes and nodes, each library new, CPU seconds of everything that took part. Unfair: workers, nodes and
whatever else runs here share the cores of one machine, so wall times say little; the first library of a run also pays
for warming up the nodes. Needs Linux (/proc), Java 17 and Maven.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cluster import Asking, Drawn, measured, note, summed
from opensearch_node import Nodes, folder_for, started_nodes
from shared.node import Node
from shared.processes import cpu_of, peak_of

import indexer
from search import open_library

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = "grown"
_SETTLES_WITHIN = 60.0
"""Seconds that merges after indexing may take before sizes are read."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """One library, made from nothing. Seconds of CPU and of the clock, bytes on the disks of all nodes, megabytes."""

    cues: int
    nodes: int
    workers: int
    seconds: float
    worker_cpu: float
    node_cpu: float
    episode_bytes: int
    """Of one copy of episodes and passages."""
    word_bytes: int
    """Of one copy of the vocabulary."""
    copies: int
    episodes: int
    passages: int
    terms: int
    worker_mb: float
    """The peak of the largest worker."""
    node_mb: float
    """The peak of the largest node."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--cues", type=int, required=True)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--queries", type=int, default=0, help="of each kind")
    parser.add_argument("--heap", type=int, default=512, help="megabytes of each node")
    parser.add_argument("--rows", type=Path, help="where lines of JSON go")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where all that is made stays")
    arguments = parser.parse_args()
    with folder_for(arguments.keep and arguments.keep.resolve()) as home:
        os.environ["PODSEEK_BACKEND_FOLDER"] = str(home / "local")
        cues = taken(arguments.corpus, home / "corpus", arguments.cues)
        with started_nodes(arguments.nodes, heap_mb=arguments.heap, home=home / "nodes") as nodes:
            for workers in arguments.workers:
                Node(nodes.urls[0]).call("DELETE", f"/{LIBRARY}*")
                told(indexed(nodes, home, cues, workers), arguments.rows)
            if arguments.queries:
                for row in asked(nodes, home, cues, arguments.queries):
                    told(row, arguments.rows)


def told(row: Indexing | Asking, rows: Path | None) -> None:
    """Prints a row, and appends it to the file."""
    print(row, flush=True)
    note(row, rows)


def taken(corpus: Path, target: Path, wanted: int) -> int:
    """Copies transcripts until they have so many cues, unless `target` is there; returns how many it has."""
    if target.exists():
        return sum(map(cues_of, target.iterdir()))
    target.mkdir()
    cues = 0
    for path in sorted(corpus.glob("*.srt")):
        if cues >= wanted:
            break
        cues += cues_of(path)
        shutil.copyfile(path, target / path.name)
    return cues


def cues_of(path: Path) -> int:
    return path.read_bytes().count(b" --> ")


def indexed(nodes: Nodes, home: Path, cues: int, workers: int) -> Indexing:
    """Indexes the corpus by so many processes. Raises SystemExit if one fails."""
    before, began = nodes_cpu(nodes), time.perf_counter()
    started = [
        subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "cli.py"),
                "-q",
                "index",
                "-j1",
                "--part",
                f"{part}/{workers}",
                home / "corpus",
            ],
            env={
                **os.environ,
                "PODSEEK_BACKEND": nodes.address(LIBRARY),
                "PODSEEK_BACKEND_FOLDER": str(home / f"worker-{part}-of-{workers}"),
            },
        )
        for part in range(1, workers + 1)
    ]
    usages = []
    for process in started:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        usages.append(usage)
    if any(process.returncode for process in started):
        raise SystemExit(f"workers ended with {[process.returncode for process in started]}")
    seconds, cpu = time.perf_counter() - began, nodes_cpu(nodes) - before
    sizes = settled(Node(nodes.urls[0]))
    return Indexing(
        cues,
        len(nodes.urls),
        workers,
        round(seconds, 1),
        round(sum(usage.ru_utime + usage.ru_stime for usage in usages), 1),
        round(cpu, 1),
        **sizes,
        worker_mb=round(max(usage.ru_maxrss for usage in usages) / 1024, 1),
        node_mb=round(max(peak_of(nodes.process(number)) for number in range(len(nodes.urls))), 1),
    )


def settled(node: Node) -> dict[str, int]:
    """Bytes and documents of a library, once no merge runs."""
    until = time.monotonic() + _SETTLES_WITHIN
    while True:
        node.call("POST", f"/{LIBRARY}*/_refresh")
        found = node.call("GET", f"/{LIBRARY}*/_stats/store,docs,merge")["indices"]
        if not any(one["total"]["merges"]["current"] for one in found.values()) or time.monotonic() > until:
            break
        time.sleep(1.0)
    main_index = next(one for name, one in found.items() if name == f"{LIBRARY}-v1")
    words = next(one for name, one in found.items() if name.startswith(f"{LIBRARY}-words-"))
    episodes = node.call("POST", f"/{LIBRARY}-v1/_count", {"query": {"exists": {"field": "id"}}})["count"]

    def size(of: Mapping[str, Any]) -> int:
        return int(of["primaries"]["store"]["size_in_bytes"])

    return {
        "episode_bytes": size(main_index),
        "word_bytes": size(words),
        "copies": round(main_index["total"]["docs"]["count"] / main_index["primaries"]["docs"]["count"]),
        "episodes": episodes,
        "passages": main_index["primaries"]["docs"]["count"] - episodes,
        "terms": words["primaries"]["docs"]["count"],
    }


def asked(nodes: Nodes, home: Path, cues: int, queries: int) -> Iterator[Asking]:
    """Asks the library and an index in a folder the same."""
    if not (home / "index").exists():
        indexer.index_paths([home / "corpus"], home / "index")
    address = nodes.address(LIBRARY)
    with open_library(home / "index") as near:
        drawn = Drawn(near.snapshot, 1)
        for kind, draw in list(drawn.kinds()):
            before = nodes_cpu(nodes)
            rows = [measured(near, address, draw(), exact=False) for _ in range(queries)]
            yield summed(cues, kind, rows, round((nodes_cpu(nodes) - before) * 1000 / queries, 1))


def nodes_cpu(nodes: Nodes) -> float:
    """CPU seconds of all nodes since they started."""
    return sum(map(cpu_of, map(nodes.process, range(len(nodes.urls)))))


if __name__ == "__main__":
    main()
