"""What a search asks of a cluster, and what it makes of the answers: recorded ones, without a network."""

from __future__ import annotations

from typing import Any

import pytest
from support.nodes.cluster_answers import EPOCH, coded

from indexer.core.files.sealed_json import sealed
from indexer.store import schema
from search.backends.conditions import EVERY, HasSounds, Holds, ValueIn
from search.backends.opensearch import epoch_vocabulary, searches
from search.backends.remote import (
    Answers,
    Bound,
    ByBound,
    Counted,
    Frequencies,
    Frequency,
    Likeliest,
    Peak,
    Questions,
    Spelled,
    WantedEpisodes,
)

STRONG = Bound(("强",), 1.0)


def test_frequencies_are_asked_of_the_vocabulary_in_one_request(make: Any) -> None:
    index, cluster = make({"docs": [{"_id": "w:强化", "_source": {"count": 9, "episodes": 4}}, {"_id": "c:强"}]})
    assert index.frequencies(["强化", "强"]) == {"强化": Frequency(9, 4)}
    assert cluster.asked == [("/talks-words-v1-e3/_mget", {"ids": ["w:强化", "c:强"]})]


def test_the_occurrences_of_a_phrase_are_counted_once(make: Any) -> None:
    answer = {"hits": {"total": {"value": 2}}, "aggregations": {"all": {"value": 10.0}}}
    index, _ = make(answer, answer)
    assert index.all_frequencies((), [("听", "不"), ("听", "不", "见")])[1] == [Frequency(10, 2), Frequency(5, 2)]


def test_pages_follow_each_other(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "PAGE", 2)
    pages = [[{"_id": key, "sort": [key]} for key in keys] for keys in ("ab", "cd", "")]
    index, cluster = make(*({"hits": {"hits": page}} for page in pages))
    assert index.keys(EVERY) == ["a", "b", "c", "d"]
    assert [body.get("search_after") for _, body in cluster.asked] == [None, ["b"], ["d"]]


def test_passages_give_the_episode_and_the_bound(make: Any) -> None:
    index, cluster = make({"hits": {"hits": [{"_score": 1.5, "fields": {"episode": ["k"]}}]}})
    asked = Questions(listed=ByBound((Bound(("强化",), 1.0),), 1.0, EVERY, 400))
    assert index.answers(asked) == Answers([], [], [(1.5, "k")], [], [], [], [])
    assert [(body["size"], body["collapse"]) for _, body in cluster.asked] == [(400, {"field": "episode"})]


def test_stored_fields_are_those_of_a_folder(make: Any) -> None:
    record = {"id": "talks/1"}
    fields = {"id": ["talks/1"], "record": [coded(sealed(record))], "stream": [coded(b"abc")]}
    index, _ = make({"hits": {"hits": [{"_id": "k", "fields": fields}]}})
    (stored,) = index.stored(["k"], (schema.STREAM, schema.DAMPED))
    assert (stored.key, stored.id, stored.record, stored.columns) == (
        "k",
        "talks/1",
        record,
        {schema.STREAM: b"abc", schema.DAMPED: b""},
    )


def test_all_that_a_query_counts_is_asked_in_one_request(make: Any) -> None:
    words = {"hits": {"hits": [{"_id": "w:强化", "_source": {"count": 7, "episodes": 2}}]}}
    titled = {"hits": {"total": {"value": 0}}}
    counted = {"hits": {"total": {"value": 3}}, "aggregations": {"all": {"value": 8.0}}}
    index, cluster = make(words, titled, counted)
    found = index.all_frequencies(["强化", "没有"], [("强", "化", "学")])
    assert found == Frequencies({"强化": Frequency(7, 2)}, [Frequency(4, 3)], [])
    assert index.has_titles is False
    assert [name for name, _ in cluster.asked] == ["talks-words-v1-e3", "talks-v1", "talks-v1"]


def test_the_values_of_fields_come_with_the_counts_unless_they_are_too_many(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epoch_vocabulary, "PAGE", 2)
    answers = [
        {"aggregations": {"all": {"buckets": [{"key": {"value": one}} for one in some], "after_key": {"value": "z"}}}}
        for some in ("a", "bc")
    ]
    index, cluster = make(*answers)
    assert index.all_frequencies((), [], fields=["show", "title"]).values == {"show": ["a"]}
    assert len(cluster.asked) == 2


def listed(*words: tuple[str, int]) -> dict[str, Any]:
    entries = [{"_id": f"w:{word}", "_source": {"term": word, "count": count, "episodes": 1}} for word, count in words]
    return {"hits": {"hits": entries}}


