"""What a search makes of the answers of a cluster: recorded ones, without a network."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from indexer.core.errors import IndexProblem
from indexer.core.sealed_json import sealed
from indexer.store import schema
from indexer.store.cluster.address import parse_address
from indexer.store.cluster.client import Cluster, ClusterPatience, ShardAnswer
from indexer.store.cluster.connection import AnswerTooLarge, Connections, Reply, Unreachable
from indexer.store.cluster.meta import Epoch
from search.backends.opensearch import index as opened
from search.backends.opensearch import searches
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.index import OpenSearchIndex, open_index
from search.backends.remote import EVERY, Bound, Counted, Frequency, Holds, Likeliest, Peak, WantedEpisodes

EPOCH = Epoch(1, 3, "talks-v1", "talks-words-v1-e3", 20, 9000, "t")
WHOLE = {"successful": 2, "total": 2, "failed": 0}


class Recorded:
    """A cluster that gives these answers, one after the other, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.address = parse_address("http://127.0.0.1:9200/talks")
        self.own = threading.local()
        self.asked: list[Any] = []
        self._answers = list(answers)

    understood, misunderstood = Cluster.understood, Cluster.misunderstood

    def call(self, method: str, path: str, body: object = None, params: object = None, missing_ok: bool = False) -> Any:
        self.asked.append((path, body))
        return self._answers.pop(0)

    def search(self, index: str, body: Mapping[str, Any], params: object = None, accept: str = "") -> ShardAnswer:
        self.asked.append((index, body))
        found = self._answers.pop(0)
        shards = found.get("_shards", WHOLE)
        return ShardAnswer(found, shards["successful"], shards["total"])

    def msearch(
        self, searches: list[tuple[str, Mapping[str, Any]]], shown: str = "", accept: str = "", spare: int = 0
    ) -> list[ShardAnswer]:
        return [self.search(*one) for one in searches]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path))
    monkeypatch.setattr(opened, "mirror", lambda *_: None)

    def index(*answers: Any, epoch: Epoch = EPOCH) -> tuple[OpenSearchIndex, Recorded]:
        cluster = Recorded(*answers)
        return OpenSearchIndex(cluster, epoch), cluster  # type: ignore[arg-type]

    return index


def test_frequencies_are_asked_of_the_vocabulary_in_one_request(make: Any) -> None:
    index, cluster = make({"docs": [{"_id": "w:强化", "_source": {"count": 9, "episodes": 4}}, {"_id": "c:强"}]})
    assert index.frequencies(["强化", "强"]) == {"强化": Frequency(9, 4)}
    assert cluster.asked == [("/talks-words-v1-e3/_mget", {"ids": ["w:强化", "c:强"]})]


def test_a_vocabulary_that_does_not_answer_stops_the_search_in_one_line(make: Any) -> None:
    index, _ = make({"docs": [{"_id": "w:强化", "error": {"reason": "no shard\nis available"}}]})
    with pytest.raises(IndexProblem, match=r"127.0.0.1:9200/talks: its vocabulary does not answer \(no shard is"):
        index.frequencies(["强化"])


def test_the_occurrences_of_a_phrase_are_counted_once(make: Any) -> None:
    answer = {"hits": {"total": {"value": 2}}, "aggregations": {"all": {"value": 10.0}}}
    index, _ = make(answer, answer)
    assert index.run_frequencies([("听", "不"), ("听", "不", "见")]) == [Frequency(10, 2), Frequency(5, 2)]


def test_shards_that_did_not_answer_are_told_once(make: Any) -> None:
    partial = {"_shards": {"successful": 18, "total": 20}, "hits": {"hits": [{"_id": "k"}]}}
    index, _ = make(partial, {"hits": {"hits": []}})
    assert index.keys_of_each([Holds(("强",)), Holds(("化",))], 9) == ([["k"], []], [])
    assert index.told() == ["2 of 20 shards did not answer"]
    assert index.told() == []


