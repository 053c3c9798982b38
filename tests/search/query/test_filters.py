"""Filters on show, title, speaker and date: their values, and the episodes they let through."""

from __future__ import annotations

import re

import pytest

from indexer.core.errors import QueryProblem
from indexer.core.text.folding import Folding
from indexer.core.types import Episode, Facts
from search import Filter, Library
from search.query.filters import FIELDS, check_filter, condition, date_range, episode_test, given_filters
from search.query.syntax import Not


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-06", "2025-06-01", "2025-06-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-6-8", "2025-06-08", "2025-06-08"),
        ("2025-06-08", "2025-06-08", "2025-06-08"),
        ("2025-06..", "2025-06-01", "9999-12-31"),
        ("..2025-06", "0001-01-01", "2025-06-30"),
        ("2024..2025", "2024-01-01", "2025-12-31"),
        ("2025-06-08..2025-06", "2025-06-08", "2025-06-30"),
        (" 2025-01 .. 2025-02 ", "2025-01-01", "2025-02-28"),
        ("2025年6月8日", "2025-06-08", "2025-06-08"),
        ("2025年6月", "2025-06-01", "2025-06-30"),
        ("2025年..2026年2月", "2025-01-01", "2026-02-28"),
        ("2025/6..", "2025-06-01", "9999-12-31"),
        ("2025.6.8..2025.7", "2025-06-08", "2025-07-31"),
        ("20250608", "2025-06-08", "2025-06-08"),
        ("..202506", "0001-01-01", "2025-06-30"),
    ],
)
def test_a_date_is_a_range_of_days(value: str, first: str, last: str) -> None:
    assert date_range(value) == (first, last)
    assert check_filter("date", value) is None


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("date", "", "date: has no value"),
        ("date", "..", "date: has no value"),
        ("date", "yesterday", "date:yesterday is not a date like"),
        ("date", "06-08", "date:06-08 is not a date like"),
        ("date", "2025日", "date:2025日 is not a date like"),
        ("date", "2025-13", "date:2025-13 is no day of the calendar"),
        ("date", "2025-02-29", "date:2025-02-29 is no day of the calendar"),
        ("date", "2025..2024", "date:2025..2024 ends before it begins"),
        ("date", "2025...2026", "date:.2026 is not a date like"),
        ("show", "", "show: has no value"),
        ("speaker", "  ", "speaker: has no value"),
    ],
)
def test_a_value_that_cannot_be_meant_is_explained(field: str, value: str, problem: str) -> None:
    assert (check_filter(field, value) or "").startswith(problem)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"since": "soon"}, "since: soon is not a date like 2025, 2025-06 or 2025-06-08"),
        ({"until": "2025-06-31"}, "until: 2025-06-31 is no day of the calendar"),
        ({"since": " "}, "since: has no value"),
        ({"show": ""}, "show: has no value"),
        ({"since": "2025-06", "until": "2025-05"}, "since 2025-06 is after until 2025-05: no episode has such a date"),
    ],
)
def test_an_option_with_a_date_that_cannot_be_meant_is_named(given: dict[str, str], problem: str) -> None:
    with pytest.raises(QueryProblem, match=f"^{re.escape(problem)}"):
        given_filters(given)


def test_options_are_filters_in_their_order() -> None:
    given = {"until": "2025-06", "since": "2025年6月", "title": "茶", "show": None}
    assert given_filters(given) == [Filter("title", "茶"), Filter("date", "2025年6月.."), Filter("date", "..2025-06")]


EPISODE = Episode(
    "tea/one", "/one.srt", Facts(show="兩杯茶 Tea Talk", title="水开了", date="2025-01-15", speakers=("陳方", "Ada"))
)
UNKNOWN = Episode("a", "/a.srt", Facts())


@pytest.mark.parametrize(
    ("field", "value", "passes"),
    [
        ("show", "两杯茶", True),
        ("show", "tea TALK", True),
        ("show", "ＴＥＡ", True),
        ("show", "水", False),
        ("title", "水開", True),
        ("title", "tea", False),
        ("speaker", "陈方", True),
        ("speaker", "陈", True),
        ("speaker", "ada", True),
        ("speaker", "陈方Ada", False),
        ("date", "2025", True),
        ("date", "2025-01-15", True),
        ("date", "2025-01-16..", False),
        ("date", "..2025-01-14", False),
    ],
)
def test_a_filter_compares_folded_texts_and_whole_days(field: str, value: str, passes: bool, folding: Folding) -> None:
    assert condition(episode_test(Filter(field, value), folding), folding)(EPISODE) is passes


@pytest.mark.parametrize(("field", "value"), [("show", "x"), ("title", "x"), ("speaker", "x"), ("date", "..2030")])
def test_an_episode_without_the_fact_passes_no_filter_on_it(field: str, value: str, folding: Folding) -> None:
    assert field in FIELDS
    assert not condition(episode_test(Filter(field, value), folding), folding)(UNKNOWN)


