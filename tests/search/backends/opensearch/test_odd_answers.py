"""Answers of a cluster that are partial, damaged, too large or not of OpenSearch: one line, and no endless work."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.nodes.cluster_answers import EPOCH, WHOLE

from indexer.core.errors import IndexProblem
from indexer.core.files.sealed_json import sealed
from indexer.store import schema
from indexer.store.cluster.transport.address import parse_address
from indexer.store.cluster.transport.connection import AnswerTooLarge, Reply
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from search.backends.conditions import EVERY, Holds
from search.backends.opensearch import epoch_vocabulary, requests, searches
from search.backends.opensearch import index as opened
from search.backends.opensearch.counting import CountingCluster
from search.backends.opensearch.index import OpenSearchIndex
from search.backends.remote import Bound, ByBound, Counted, Likeliest, Questions, WantedEpisodes

LISTED = ByBound((Bound(("强",), 1.0),), 1.0, EVERY, 9)
RANKED = Likeliest((Counted(("强",), 1.0),), 0.3, 0.001, 9)


def test_a_vocabulary_that_does_not_answer_stops_the_search_in_one_line(make: Any) -> None:
    index, _ = make({"docs": [{"_id": "w:强化", "error": {"reason": "no shard\nis available"}}]})
    with pytest.raises(IndexProblem, match=r"127.0.0.1:9200/talks: its vocabulary does not answer \(no shard is"):
        index.frequencies(["强化"])


def test_a_vocabulary_that_was_deleted_while_a_library_is_open_is_one_line(make: Any) -> None:
    index, _ = make({"docs": [{"_id": "w:强化", "error": {"reason": "no such index [talks-words-v1-e1]"}}]})
    with pytest.raises(IndexProblem, match=r"an index of the library is gone \(no such index \[talks-words-v1-e1\]\)"):
        index.frequencies(["强化"])


def test_a_vocabulary_that_answers_in_part_is_asked_again(make: Any) -> None:
    part = {"_shards": {"successful": 0, "total": 1, "failed": 1}, "hits": {"hits": []}}
    index, _ = make(part, {"hits": {"total": {"value": 0}}}, {"docs": [{"_id": "w:强化", "error": {"reason": "gone"}}]})
    with pytest.raises(IndexProblem, match=r"its vocabulary does not answer \(gone\)"):
        index.all_frequencies(["强化"], [])


def test_shards_that_did_not_answer_are_told_once(make: Any) -> None:
    partial = {"_shards": {"successful": 18, "total": 20}, "hits": {"hits": [{"_id": "k"}]}}
    index, _ = make(partial, {"hits": {"hits": []}})
    found = index.answers(Questions((Holds(("强",)), Holds(("化",))), 9))
    assert (found.keys, found.stored) == ([["k"], []], [])
    assert index.unanswered() == ["2 of 20 shards did not answer"]
    assert index.unanswered() == []


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
    cluster = CountingCluster(parse_address("http://127.0.0.1:9200/talks"), RetryPolicy(tries=1))
    cluster._connections = overfull = Overfull(fails_whole)  # type: ignore[assignment]
    index = OpenSearchIndex(cluster, EPOCH)
    wanted = WantedEpisodes((EVERY,), (), (), False, (schema.STREAM,), 9)
    found = index.answers(Questions((EVERY, EVERY), 9, (wanted,)))
    assert (found.keys, found.stored) == ([["k"], ["k"]], [])
    assert overfull.asked == [("/_msearch", 3)] + [("/_msearch", 2)] * fails_whole
    assert index.unanswered() == []


class WithoutWords:
    """Takes the place of `Connections`: the index of the vocabulary was deleted."""

    def ask(self, node: object, method: str, path: str, body: bytes, *_: object) -> Reply:
        kind = "index_not_found_exception"
        cause = {"type": kind, "reason": "no such index [talks-words-v1-e1]"}
        gone = {"error": {"root_cause": [cause], **cause}, "status": 404}
        if path.startswith("/talks-words-"):
            return Reply(404, json.dumps(gone).encode())
        names = [json.loads(line)["index"] for line in body.splitlines()[::2]]
        found = {"_shards": WHOLE, "hits": {"total": {"value": 0}, "hits": []}, "aggregations": {"all": {"value": 0}}}
        return Reply(200, json.dumps({"responses": [gone if "-words-" in name else found for name in names]}).encode())


def test_a_search_without_a_vocabulary_says_what_makes_it_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path))
    monkeypatch.setattr(opened, "mirror", lambda *_: None)
    cluster = CountingCluster(parse_address("http://127.0.0.1:9200/talks"), RetryPolicy(tries=1))
    cluster._connections = WithoutWords()  # type: ignore[assignment]
    with pytest.raises(IndexProblem, match=r"an index of the library is gone .* no such index") as raised:
        OpenSearchIndex(cluster, EPOCH).all_frequencies(["强化"], [("强", "化")])
    assert str(raised.value).endswith(
        "`podseek index --backend http://127.0.0.1:9200/talks FOLDER`, with the transcripts, makes it anew"
    )


@pytest.mark.parametrize("hits", [3, {"a": 1}, "ab", [3], [None]])
def test_hits_of_another_form_are_one_line(hits: object, make: Any) -> None:
    index, _ = make(*[{"hits": {"hits": hits}}] * 7)
    asked: list[Callable[[], Any]] = [lambda: index.keys(EVERY), lambda: index.stored(["k"], ())]
    for questions in (
        Questions(words=(("强", ("k",)),)),
        Questions((EVERY,), 9),
        Questions(listed=LISTED),
        Questions(ranked=RANKED),
        Questions(also=(WantedEpisodes((EVERY,), (), (), False, (), 9),)),
    ):
        asked.append(partial(index.answers, questions))
    for ask in asked:
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
    with pytest.raises(IndexProblem, match="the document k is not as it was written"):
        index.stored(["k"], (schema.STREAM,))


def test_a_page_that_comes_again_is_not_read_for_ever(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (searches, epoch_vocabulary, requests):
        monkeypatch.setattr(module, "PAGE", 2)
    page = {"hits": {"hits": [{"_id": key, "sort": [key]} for key in "ab"]}}
    values = {"buckets": [{"key": {"value": value}} for value in "ab"], "after_key": {"value": "b"}}
    index, _ = make(page, page, *[{"aggregations": {"all": values}}] * 2)
    for ask in (lambda: index.keys(EVERY), lambda: index.values("show")):
        with pytest.raises(IndexProblem, match="not as OpenSearch"):
            ask()


def test_a_cluster_that_stopped_early_is_told_as_that(make: Any) -> None:
    index, _ = make({"timed_out": True, "hits": {"hits": []}})
    assert index.keys(EVERY) == []
    assert index.unanswered() == ["the cluster stopped before it was done"]


def test_a_damaged_episode_is_named(make: Any) -> None:
    index, _ = make({"hits": {"hits": [{"_id": "k", "fields": {"id": ["talks/1"], "record": ["%%%"]}}]}})
    with pytest.raises(IndexProblem, match="the document k is not as it was written"):
        index.stored(["k"], ())


ODD: tuple[tuple[Any, Callable[[OpenSearchIndex], Any]], ...] = (
    ({"hits": {}}, lambda index: index.episodes_with(EVERY)),
    ({"hits": []}, lambda index: index.keys(EVERY)),
    ({"hits": {"total": {"value": None}}}, lambda index: index.has_titles),
    ({"hits": {"total": {"value": 1}}}, lambda index: index.all_frequencies((), [("听", "不")])),
    ({"hits": {"hits": [{}]}}, lambda index: index.answers(Questions((EVERY,), 9))),
    ({"hits": {"hits": [{}]}}, lambda index: index.answers(Questions(words=(("强", ("k",)),)))),
    ({"hits": {"hits": [{}]}}, lambda index: index.answers(Questions(ranked=RANKED))),
    ({"hits": {"hits": [{"_id": "k", "_score": None}]}}, lambda index: index.answers(Questions(ranked=RANKED))),
    ({"hits": {"hits": [{"_id": "k", "sort": [None, "k"]}]}}, lambda index: index.peaks(("强",), EVERY, 9, 9, ())),
    ({"hits": {"hits": [{"_score": 1.0}]}}, lambda index: index.answers(Questions(listed=LISTED))),
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