def test_pages_follow_each_other(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "PAGE", 2)
    pages = [[{"_id": key, "sort": [key]} for key in keys] for keys in ("ab", "cd", "")]
    index, cluster = make(*({"hits": {"hits": page}} for page in pages))
    assert index.keys(EVERY) == ["a", "b", "c", "d"]
    assert [body.get("search_after") for _, body in cluster.asked] == [None, ["b"], ["d"]]


def test_passages_give_the_episode_and_the_bound(make: Any) -> None:
    index, cluster = make({"hits": {"hits": [{"_score": 1.5, "fields": {"episode": ["k"]}}]}})
    assert index.passages([Bound(("强化",), 1.0)], 1.0, EVERY, 400) == [(1.5, "k")]
    assert cluster.asked[0][1]["size"] == 400


def test_stored_fields_are_those_of_a_folder(make: Any) -> None:
    record = {"id": "talks/1"}
    fields = {"id": ["talks/1"], "record": [_coded(sealed(record))], "stream": [_coded(b"abc")]}
    index, _ = make({"hits": {"hits": [{"_id": "k", "fields": fields}]}})
    (stored,) = index.stored(["k"], (schema.STREAM, schema.DAMPED))
    assert (stored.key, stored.id, stored.record, stored.columns) == ("k", "talks/1", record, {schema.STREAM: b"abc"})


def test_all_that_a_query_counts_is_asked_in_one_request(make: Any) -> None:
    words = {"hits": {"hits": [{"_id": "w:强化", "_source": {"count": 7, "episodes": 2}}]}}
    titled = {"hits": {"total": {"value": 0}}}
    counted = {"hits": {"total": {"value": 3}}, "aggregations": {"all": {"value": 8.0}}}
    index, cluster = make(words, titled, counted)
    found = index.all_frequencies(["强化", "没有"], [("强", "化", "学")])
    assert found == ({"强化": Frequency(7, 2)}, [Frequency(4, 3)])
    assert index.has_titles is False
    assert [name for name, _ in cluster.asked] == ["talks-words-v1-e3", "talks-v1", "talks-v1"]


def test_a_vocabulary_that_answers_in_part_is_asked_again(make: Any) -> None:
    part = {"_shards": {"successful": 0, "total": 1, "failed": 1}, "hits": {"hits": []}}
    index, _ = make(part, {"hits": {"total": {"value": 0}}}, {"docs": [{"_id": "w:强化", "error": {"reason": "gone"}}]})
    with pytest.raises(IndexProblem, match=r"its vocabulary does not answer \(gone\)"):
        index.all_frequencies(["强化"], [])


LISTED = {"hits": {"hits": [{"_id": "k", "sort": [3 / 259, "talks/1"]}, {"_id": "l", "sort": [0.0, "talks/2"]}]}}


def test_the_first_episodes_come_with_the_list_of_their_peaks(make: Any) -> None:
    fields = {"id": ["talks/1"], "record": [_coded(sealed({"id": "talks/1"}))], "stream": [_coded(b"s")]}
    index, cluster = make(LISTED, {"hits": {"hits": [{"_id": "k", "fields": fields}]}})
    found, (stored,) = index.peaks(("强", "化", "学"), EVERY, 9, 1, (schema.STREAM,))
    assert found == [Peak(3.0, "talks/1", "k"), Peak(1.0, "talks/2", "l")]
    assert (stored.key, stored.columns) == ("k", {schema.STREAM: b"s"})
    assert [body["size"] for _, body in cluster.asked] == [9, 1]


