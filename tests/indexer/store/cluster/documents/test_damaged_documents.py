"""Documents that are not as podseek writes them: one line that names them, and no memory without bound."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

import pytest
from support.nodes.cluster_runs import epoch_of, run
from support.nodes.reached import cluster_of
from support.nodes.stand_in import StandIn

from indexer.store.cluster import vocabulary, writer
from indexer.store.cluster.documents import episode_documents as documents
from indexer.store.cluster.documents.layout import COUNTS, RECORD
from indexer.store.cluster.library import meta
from indexer.store.cluster.term_counts import TermCounts
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem

pytestmark = pytest.mark.usefixtures("loaded_tools")


def packed(value: bytes) -> str:
    return base64.b64encode(zlib.compress(value)).decode()


def test_data_that_decompress_to_more_than_they_may_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    server = StandIn({"library-meta": {}})
    cluster = cluster_of(server)
    meta.write_data(cluster, "manifest-1", b"0" * 100)
    assert meta.read_data(cluster, "manifest-1") == b"0" * 100
    monkeypatch.setattr(meta, "_LONGEST", 99)
    with pytest.raises(ClusterProblem, match="its manifest-1 is not as it was written: `podseek index --rebuild`"):
        meta.read_data(cluster, "manifest-1")


def test_counts_that_decompress_to_more_than_they_may_are_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = packed(b"[{}, {}]" + b" " * 100)
    assert documents.counts_of({COUNTS: [counts]}) == ({}, {})
    monkeypatch.setattr(documents, "_LONGEST_COUNTS", 99)
    with pytest.raises(ValueError, match="too long"):
        documents.counts_of({COUNTS: [counts]})


@pytest.mark.parametrize(
    "counts",
    [
        b"[{}, []]",
        b"[{}, {}, {}]",
        b"3",
        b"[" * 100_000,
        json.dumps([{"": 1}, {}]).encode(),
        json.dumps([{}, {"a\nb": 1}]).encode(),
        json.dumps([{"\ud800": 1}, {}]).encode(),
        *(json.dumps([{"a": count}, {}]).encode() for count in (0, -1, 1.0, True, None, "1", [1], 1 << 40)),
    ],
    ids=lambda counts: counts[:20].decode(),
)
def test_counts_of_another_form_are_one_line(counts: bytes, server: StandIn, shows: Path) -> None:
    run(shows)
    index = epoch_of(server).index_name
    name, document = next(iter(server.of_kind(index, "episode").items()))
    document[COUNTS] = packed(counts)
    with TermCounts() as terms, pytest.raises(ClusterProblem, match=f"the document {name} is not as it was written"):
        vocabulary.count(cluster_of(server), index, terms)


@pytest.mark.parametrize("atoms", [None, "x", "inf", []], ids=str)
def test_a_number_of_atoms_that_is_none_is_one_line(atoms: object) -> None:
    number = float("inf") if atoms == "inf" else atoms
    answer = {
        "_shards": {"total": 1, "successful": 1},
        "hits": {"hits": [{"_id": "a", "sort": ["a"], "fields": {COUNTS: [packed(b"[{}, {}]")], "atoms": [number]}}]},
    }
    body = json.dumps(answer).encode()
    if atoms == []:
        body = body.replace(b"[[]]", b"[]")
    server = StandIn(fault=lambda asked, go: Reply(200, body))
    with TermCounts() as terms, pytest.raises(ClusterProblem, match="the document a is not as it was written"):
        vocabulary.count(cluster_of(server), "library-v1", terms)


@pytest.mark.parametrize("fields", [5, [], {RECORD: 5}, {RECORD: []}, {RECORD: [5]}, {RECORD: ["?"]}, {}], ids=str)
def test_a_record_of_another_form_is_one_line(fields: object) -> None:
    answer = {
        "_shards": {"total": 1, "successful": 1},
        "hits": {"hits": [{"_id": "a", "sort": ["a"], "fields": fields}]},
    }
    server = StandIn(fault=lambda asked, go: Reply(200, json.dumps(answer).encode()))
    with pytest.raises(ClusterProblem, match="the document a is not as it was written"):
        list(writer.stored_records(cluster_of(server), "library-v1"))
