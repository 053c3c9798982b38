"""Words are listed as the corpus writes them, whatever they were counted as."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.library import Tools, spaced

from search import Filter, Library
from search.exploration.counting import written_forms

SAID = [
    "動力很大 GRPO",
    "動力不足 grpo",
    "没有动力 GRPO 很好",
    "鲁棒性 iPhone",
    "魯棒性",
    "鲁棒性 Machine Learning",
    "machine",
    "Machine",
]


@pytest.fixture(scope="module")
def talk(tools: Tools) -> Iterator[Library]:
    with tools.library({"a": spaced(SAID), "b": spaced(["完全不同的话", "今天天气很好"])}) as library:
        yield library


def test_frequent_words_are_written_as_they_are_most_often(talk: Library) -> None:
    written = {row.term: row.written for row in talk.explore.terms(limit=None, function_words=True)}
    assert (written["动力"], written["grpo"], written["iphone"]) == ("動力", "GRPO", "iPhone")
    assert {"machine": "Machine", "learning": "Learning"}.items() <= written.items()
    assert {row.term: row.written for row in talk.explore.terms(sizes=(2, 2), limit=None)}["machine learning"] == (
        "Machine Learning"
    )


def test_characters_are_written_side_by_side(talk: Library) -> None:
    written = {row.term: row.written for row in talk.explore.terms(sizes=(2, 2), characters=True, limit=None)}
    assert (written["动力"], written["鲁棒"]) == ("動力", "鲁棒")


def test_typical_words_and_collocates_are_written_as_the_corpus_has_them(talk: Library) -> None:
    keys = talk.explore.keywords([Filter("title", "a")], significance=1, least=1, least_ratio=0, limit=None)
    assert {"动力": "動力", "grpo": "GRPO"}.items() <= {row.term: row.written for row in keys}.items()
    near = talk.explore.collocates("动力", least=1, limit=None)
    assert {row.term: row.written for row in near}["grpo"] == "GRPO"


def test_a_word_across_cues_is_written_whole(tools: Tools) -> None:
    with tools.library({"a": spaced(["我们要有動", "力才行"])}) as library:
        assert {row.term: row.written for row in library.explore.terms(limit=None)}["动力"] == "動力"


def test_no_more_is_read_than_enough(talk: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written_forms, "ENOUGH", 1)
    assert {row.term: row.written for row in talk.explore.terms(limit=None)}["machine"] == "Machine"