def test_the_likeliest_episodes_come_with_passages(make: Any) -> None:
    passages = {"hits": {"hits": [{"_score": 1.5, "fields": {"episode": ["k"]}}]}}
    best = {"hits": {"hits": [{"_id": "k", "_score": 2.5}]}}
    index, cluster = make(passages, best, best)
    ranked = Likeliest((Counted(("强", "化", "学"), 2.0), Counted(("网络",), 1.0)), 0.3, 0.001)
    assert index.likely([STRONG], 1.0, EVERY, 9, ranked, 80) == ([(1.5, "k")], [(2.5, "k")])
    assert [body["size"] for _, body in cluster.asked] == [9, 80]
    scripts = [one["script_score"] for one in cluster.asked[1][1]["query"]["bool"]["must"][0]["bool"]["should"]]
    params = {"base": 0.3, "slope": 0.001}
    assert [one["script"]["params"] for one in scripts] == [
        {"once": 2, "weight": 2.0, **params},
        {"once": 1, "weight": 1.0, **params},
    ]
    assert index.likely([], 1.0, EVERY, 9, ranked, 80) == ([], [(2.5, "k")])


def test_passages_of_a_library_without_pairs_are_found_by_first_atoms(make: Any) -> None:
    index, cluster = make({"hits": {"hits": []}}, epoch=EPOCH._replace(format=1))
    assert index.passages([Bound((), 1.0, (("强", "化"),))], 1.0, EVERY, 9) == []
    assert "w.强" in str(cluster.asked)
    assert "pairs" not in str(cluster.asked)


def test_a_library_without_peaks_lists_episodes_by_occurrences(make: Any) -> None:
    index, cluster = make({"hits": {"hits": [{"_id": "k", "sort": [6.0, "talks/1"]}]}}, epoch=EPOCH._replace(format=1))
    assert index.peaks(("强", "化", "学"), EVERY, 9, 0, ()) == ([Peak(3.0, "talks/1", "k")], [])
    assert "peaks" not in str(cluster.asked)


class Overfull:
    """Takes the place of `Connections`: answers searches, but fails for episodes: each by itself, or the whole
    request."""

    def __init__(self, fails_whole: bool) -> None:
        self._fails_whole = fails_whole
        self.asked: list[tuple[str, int]] = []

    def ask(self, node: object, method: str, path: str, body: bytes, *_: object) -> Reply:
        searches = body.splitlines()[1::2]
        self.asked.append((path.partition("?")[0], len(searches)))
        are_fetched = [b"stored_fields" in one for one in searches]
        if path.startswith("/talks-v1/") or (self._fails_whole and any(are_fetched)):
            raise AnswerTooLarge("its answer is too large")
        found = {"_shards": WHOLE, "hits": {"hits": [{"_id": "k"}]}}
        failed = {"error": {"type": "circuit_breaking_exception"}, "status": 429}
        return Reply(200, json.dumps({"responses": [failed if one else found for one in are_fetched]}).encode())


@pytest.mark.parametrize("fails_whole", [False, True])
def test_episodes_that_come_with_their_keys_are_left_out_if_they_are_too_many(
    fails_whole: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path))
    monkeypatch.setattr(opened, "mirror", lambda *_: None)
    cluster = CountingCluster(parse_address("http://127.0.0.1:9200/talks"), ClusterPatience(tries=1))
    cluster._connections = overfull = Overfull(fails_whole)  # type: ignore[assignment]
    index = OpenSearchIndex(cluster, EPOCH)
    wanted = [WantedEpisodes((EVERY,), (), (), False, (schema.STREAM,), 9)]
    assert index.keys_of_each([EVERY, EVERY], 9, wanted) == ([["k"], ["k"]], [])
    assert overfull.asked == [("/_msearch", 3)] + [("/_msearch", 2)] * fails_whole
    assert index.told() == []


@pytest.mark.parametrize("hits", [3, {"a": 1}, "ab", [3], [None]])
def test_hits_of_another_form_are_one_line(hits: object, make: Any) -> None:
    index, _ = make(*[{"hits": {"hits": hits}}] * 3)
    for ask in (lambda: index.keys(EVERY), lambda: index.stored(["k"], ()), lambda: index.holding("强", ["k"])):
        with pytest.raises(IndexProblem, match="not as OpenSearch"):
            ask()


RECORD = base64.b64encode(sealed({"id": "talks/1"})).decode()


