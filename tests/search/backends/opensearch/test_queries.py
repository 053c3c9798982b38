"""Conditions and bounds as OpenSearch reads them."""

from __future__ import annotations

import json
import math
import struct
from itertools import pairwise
from typing import Any

import pytest

from indexer.store.cluster.documents.terms import episode_key
from indexer.store.impacts import WINDOW_ATOMS
from search.backends.conditions import (
    EVERY,
    Conjunction,
    Dated,
    Disjunction,
    HasDamped,
    HasSounds,
    HasTitle,
    Holds,
    HoldsMost,
    Negation,
    ValueIn,
)
from search.backends.opensearch import bounds, clauses, queries, quotes, requests
from search.backends.opensearch.booleans import any_of
from search.backends.remote import Bound, WantedEpisodes
from search.scoring import WEIGHTS

EPISODE = {"term": {"kind": "episode"}}


def asked(condition: object) -> object:
    """What is asked of episodes beside their kind."""
    kind, found = queries.of_episodes(condition)["bool"]["filter"]  # type: ignore[arg-type]
    assert kind == EPISODE
    return found


def test_every_episode_is_asked_for_by_its_kind() -> None:
    assert queries.of_episodes(EVERY) == {"bool": {"filter": [EPISODE]}}


def test_a_run_is_a_phrase_of_pairs() -> None:
    assert asked(Holds(("强",))) == {"term": {"terms": "强"}}
    assert asked(Holds(("强", "化"))) == {"term": {"runs": "强化"}}
    assert asked(Holds(("gpu", "训", "练"))) == {"match_phrase": {"runs": {"query": "gpu_训 训练"}}}
    assert [queries.score_of_one("a" * size) for size in (1, 2, 3, 5)] == [1, 1, 2, 4]


@pytest.mark.parametrize("peak", range(1, WINDOW_ATOMS + 2))
def test_a_score_of_32_bits_tells_the_peak(peak: int) -> None:
    (stored,) = struct.unpack("f", struct.pack("f", peak / (256 + peak) if peak > 1 else 0.0))
    assert bounds.peak_of(stored) == peak
    assert bounds.peak_of(2.0) == math.inf


def test_most_of_a_quote_is_asked_for_by_the_places_of_its_pairs() -> None:
    condition = HoldsMost((("哈", "哈"), ("哈", "了")), 3, 2)
    assert asked(condition) == quotes.of_most(condition.pairs, 3, 2)


def test_sounds_are_pairs_of_classes() -> None:
    assert asked(HasSounds(((26,),))) == asked(HasSounds(((26,),), ("强",))) == {"match_all": {}}
    assert asked(HasSounds(((26,), (0,)))) == {"term": {"sounds": "1a00"}}
    assert asked(HasSounds(((26,), (0,), (1,)))) == {"match_phrase": {"sounds": {"query": "1a00 0001"}}}
    in_order = asked(HasSounds(((1, 2), (3,), (4,))))["intervals"]["sounds"]["all_of"]  # type: ignore[index]
    assert (in_order["ordered"], in_order["max_gaps"]) == (True, 0)
    first, second = ([way["match"]["query"] for way in one["any_of"]["intervals"]] for one in in_order["intervals"])
    assert (first, second) == (["0103", "0203"], ["0304"])
    assert asked(HasSounds(((1, 2), (3,)))) == {"bool": {"filter": [{"terms": {"sounds": ["0103", "0203"]}}]}}


def test_facts_titles_and_loops() -> None:
    assert asked(ValueIn("id", ("a/b",))) == {"ids": {"values": [episode_key("a/b")]}}
    assert asked(ValueIn("show", ("A", "B"))) == {"terms": {"show": ["A", "B"]}}
    days = {"range": {"date": {"gte": "2025-01-01", "lte": "2025-12-31"}}}
    assert asked(Dated("2025-01-01", "2025-12-31")) == any_of([days, {"terms": {"date": ["2025-01", "2025"]}}])
    assert asked(HasTitle(("1.5", "b"))) == {
        "bool": {"filter": [{"term": {"heads": "1．5"}}, {"term": {"heads": "b"}}]}
    }
    assert asked(HasDamped()) == {"term": {"has_damped": True}}


def test_nothing_meets_an_empty_choice() -> None:
    assert asked(Disjunction(())) == {"match_none": {}}
    assert asked(Negation((HasDamped(),))) == {"bool": {"must_not": [{"term": {"has_damped": True}}]}}


def test_passages_are_chosen_by_facts_only() -> None:
    both = Conjunction((Holds(("强",)), ValueIn("show", ("A",)), Negation((Dated("2025", "2026"),))))
    shows, dates = queries.of_passages(both)
    assert shows == {"terms": {"show": ["A"]}}
    assert dates == {"bool": {"must_not": [asked(Dated("2025", "2026"))]}}
    assert queries.of_passages(Negation((Holds(("强",)),))) == []
    assert queries.of_passages(Disjunction((ValueIn("show", ("A",)), Holds(("强",))))) == []


def test_the_bound_of_a_passage_is_the_best_of_all_conjunctions() -> None:
    terms = [Bound(("强化",), 3.0), Bound(("gpu",), 1.0)]
    clauses = bounds.of_windows(terms, 4.0)["dis_max"]["queries"]
    boosts = [[one["rank_feature"]["boost"] for one in clause["bool"]["must"]] for clause in clauses]
    most = 1.0 + WEIGHTS.saturation
    assert boosts == [[pytest.approx(most * 2.25)], [pytest.approx(most * 0.25)], [most * 3.0, most * 1.0]]
    assert clauses[0]["bool"]["must"][0]["rank_feature"]["saturation"] == {"pivot": WEIGHTS.saturation}


