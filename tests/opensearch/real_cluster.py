"""A library in a real cluster of three nodes: what is written is what a folder would hold, whichever processes die.

`make test-opensearch` runs this; it needs Java 17 and Maven. PODSEEK_CHAOS is the number of seconds for which nodes
and workers are killed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from opensearch_node import Nodes
from shared.node import Node
from support.kills.chaos import KINDS, disturbed
from support.kills.chaos_world import World

import indexer
from indexer.cluster.operations import index_into_cluster
from indexer.store import schema
from indexer.store.cluster.checking import faults
from indexer.store.cluster.documents.episode_documents import record_of, stored_bytes
from indexer.store.cluster.documents.layout import COLUMNS, RECORD
from indexer.store.cluster.documents.reading import each_episode, each_hit
from indexer.store.cluster.documents.terms import feature
from indexer.store.cluster.leftovers import leftovers, sweep
from indexer.store.cluster.library.meta import Epoch, read_epoch
from indexer.store.cluster.transport.client import Cluster, connect
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from search import Library
from search.backends.embedded.snapshot import EmbeddedSnapshot

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("PODSEEK_SEED", "1"))
SECONDS = float(os.environ.get("PODSEEK_CHAOS", "20"))
"""How long nodes and workers are killed; it lasts until each was once."""


def opened(nodes: Nodes, library: str) -> tuple[Cluster, Epoch]:
    cluster = connect(nodes.address(library), RetryPolicy(tries=60, first_wait=0.5))
    epoch = read_epoch(cluster)
    assert epoch is not None
    return cluster, epoch


def worker(nodes: Nodes, library: str, talk: Path, part: str, home: Path) -> subprocess.Popen[bytes]:
    """A process that indexes a part."""
    command = [
        sys.executable,
        str(ROOT / "cli.py"),
        "index",
        "--backend",
        nodes.address(library),
        "--part",
        part,
        "-j1",
    ]
    environment = {**os.environ, "PODSEEK_BACKEND_FOLDER": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*command, str(talk)], env=environment, stderr=subprocess.PIPE)


def assert_whole(nodes: Nodes, library: str, talk: Path) -> None:
    """The library holds each episode of a corpus once, and nothing is wrong with it."""
    report = index_into_cluster([talk], nodes.address(library), jobs=1)
    assert report.exit_code == 0
    cluster, epoch = opened(nodes, library)
    assert epoch.episodes == len(list(talk.rglob("*.srt"))) == report.unchanged + report.added + report.changed
    sweep(cluster, epoch.index_name, age=-60)
    assert leftovers(cluster, epoch.index_name, age=-60) == []
    assert faults(cluster, epoch) == []


def test_a_cluster_holds_what_a_folder_would(nodes: Nodes, tmp_path: Path) -> None:
    report = index_into_cluster([ROOT / "corpus"], nodes.address("sample"), jobs=1)
    assert (report.added, report.exit_code) == (14, 0)
    indexer.index_paths([ROOT / "corpus"], tmp_path / "index", jobs=1)
    folder = EmbeddedSnapshot(tmp_path / "index")
    cluster, epoch = opened(nodes, "sample")
    hits = list(each_episode(cluster, epoch.index_name, [RECORD, *COLUMNS.values()]))
    assert len(hits) == folder.episode_count
    for number, hit in enumerate(hits):
        assert record_of(hit["fields"]) == folder.record(number)
        for column, field in COLUMNS.items():
            if column in (schema.SOUNDS, schema.MARKS, schema.TEXT):
                assert stored_bytes(hit["fields"], field) == folder._stored.value(column, number)
    words = {entry["_source"]["term"]: entry["_source"]["count"] for entry in _entries(cluster, epoch)}
    assert words == {word: folder.word_count(word) for word in folder.words()}
    for word in random.Random(SEED).sample(sorted(words), 20):
        assert _scores(cluster, epoch, word) == {
            folder.episode(number).id: count for number, count in folder.word_episodes(word).items()
        }
    assert faults(cluster, epoch) == []


def _entries(cluster: Cluster, epoch: Epoch) -> Iterator[dict[str, dict[str, int]]]:
    query = {"bool": {"must_not": [{"term": {"kind": "char"}}]}}
    return each_hit(cluster, epoch.words_name, query, [{"key": "asc"}], 2000)


def _scores(cluster: Cluster, epoch: Epoch, word: str) -> dict[str, int]:
    """Episode id -> occurrences of a word, by the score of the cluster."""
    body = {"size": 100, "query": {"term": {"terms": feature(word)}}, "stored_fields": ["id"]}
    hits = cluster.search(epoch.index_name, body).body["hits"]["hits"]
    return {hit["fields"]["id"][0]: int(hit["_score"]) for hit in hits}


def test_two_workers_on_one_part_write_it_once(nodes: Nodes, talk: Path, tmp_path: Path) -> None:
    both = [worker(nodes, "twice", talk, "1/1", tmp_path / str(number)) for number in range(2)]
    errors = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    assert_whole(nodes, "twice", talk)


def test_the_nodes_refused_documents(nodes: Nodes, talk: Path) -> None:
    assert_whole(nodes, "refused", talk)
    found = Node(nodes.urls[0]).call("GET", "/_nodes/stats/indexing_pressure")["nodes"].values()
    totals = [one["indexing_pressure"]["memory"]["total"] for one in found]
    assert sum(one["coordinating_rejections"] + one["primary_rejections"] for one in totals) > 0


def test_nothing_is_lost_or_wrong_while_nodes_and_workers_are_killed(
    nodes: Nodes, address: str, near: Library, tmp_path: Path
) -> None:
    assert near.folder is not None
    world = World(tmp_path, nodes.address("growing"), address, Path(near.folder), random.Random(SEED))
    wrong, done = disturbed(nodes, world, SECONDS, SEED, askers=1)
    assert wrong == [], done
    assert set(done["nodes killed"]) == set(KINDS)
