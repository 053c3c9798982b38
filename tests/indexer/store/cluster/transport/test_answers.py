"""What a cluster answers: refusals, other forms than those of OpenSearch, and a part of what was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, StandIn

from indexer.store.cluster.documents.reading import each_hit
from indexer.store.cluster.leftovers import leftovers, passages
from indexer.store.cluster.library.home import _mirrored_lexicons, publish_alias
from indexer.store.cluster.library.meta import Epoch, read_data, read_epoch, read_values, write_values
from indexer.store.cluster.library.size import size_in_bytes
from indexer.store.cluster.library.versions import IndexShape, ensure_library, point
from indexer.store.cluster.stored_state import read_states
from indexer.store.cluster.transport import cbor
from indexer.store.cluster.transport.bulk import Action, BulkWriter
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem
from indexer.store.cluster.vocabulary import _delete_unused


@pytest.mark.parametrize(
    ("status", "says"), [(401, "refuses access"), (403, "refuses access"), (301, "redirects"), (400, "refuses")]
)
def test_what_will_not_pass_is_not_tried_again(status: int, says: str) -> None:
    server = StandIn(fault=lambda asked, go: Reply(status, b'{"error": "no"}'))
    with pytest.raises(ClusterProblem, match=says) as raised:
        cluster_of(server).call("GET", "/library-meta/_doc/a")
    assert (len(server.asked), raised.value.status) == (1, status)


def test_who_lacks_a_right_is_told_which() -> None:
    reason = "no permissions for [indices:admin/get] and User [name=writer]"
    cause = {"type": "security_exception", "reason": reason}
    body = json.dumps({"error": {**cause, "root_cause": [cause]}, "status": 403}).encode()
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(403, b"" if asked.method == "HEAD" else body)))
    for ask in (cluster.exists, lambda path: cluster.call("GET", path)):
        with pytest.raises(ClusterProblem, match=re.escape(reason)):
            ask("/library-meta")


def test_a_library_whose_making_was_interrupted_gets_its_alias() -> None:
    server = StandIn()
    ensure_library(cluster_of(server), IndexShape())
    del server.aliases["library"]
    ensure_library(cluster_of(server), IndexShape())
    assert server.aliases["library"] == "library-v1"


def test_what_is_no_opensearch_is_refused_in_one_line() -> None:
    server = StandIn(fault=lambda asked, go: Reply(200, b"<html>hello</html>"))
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        cluster_of(server).call("GET", "/library-meta/_doc/a")


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"3", b'"<html>"', b'{"_shards": 1}', b'{"found": true}', b'{"items": [1]}', b"[" * 100_000]
)
def test_an_answer_of_another_form_is_refused_in_one_line(body: bytes) -> None:
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, body)))
    asked: list[Callable[[], object]] = [
        lambda: cluster.search("a", {}),
        lambda: cluster.msearch([("a", {})]),
        lambda: read_values(cluster, "epoch"),
        lambda: read_data(cluster, "manifest-1"),
        lambda: read_states(cluster, "a", ["b"]),
        lambda: BulkWriter(cluster).write("a", [Action("delete", "b")]),
        lambda: list(passages(cluster, "a")),
        lambda: list(each_hit(cluster, "a", {}, [])),
        lambda: size_in_bytes(cluster),
    ]
    for ask in asked:
        with pytest.raises(ClusterProblem, match="not as OpenSearch"):
            ask()


@pytest.mark.parametrize("body", [b'{"hits": [' + b"[]," * 200 + b"[]]}", b'{"a": "' + b"x" * 300 + b'", "b": 1}'])
def test_an_answer_of_very_many_values_is_refused_in_one_line(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, body)))
    whole = cluster.call("GET", "/")
    monkeypatch.setattr(cbor, "MOST_VALUES", 100)
    if "a" in whole:  # one long text is not many values
        assert cluster.call("GET", "/") == whole
    else:
        with pytest.raises(ClusterProblem, match="not as OpenSearch"):
            cluster.call("GET", "/")


def test_a_number_without_end_is_refused_in_one_line() -> None:
    answer = {"_shards": {"total": 1, "successful": float("inf")}}
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, json.dumps(answer).encode())))
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        cluster.search("a", {})


def test_a_refusal_that_is_deeply_nested_is_one_line() -> None:
    server = StandIn(fault=lambda asked, go: Reply(400, b'{"error":' + b"[" * 100_000))
    with pytest.raises(ClusterProblem, match="400"):
        cluster_of(server).call("GET", "/library-meta/_doc/a")


def shards(answered: int, total: int, failed: int = 0, timed_out: bool = False) -> Reply:
    counts = {"total": total, "successful": answered, "failed": failed}
    return Reply(200, json.dumps({"_shards": counts, "timed_out": timed_out, "hits": {"hits": []}}).encode())


def test_a_search_asks_again_before_it_takes_a_part() -> None:
    answers = [Reply(503, b"{}"), shards(1, 3), shards(2, 3)]
    allowed: list[str] = []

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        allowed.append(asked.params["allow_partial_search_results"])
        return answers.pop(0)

    answer = cluster_of(StandIn(fault=fault), tries=1).search("library", {})
    assert (answer.answered, answer.total, answer.is_whole) == (2, 3, False)
    assert allowed == ["false", "false", "true"]


@pytest.mark.parametrize(
    "reply", [shards(2, 3), shards(3, 3, failed=1), shards(3, 3, timed_out=True)], ids=["fewer", "failed", "late"]
)
def test_a_part_is_never_taken_for_the_whole(reply: Reply) -> None:
    assert not cluster_of(StandIn(fault=lambda asked, go: reply)).search("library", {}).is_whole


def test_one_of_several_searches_that_fails_is_asked_by_itself() -> None:
    whole = json.loads(shards(3, 3).body)

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if asked.path == "/_msearch":
            return Reply(200, json.dumps({"responses": [whole, {"error": {"type": "x"}, "status": 503}]}).encode())
        return shards(3, 3)

    server = StandIn(fault=fault)
    answers = cluster_of(server).msearch([("library", {"size": 1}), ("library", {"size": 2})])
    assert [answer.is_whole for answer in answers] == [True, True]
    assert [asked.path for asked in server.asked] == ["/_msearch", "/library/_search"]


def test_a_search_that_stopped_early_is_told_as_that() -> None:
    cluster = cluster_of(StandIn(fault=lambda asked, go: shards(3, 3, timed_out=True)))
    with pytest.raises(ClusterProblem, match="the cluster stopped before it was done"):
        list(each_hit(cluster, "a", {}, []))


def test_a_page_of_documents_that_comes_again_is_not_read_for_ever() -> None:
    answer = {"_shards": {"total": 1, "successful": 1}, "hits": {"hits": [{"_id": "a", "sort": ["a"]}]}}
    server = StandIn(fault=lambda asked, go: Reply(200, json.dumps(answer).encode()))
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        list(each_hit(cluster_of(server), "a", {}, [], page=1))
    assert len(server.asked) == 2


@pytest.mark.parametrize("files", [3, ["a"], "ab", {"lexicon-00000000.toml": 3}])
def test_lexicons_of_another_form_are_one_line(files: object, tmp_path: Path) -> None:
    server = StandIn({"library-meta": {}})
    write_values(cluster_of(server), "lexicons", {"files": files})
    asked: list[Callable[[], object]] = [
        lambda: _mirrored_lexicons(cluster_of(server), tmp_path),
        lambda: publish_alias(cluster_of(server), "电池", ["店迟"]),
    ]
    for ask in asked:
        with pytest.raises(ClusterProblem, match="not as OpenSearch"):
            ask()


SHARDS = {"total": 1, "successful": 1, "failed": 0}


@pytest.mark.parametrize(
    "answer",
    [
        {"hits": {"hits": [1]}},
        {"hits": {"hits": [{"_id": 1, "fields": {}}]}},
        {"hits": {"hits": [{"fields": {"revision": []}}]}},
        {"hits": {"hits": [{"_id": "a", "fields": {}}]}},
        {"hits": {"hits": []}, "aggregations": {"all": {"buckets": [{"key": "a"}]}}},
        {"hits": {"hits": []}, "aggregations": {"all": {"buckets": {"a": 1}}}},
    ],
    ids=["number", "id", "no id", "no fields", "key", "buckets"],
)
def test_hits_and_groups_of_another_form_are_one_line(answer: dict[str, object]) -> None:
    body = json.dumps({"_shards": SHARDS, **answer}).encode()
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, body)))
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        leftovers(cluster, "a")


@pytest.mark.parametrize("values", [{"epoch": {}}, {"format": "x"}, {"atoms": None}], ids=["map", "text", "none"])
def test_an_epoch_of_another_form_is_one_line(values: dict[str, object]) -> None:
    epoch = {**Epoch(1, 1, "library-v1", "library-words-v1-e1", 1, 1, "t")._asdict(), **values}
    found = {"found": True, "_seq_no": 1, "_primary_term": 1, "_source": {"values": epoch}}
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, json.dumps(found).encode())))
    with pytest.raises(ClusterProblem, match="its epoch is not as it was written: `podseek index --backend"):
        read_epoch(cluster)


@pytest.mark.parametrize("body", [b"[]", b"3", b'"<html>"', b'{"_shards": 1}', b'{"items": [1]}', b'{"library-v1": '])
def test_aliases_of_another_form_are_one_line(body: bytes) -> None:
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, body)))
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        point(cluster, "library", "library-v1")


@pytest.mark.parametrize("listed", [b"{}", b'["a"]', b'[{"name": "a"}]', b'"<html>"'])
def test_a_list_of_indices_of_another_form_is_one_line(listed: bytes) -> None:
    server = StandIn({"library-meta": {}})
    epoch = Epoch(1, 1, "library-v1", "library-words-v1-e1", 1, 1, "t")
    write_values(cluster_of(server), "epoch", epoch._asdict())
    server.fault = lambda asked, go: Reply(200, listed) if asked.path.startswith("/_cat") else go()
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        _delete_unused(cluster_of(server), ())


@pytest.mark.parametrize(
    "body",
    [
        rb'{"error": {"type": "x", "reason": "bad header Basic dXNl/jpwYXNzMQ\u003d\u003d"}}',
        rb'{"error": {"type": "x", "reason": "bad header Basic dXNl\/jpwYXNzMQ=="}}',
        rb'{"error": "bad header Basic dXNl\/jpwYXNzMQ\u003D\u003d"}',
        rb'{"message": "bad header Basic dXNl\/jpwYXNzMQ\u003D\u003d"}',
        rb'{"error": {"reason": "bad header Basic dXNl\/jpwYXNzMQ\u003d\u003d", "ty',
    ],
)
def test_a_refusal_repeats_no_credential_however_json_writes_it(body: bytes) -> None:
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(400, body)))
    cluster._hidden = b"dXNl/jpwYXNzMQ=="
    with pytest.raises(ClusterProblem, match=r"bad header Basic \*\*\*") as raised:
        cluster.call("GET", "/")
    assert "pwYXNzMQ" not in str(raised.value)


def test_a_refusal_repeats_no_token_with_a_quotation_mark() -> None:
    body = rb'{"error": {"type": "x", "reason": "bad token ge\"he\\im"}}'
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(400, body)))
    cluster._hidden = rb'ge"he\im'
    with pytest.raises(ClusterProblem, match=r"bad token \*\*\*"):
        cluster.call("GET", "/")


def test_a_refusal_in_cbor_names_its_reason_and_no_credential() -> None:
    reason = b"\xbf\x65error\xbf\x64type\x61x\x66reason\x6bBearer geheim\xff\xff"[:-2] + b"\xff\xff"
    reply = Reply(400, reason.replace(b"\x6bBearer geheim", b"\x6dBearer geheim"), kind="application/cbor")
    cluster = cluster_of(StandIn(fault=lambda asked, go: reply))
    cluster._hidden = b"geheim"
    with pytest.raises(ClusterProblem) as raised:
        cluster.call("GET", "/", accept="application/cbor")
    assert "x: Bearer ***" in str(raised.value)