def test_what_is_spelled_in_some_way_and_all_names_come_with_the_counts(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epoch_vocabulary, "_WORDS", 2)
    counted = {"hits": {"total": {"value": 3}}, "aggregations": {"all": {"value": 8.0}}}
    names = [listed(("24", 1)), listed(("ai", 7), ("agent", 2)), listed(), listed(), listed(), listed(("und", 1))]
    index, cluster = make(counted, listed(("日阿紫", 2)), *names, listed(("apache", 1)))
    found = index.all_frequencies((), [("强", "化", "学")], [Spelled(("日人", "阿", "紫子"), 5)], with_names=True)
    assert found.runs == [Frequency(4, 3)]
    assert found.spelled == [{"日阿紫": Frequency(2, 1)}]
    assert list(found.names) == ["24", "ai", "agent", "apache", "und"]  # a full list is continued
    bodies = [body for _, body in cluster.asked]
    script = bodies[1]["query"]["bool"]["filter"][1]["script"]["script"]
    assert script["params"] == {"places": ["日人", "阿", "紫子"]}
    assert bodies[-1]["query"]["bool"]["filter"][0] == {"range": {"term": {"gte": "agent\0", "lt": "d"}}}


def test_of_several_sounds_each_episode_tells_which_it_has(make: Any) -> None:
    found = {"hits": {"hits": [{"_id": "k", "matched_queries": ["1"]}, {"_id": "l", "matched_queries": ["0", "1"]}]}}
    index, cluster = make(found)
    ways = HasSounds(((1,), (2,), (3,))), HasSounds(((1,), (4,), (3,)))
    (told,) = index.answers(Questions(sounding=(ways,), most=7)).sounding
    assert told == {"k": [ways[1]], "l": list(ways)}
    ((_, body),) = cluster.asked
    (several,) = body["query"]["bool"]["filter"]
    assert [one["bool"]["_name"] for one in several["bool"]["should"]] == ["0", "1"]
    assert body["size"] == 7


LISTED = {"hits": {"hits": [{"_id": "k", "sort": [3 / 259, "talks/1"]}, {"_id": "l", "sort": [0.0, "talks/2"]}]}}


def test_the_first_episodes_come_with_the_list_of_their_peaks(make: Any) -> None:
    fields = {"id": ["talks/1"], "record": [coded(sealed({"id": "talks/1"}))], "stream": [coded(b"s")]}
    index, cluster = make(LISTED, {"hits": {"hits": [{"_id": "k", "fields": fields}]}})
    found, (stored,) = index.peaks(("强", "化", "学"), EVERY, 9, 1, (schema.STREAM,))
    assert found == [Peak(3.0, "talks/1", "k"), Peak(1.0, "talks/2", "l")]
    assert (stored.key, stored.columns) == ("k", {schema.STREAM: b"s"})
    assert [body["size"] for _, body in cluster.asked] == [9, 1]


def test_all_questions_are_one_request(make: Any) -> None:
    """In the order of the questions: conditions, words, the likeliest, passages, and last what may be left out."""
    fields = {"id": ["talks/1"], "record": [coded(sealed({"id": "talks/1"}))], "clock": [coded(b"c")]}
    answers = [
        {"hits": {"hits": [{"_id": "k"}, {"_id": "l"}]}},
        {"hits": {"hits": []}},
        {"hits": {"hits": [{"_id": "m"}]}},
        {"hits": {"hits": [{"_id": "n", "_score": 2.5}]}},
        {"hits": {"hits": [{"_score": 1.5, "fields": {"episode": ["o"]}}]}},
        {"hits": {"hits": [{"_id": "k", "fields": fields}]}},
    ]
    index, cluster = make(*answers)
    asked = Questions(
        conditions=(Holds(("强",)), Holds(("化",))),
        most=7,
        also=(WantedEpisodes((EVERY,), (), ("p",), False, ("clock", "d01"), 8),),
        listed=ByBound((STRONG,), 1.0, EVERY, 9),
        ranked=Likeliest((Counted(("网络",), 1.0),), 0.3, 0.001, 10),
        words=(("强化", ("m", "q")),),
    )
    found = index.answers(asked)
    assert found.keys == [["k", "l"], []]
    assert found.having == [["m"]]
    assert found.likeliest == [(2.5, "n")]
    assert found.passages == [(1.5, "o")]
    assert [(one.key, one.columns) for one in found.stored] == [("k", {"clock": b"c", "d01": b""})]
    assert [body["size"] for _, body in cluster.asked] == [7, 7, 2, 10, 9, 8]
    assert cluster.asked[-1][1]["stored_fields"] == ["id", "record", "clock", "d01"]


