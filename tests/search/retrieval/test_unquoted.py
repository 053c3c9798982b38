"""An answer to quotes that hardly stand together is filled up, labelled; everything else stays as it was asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.library import Tools, spaced

from search import Library
from search.query.parse import parse
from search.retrieval.unquoted import without_quotes

QUIET = ["安静"] * 20


@pytest.fixture
def said(tools: Tools) -> Iterator[Library]:
    both = [*QUIET, "内卷和躺平都是新词", *QUIET, "内卷是什么", *QUIET]
    other = [*QUIET, "大家都想躺平", *QUIET]
    with tools.library({"both": spaced(both), "other": spaced(other)}) as library:
        yield library


def labels(library: Library, query: str, **options: bool) -> list[tuple[str, float, set[str]]]:
    return [
        (moment.episode.id.rpartition("/")[2], moment.start, {match.how for match in moment.matches})
        for moment in library.search(query, exact=options.get("exact", False))
    ]


def test_what_has_only_some_of_the_quotes_fills_up_and_is_labelled(said: Library) -> None:
    found = labels(said, '"内卷" "躺平"')
    assert found[0] == ("both", 80.0, {"exact"})
    assert {(name, *how) for name, _, how in found[1:]} == {("both", "unquoted"), ("other", "unquoted")}
    assert [moment.rank for moment in said.search('"内卷" "躺平"')] == [1, 2, 3]


def test_a_quote_that_is_nowhere_beside_other_words_is_text(said: Library) -> None:
    found = labels(said, '"内卷的人" 躺平')
    assert found
    assert all("exact" not in how for _, _, how in found)


@pytest.mark.parametrize(
    "query", ['"内卷"', '"内卷的人"', '"内卷" AND "躺平"', '"内卷" -躺平', '"内卷" "躺平" title:both']
)
def test_one_quote_operators_and_filters_say_what_is_meant(said: Library, query: str) -> None:
    found = labels(said, query)
    assert all(how == {"exact"} for _, _, how in found) or "title:" in query
    assert not any(name == "other" for name, _, _ in found)


def test_operators_in_a_quote_are_text_without_it_too(said: Library) -> None:
    assert labels(said, '"大家 NEAR -(内卷)" 躺平') == labels(said, '"大家 near 内卷" 躺平') != []


def test_exactly_is_exactly(said: Library) -> None:
    assert labels(said, '"内卷" "躺平"', exact=True) == [("both", 80.0, {"exact"})]


def test_enough_is_enough(tools: Tools) -> None:
    often = [*(["内卷和躺平", *QUIET] * 3), "只有躺平"]
    with tools.library({"a": spaced(often)}) as library:
        assert {how for _, _, several in labels(library, '"内卷" "躺平"') for how in several} == {"exact"}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"a b" c', "(a b c)"),
        ('"a" "b" show:x', '(a b show:"x")'),
        ('"a"', "None"),
        ("a b", "None"),
        ('"a" show:x', "None"),
        ('"a" -b', "None"),
        ('"a" (b OR c)', "None"),
        ('"a" b*', "None"),
        ('"a" =b', "None"),
        ('"a NEAR/3s -b" c', "(a near 3s b c)"),
        ('"(a OR b) date:2025 c++ 30%" d', "(a or b date 2025 c++ 30% d)"),
    ],
)
def test_quotes_are_taken_as_text_only_beside_other_text(query: str, text: str) -> None:
    assert str(without_quotes(parse(query))) == text