@pytest.mark.parametrize(
    ("date", "value", "passes"),
    [
        ("2025-06", "2025-06", True),
        ("2025-06", "2025", True),
        ("2025-06", "2025-06-10..2025-06-20", True),
        ("2025-06", "2025-06-30..", True),
        ("2025-06", "..2025-06-01", True),
        ("2025-06", "2025-07-01..", False),
        ("2025-06", "..2025-05-31", False),
        ("2025", "2025-06-08", True),
        ("2025", "..2025-01-01", True),
        ("2025", "2024-12-31..2025-01-01", True),
        ("2025", "2026..", False),
        ("2025", "..2024", False),
    ],
)
def test_a_month_or_a_year_passes_where_one_of_its_days_would(
    date: str, value: str, passes: bool, folding: Folding
) -> None:
    episode = Episode("a", "/a.srt", Facts(date=date))
    assert condition(episode_test(Filter("date", value), folding), folding)(episode) is passes
    denied = episode_test(Not(Filter("date", value)), folding)
    assert condition(denied, folding)(episode) is not passes


def found(library: Library, query: str, *filters: Filter) -> set[str]:
    return {moment.episode.id for moment in library.search(query, limit=None, filters=filters)}


@pytest.mark.parametrize(
    ("query", "episodes"),
    [
        ("收音机", {"tea/radio", "bridge/stone"}),
        ("show:两杯茶 收音机", {"tea/radio"}),
        ("收音机 show:桥上", {"bridge/stone"}),
        ("-show:两杯茶 收音机", {"bridge/stone"}),
        ("收音机 NOT show:两杯茶", {"bridge/stone"}),
        ("title:石桥 收音机", {"bridge/stone"}),
        ('title:"good night" 晚安', {"bridge/sleep"}),
        ("speaker:小禾 收音机", {"tea/radio"}),
        ("date:2025 收音机", {"tea/radio", "bridge/stone"}),
        ("date:2025-02.. 收音机", {"bridge/stone"}),
        ("date:..2025-01 收音机", {"tea/radio"}),
        ("date:2025 晚安", set()),
        ("show:桥上 date:2025-03 绿茶", {"bridge/stone"}),
        ("(show:两杯茶 OR title:石桥) 绿茶", {"tea/kettle", "bridge/stone"}),
        ("(show:两杯茶 OR title:石桥) AND 绿茶", {"tea/kettle", "bridge/stone"}),
        ("(show:两杯茶 绿茶) OR 晚安", {"tea/kettle", "bridge/sleep"}),
        ('"水开了" AND show:两杯茶', {"tea/kettle"}),
        ("show：两杯茶 收音机", {"tea/radio"}),
        ('show:"两杯茶" 收音机', {"tea/radio"}),
    ],
)
def test_a_filter_in_the_query_keeps_to_its_episodes(tiny: Library, query: str, episodes: set[str]) -> None:
    assert found(tiny, query) == episodes


@pytest.mark.parametrize("query", ["收音机", '"收音机"', "收音机 绿茶", "收音机 OR 绿茶", "绿茶 AND 收音机"])
def test_filters_beside_the_query_hold_for_all_of_it(tiny: Library, query: str) -> None:
    everywhere = found(tiny, query)
    inside = found(tiny, query, Filter("show", "桥上"))
    assert inside == everywhere & {"bridge/stone", "bridge/sleep"}
    assert found(tiny, query, Filter("show", "桥上"), Filter("date", "2024")) == set()


def test_episodes_can_be_listed_by_filter(tiny: Library) -> None:
    assert [episode.id for episode in tiny.episodes([Filter("date", "2025")])] == ["tea/radio", "bridge/stone"]
    assert tiny.episodes([Filter("title", "火星")]) == []


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Filter("date", "gestern"), "date:gestern is not a date like"),
        (Filter("date", "2025..2024"), "date:2025..2024 ends before it begins"),
        (Filter("name", "x"), "name: is no field of a filter: take show, title, speaker, date"),
    ],
    ids=str,
)
def test_a_program_that_gives_a_wrong_filter_gets_a_problem(tiny: Library, one: Filter, said: str) -> None:
    asks = (tiny.search, tiny.count, tiny.each, tiny.plan)
    for ask in (*(lambda ask=ask: ask("茶", filters=[one]) for ask in asks), lambda: tiny.episodes([one])):
        with pytest.raises(QueryProblem, match=said):
            ask()
    explore = tiny.explore
    for analyse in (explore.terms, explore.new_words, lambda filters: explore.concordance("茶", filters)):
        with pytest.raises(QueryProblem, match=said):
            analyse([one])