def test_the_keys_of_a_condition_in_parts_are_joined(make: Any) -> None:
    sounds = HasSounds(tuple(tuple(range(at, at + 20)) for at in (0, 20, 40, 60)))
    each = [{"hits": {"hits": [{"_id": key} for key in keys]}} for keys in ("ab", "bc")]
    record = [coded(sealed({"id": "talks/1"}))]
    read = [{"hits": {"hits": [{"_id": key, "fields": {"id": [key], "record": record}}]}} for key in "ab"]
    index, cluster = make(*each, *read)
    wanted = WantedEpisodes((sounds,), (), (), False, (), 8)
    found = index.answers(Questions((sounds,), 9, (wanted,)))
    assert found.keys == [["a", "b", "c"]]
    assert [one.key for one in found.stored] == ["a", "b"]
    assert len(cluster.asked) == 4


def test_the_likeliest_episodes_meet_a_condition(make: Any) -> None:
    index, cluster = make({"hits": {"hits": []}})
    ranked = Likeliest((Counted(("网络",), 1.0),), 0.3, 0.001, 80, ValueIn("show", ("回声",)))
    index.answers(Questions(ranked=ranked))
    assert {"terms": {"show": ["回声"]}} in cluster.asked[0][1]["query"]["bool"]["filter"][0]["bool"]["filter"]


@pytest.mark.parametrize(("weights", "terms"), [((2.0, 1.0), 2), ((1.0,), 1)])
def test_the_likeliest_episodes_are_ranked_by_their_terms(make: Any, weights: tuple[float, ...], terms: int) -> None:
    index, cluster = make({"hits": {"hits": [{"_id": "k", "_score": 2.5}]}})
    runs = (("强", "化", "学"), ("网络",))
    ranked = Likeliest(tuple(map(Counted, runs, weights)), 0.3, 0.001, 80)
    assert index.answers(Questions(ranked=ranked)).likeliest == [(2.5, "k")]
    assert [body["size"] for _, body in cluster.asked] == [80]
    scripts = [one["script_score"] for one in cluster.asked[0][1]["query"]["bool"]["must"][0]["bool"]["should"]]
    params = {"base": 0.3, "slope": 0.001}
    assert [one["script"]["params"] for one in scripts] == [
        {"once": 2, "weight": weights[0], **params},
        {"once": 1, "weight": 1.0, **params},
    ][:terms]


def test_passages_are_those_in_which_a_run_may_begin(make: Any) -> None:
    index, cluster = make({"hits": {"hits": []}})
    terms, among = (Bound(("强化",), 1.0),), (("强", "化"), ("学", "习", "了"), ("bm",), ("习", "了"))
    index.answers(Questions(listed=ByBound(terms, 1.0, EVERY, 9, among)))
    (having,) = cluster.asked[0][1]["query"]["bool"]["filter"]
    pairs, longer, single, unknown = having["bool"]["should"]
    assert len(pairs["terms"]["pairs"]) == 2  # one clause, however many they are
    assert single["rank_feature"]["field"] == "w.bm"
    assert pairs["terms"]["pairs"][1] == longer["bool"]["filter"][1]["term"]["pairs"]
    assert "must_not" in unknown["bool"]


def test_passages_of_a_library_without_pairs_are_found_by_first_atoms(make: Any) -> None:
    index, cluster = make({"hits": {"hits": []}}, epoch=EPOCH._replace(format=1))
    listed = ByBound((Bound((), 1.0, (("强", "化"),)),), 1.0, EVERY, 9)
    assert index.answers(Questions(listed=listed)).passages == []
    assert "w.强" in str(cluster.asked)
    assert "pairs" not in str(cluster.asked)


def test_a_library_without_peaks_lists_episodes_by_occurrences(make: Any) -> None:
    index, cluster = make({"hits": {"hits": [{"_id": "k", "sort": [6.0, "talks/1"]}]}}, epoch=EPOCH._replace(format=1))
    assert index.peaks(("强", "化", "学"), EVERY, 9, 0, ()) == ([Peak(3.0, "talks/1", "k")], [])
    assert "peaks" not in str(cluster.asked)


@pytest.mark.parametrize(
    ("format", "has"), [(1, (False, False)), (2, (False, False)), (3, (True, False)), (4, (True, True))]
)
def test_libraries_have_decks_from_the_third_format_on_and_text_parts_from_the_fourth(
    make: Any, format: int, has: tuple[bool, bool]
) -> None:
    index, _ = make(epoch=EPOCH._replace(format=format))
    assert (index.has_decks, index.has_text_parts) == has