def test_of_many_terms_the_bound_is_a_product() -> None:
    terms = [Bound((text,), 1.0) for text in "abcdef"]
    found = bounds.of_windows(terms, 8.0)["function_score"]
    assert [one["weight"] for one in found["functions"]] == [1 / 8] * 6
    assert (found["score_mode"], found["boost_mode"]) == ("sum", "multiply")


def test_a_term_of_several_words_scores_by_all_of_them() -> None:
    (clause,) = bounds.of_windows([Bound(("deep", "deepseek"), 1.0)], 1.0)["dis_max"]["queries"]
    (term,) = clause["bool"]["must"]
    assert [one["rank_feature"]["field"] for one in term["bool"]["should"]] == ["w.deep", "w.deepseek"]


def test_a_run_is_in_passages_with_its_pairs_and_scores_by_its_first_atom() -> None:
    term = Bound(("强化",), 1.0, (("深", "度", "强", "化", "了"), ("gpu", "训")))
    (clause,) = bounds.of_windows([term], 1.0)["dis_max"]["queries"]
    (ways,) = clause["bool"]["must"]
    word, long, short = ways["bool"]["should"]
    assert word["rank_feature"]["field"] == "w.强化"
    assert long["bool"]["must"][0]["rank_feature"]["field"] == "w.深"
    unknown = {"bool": {"must_not": [{"exists": {"field": "pairs"}}]}}
    for run, pairs in ((long, ("深度", "度强", "强化")), (short, ("gpu_训",))):
        (known,) = run["bool"]["filter"]
        assert known["bool"]["should"] == [{"bool": {"filter": [{"term": {"pairs": one}} for one in pairs]}}, unknown]
    assert bounds.by_first_atoms(term) == Bound(("强化", "深", "gpu"), 1.0)


def test_one_of_many_words_is_one_clause() -> None:
    words = [Disjunction(tuple(Holds((f"{start}{n}",)) for n in range(512))) for start in "ab"]
    pairs = Disjunction(tuple(Holds(("强", one)) for one in "化大"))
    found = asked(Disjunction((*words, pairs, Holds(("强", "化", "了")), words[0])))
    one, two, three = found["bool"]["should"]  # type: ignore[index]
    assert one == {"terms": {"terms": [f"{start}{n}" for start in "ab" for n in range(512)]}}
    assert two == {"terms": {"runs": ["强化", "强大"]}}
    assert three == {"match_phrase": {"runs": {"query": "强化 化了"}}}


def test_sounds_of_a_word_itself_are_told_apart_from_those_of_others_by_their_numbers() -> None:
    found: Any = asked(HasSounds(((26,), (0,)), ("强", "化")))
    both = found["script_score"]["query"]["bool"]
    (sounds,), (run,) = both["must"], both["should"]
    assert sounds["script_score"]["query"] == {"term": {"sounds": "1a00"}}
    assert run["script_score"]["query"] == {"term": {"runs": "强化"}}
    assert found["script_score"]["min_score"] == 1


def test_ways_to_sound_are_no_more_clauses_than_a_query_may_have() -> None:
    few, many = HasSounds(((1, 2), (3, 4), (5,))), HasSounds((tuple(range(30)), tuple(range(30)), (1,)))
    assert clauses.ways_to_sound(queries.of_episodes(few)) == 6
    found = queries.of_episodes(Disjunction((few, many, Negation((few,)))))
    assert clauses.ways_to_sound(found) == 6  # what is excluded stays
    places = queries.of_episodes(many)["bool"]["filter"][1]["bool"]["filter"]
    assert [len(place["terms"]["sounds"]) for place in places] == [900, 30]


def test_many_ways_to_sound_have_the_clauses_of_a_query_that_has_nothing_else() -> None:
    several = HasSounds((tuple(range(20)), tuple(range(20)), (1,)))
    assert clauses.ways_to_sound(queries.of_episodes(several)) == 420
    assert clauses.ways_to_sound(queries.of_episodes(several, is_alone=False)) == 0
    beside = WantedEpisodes((several,), (Holds(("强",)),), (), False, ("clock",), 9)
    assert clauses.ways_to_sound(requests.wanted(beside)) == 420  # runs are few clauses
    others = beside._replace(lacking=(several,))
    assert clauses.ways_to_sound(requests.wanted(others)) == 0


def test_several_quotes_share_the_clauses_that_a_query_may_have() -> None:
    def quote(size: int, first: int) -> HoldsMost:
        letters = [chr(first + at) for at in range(size)]
        pairs = tuple(pairwise(letters))
        return HoldsMost(pairs, -(-len(pairs) // 2), 2)

    ten, other = quote(10, 0x4E00), quote(10, 0x5E00)
    phrases = tuple(Holds((chr(0x6E00 + at), "一", "二")) for at in range(200))
    sounds = HasSounds(((1, 2, 3, 4, 5, 6, 7), (3, 4, 5, 6, 7, 8, 9), (5, 6, 7, 8, 9, 10, 11)))
    for several in (
        Disjunction((ten, other)),
        Disjunction((ten, *phrases)),
        Conjunction((Disjunction((ten, other, sounds)), ten)),
        Disjunction(tuple(quote(12, 0x4E00 + 20 * number) for number in range(8))),
    ):
        found = queries.of_episodes(several)
        assert clauses.number_of(found) <= quotes.MOST_CLAUSES
        assert '"intervals": {"runs"' in json.dumps(found), "no quote is reduced to one of its pairs"
    assert asked(ten) == quotes.of_most(ten.pairs, ten.least, 2)  # alone it has them all