@pytest.mark.parametrize(
    "fields",
    [
        3,
        None,
        {"id": [3], "record": [RECORD]},
        {"id": 3, "record": [RECORD]},
        {"id": ["talks/1"], "record": [3]},
        {"id": ["talks/1"], "record": [RECORD], "stream": 3},
        {"id": ["talks/1"], "record": [RECORD], "stream": [3]},
    ],
)
def test_an_episode_of_another_form_is_named(fields: object, make: Any) -> None:
    index, _ = make({"hits": {"hits": [{"_id": "k", "fields": fields}]}})
    with pytest.raises(IndexProblem, match="the episode with the key k is not as it was written"):
        index.stored(["k"], (schema.STREAM,))


def test_a_page_that_comes_again_is_not_read_for_ever(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "PAGE", 2)
    monkeypatch.setattr(opened, "PAGE", 2)
    page = {"hits": {"hits": [{"_id": key, "sort": [key]} for key in "ab"]}}
    values = {"buckets": [{"key": {"value": value}} for value in "ab"], "after_key": {"value": "b"}}
    index, _ = make(page, page, *[{"aggregations": {"all": values}}] * 2)
    for ask in (lambda: index.keys(EVERY), lambda: index.values("show")):
        with pytest.raises(IndexProblem, match="not as OpenSearch"):
            ask()


def test_a_cluster_that_stopped_early_is_told_as_that(make: Any) -> None:
    index, _ = make({"timed_out": True, "hits": {"hits": []}})
    assert index.keys(EVERY) == []
    assert index.told() == ["the cluster stopped before it was done"]


def test_a_damaged_episode_is_named(make: Any) -> None:
    index, _ = make({"hits": {"hits": [{"_id": "k", "fields": {"id": ["talks/1"], "record": ["%%%"]}}]}})
    with pytest.raises(IndexProblem, match="the episode with the key k is not as it was written"):
        index.stored(["k"], ())


STRONG = Bound(("强",), 1.0)
ODD: tuple[tuple[Any, Callable[[OpenSearchIndex], Any]], ...] = (
    ({"hits": {}}, lambda index: index.episodes_with(EVERY)),
    ({"hits": []}, lambda index: index.keys(EVERY)),
    ({"hits": {"total": {"value": None}}}, lambda index: index.has_titles),
    ({"hits": {"total": {"value": 1}}}, lambda index: index.run_frequencies([("听", "不")])),
    ({"hits": {"hits": [{}]}}, lambda index: index.keys_of_each([EVERY], 9)),
    ({"hits": {"hits": [{"_id": "k", "sort": [None, "k"]}]}}, lambda index: index.peaks(("强",), EVERY, 9, 9, ())),
    ({"hits": {"hits": [{"_score": 1.0}]}}, lambda index: index.passages([STRONG], 1.0, EVERY, 9)),
    ({"hits": {"hits": [{}]}}, lambda index: index.stored(["k"], ())),
    ({"hits": {"hits": [{"_source": {}}]}}, lambda index: list(index.words("强"))),
    ({"aggregations": {}}, lambda index: index.values("show")),
    ({"message": "sign in"}, lambda index: index.frequencies(["强"])),
    ([], lambda index: index.frequencies(["强"])),
)


@pytest.mark.parametrize(("answer", "ask"), ODD, ids=range(len(ODD)))
def test_json_of_another_shape_is_told_in_one_line(
    make: Any, answer: Any, ask: Callable[[OpenSearchIndex], Any]
) -> None:
    index, _ = make(answer, answer)
    with pytest.raises(IndexProblem, match=r"^http://127.0.0.1:9200/talks: answers, but not as OpenSearch does: see"):
        ask(index)


def test_a_library_without_an_epoch_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.store.cluster.meta.read_epoch", lambda _: None)
    with pytest.raises(IndexProblem, match="there is no library here: make one with `podseek index --backend`"):
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
    monkeypatch.setattr(opened, "WHILE_WAITING", ClusterPatience(tries=1))
    with pytest.raises(IndexProblem, match="silent"):
        open_index("http://127.0.0.1:9,127.0.0.1:10/talks")
    assert allowed == [15.0, 15.0]


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()
