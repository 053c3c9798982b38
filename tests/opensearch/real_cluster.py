"""A library in a real cluster of three nodes: what is written is what a folder would hold, whichever processes die.

`make test-opensearch` runs this; it needs Java 17 and Maven. The nodes take so little at once that they refuse
documents all the time (429), as a busy cluster does.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from opensearch_node import Nodes, started_nodes
from support.library import spaced, write_lines

import indexer
from indexer.intake.cluster import index_into_cluster
from indexer.readers import read_bytes
from indexer.store import schema
from indexer.store.cluster.checking import faults, leftovers, sweep
from indexer.store.cluster.client import Cluster, ClusterPatience, ClusterProblem, connect
from indexer.store.cluster.documents import record_of, stored_bytes
from indexer.store.cluster.layout import COLUMNS, RECORD
from indexer.store.cluster.meta import Epoch, read_epoch
from indexer.store.cluster.reading import each_episode, each_hit
from indexer.store.cluster.terms import feature
from search.backends.embedded.snapshot import EmbeddedSnapshot

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("PODSEEK_SEED", "1"))
PRESSURE = {"indexing_pressure.memory.limit": "3mb"}


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with started_nodes(3, PRESSURE) as found:
        yield found


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty episodes of 200 lines of the sample corpus."""
    folder = tmp_path_factory.mktemp("talk")
    said = [
        cue.text for path in sorted((ROOT / "corpus").glob("*.srt")) for cue in read_bytes("", path.read_bytes()).cues
    ]
    drawn = random.Random(SEED)
    for number in range(40):
        write_lines(folder / f"show{number % 4}" / f"{number}.srt", spaced(drawn.choices(said, k=200)))
    return folder


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "local"))


def opened(nodes: Nodes, library: str) -> tuple[Cluster, Epoch]:
    cluster = connect(nodes.address(library), ClusterPatience(tries=60, first_wait=0.5))
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
    folder.close()


def _entries(cluster: Cluster, epoch: Epoch) -> Iterator[dict[str, dict[str, int]]]:
    query = {"bool": {"must_not": [{"term": {"kind": "char"}}]}}
    return each_hit(cluster, epoch.words_name, query, [{"key": "asc"}], 2000)


def _scores(cluster: Cluster, epoch: Epoch, word: str) -> dict[str, int]:
    """Episode id -> occurrences of a word, by the score of the cluster."""
    body = {"size": 100, "query": {"term": {"terms": feature(word)}}, "stored_fields": ["id"]}
    hits = cluster.search(epoch.index_name, body).body["hits"]["hits"]
    return {hit["fields"]["id"][0]: int(hit["_score"]) for hit in hits}


def test_workers_killed_at_random_moments_leave_nothing_half_done(nodes: Nodes, talk: Path, tmp_path: Path) -> None:
    drawn = random.Random(SEED)
    for __ in range(10):
        process = worker(nodes, "killed", talk, "1/1", tmp_path / "other")
        try:
            process.wait(drawn.uniform(1.0, 12.0))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
    assert_whole(nodes, "killed", talk)


def test_two_workers_on_one_part_write_it_once(nodes: Nodes, talk: Path, tmp_path: Path) -> None:
    both = [worker(nodes, "twice", talk, "1/1", tmp_path / str(number)) for number in range(2)]
    errors = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    assert_whole(nodes, "twice", talk)


def test_each_node_is_killed_while_three_workers_index(nodes: Nodes, talk: Path, tmp_path: Path) -> None:
    workers = [worker(nodes, "shared", talk, f"{part}/3", tmp_path / str(part)) for part in (1, 2, 3)]
    for number in range(3):
        time.sleep(3.0)
        nodes.kill(number)
        time.sleep(3.0)
        nodes.start(number)
        _wait_until_whole(nodes)
    for process in workers:
        process.communicate()  # one that gave up is run again below
    assert_whole(nodes, "shared", talk)


def test_all_nodes_are_killed_and_started_again(nodes: Nodes, talk: Path) -> None:
    assert_whole(nodes, "all", talk)
    for number in range(3):
        nodes.kill(number)
    nodes.start(0, 1, 2)
    _wait_until_whole(nodes)
    assert_whole(nodes, "all", talk)


def _wait_until_whole(nodes: Nodes) -> None:
    cluster = connect(nodes.address("any"), ClusterPatience(tries=60, first_wait=0.5))
    for __ in range(60):
        try:
            cluster.call("GET", "/_cluster/health", params={"wait_for_status": "green", "timeout": "20s"})
        except ClusterProblem as problem:
            if problem.status != 408:
                raise
        else:
            return
    raise AssertionError("the cluster does not become green")
