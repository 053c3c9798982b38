"""`search.retrieval.plan_cache`: what is kept of a query is used again where that is cheaper than to make it anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from support.heard import APART, hits
from support.library import Tools, spaced

from search import Library, SearchRequest, open_library
from search.matching import resolver as resolving
from search.matching import sounds
from search.query.deadline import Deadline

LINES = ["他说高商很重要", "今天天气很好", "我们聊大模型的训练过程和推理能力"]
QUERIES = ["高熵", '"我们聊大模型的训练课程和推理能力"']
OTHERS = ["天气", "今天", "重要"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asked_again_looks_up_no_text_by_itself(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    # Its plan was kept longer than what it had found: a pass over all text for each of a hundred homophones.
    def refused(*_: Any) -> Any:
        raise AssertionError("a text that expansion had found was looked up")

    monkeypatch.setattr(resolving, "_MOST_HELD", 0)
    with tools.library({"a": spaced(LINES, APART)}) as library:
        first = hits(library.search(query))
        assert first
        for other in OTHERS:
            library.search(other)
            library._open._resolved = {}  # of which the last few are kept
        monkeypatch.setattr(sounds, "places_of_sound", refused)
        monkeypatch.setattr("search.matching.fuzzy_phrase.most_of", refused)
        assert hits(library.search(query)) == first


@dataclass
class Steps:
    """A clock that goes on by a second whenever it is read."""

    now: float = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


PLACES = "/[天高]./"


@pytest.fixture(scope="module")
def two(tools: Tools) -> Iterator[str]:
    """The index of two episodes."""
    with tools.library({"a": spaced(LINES, APART), "b": spaced(LINES[1:], APART)}) as library:
        yield library.folders[""]


@pytest.fixture
def library(two: str) -> Iterator[Library]:
    with open_library(two) as library:
        yield library


def all_of(library: Library, query: str) -> list[str]:
    result = library.search(query, limit=None)
    assert result.incomplete is None
    return sorted(hits(result))


def test_a_regular_expression_is_looked_up_for_each_choice_of_episodes(library: Library) -> None:
    # A kept plan took over what another query had found in a single episode.
    whole = all_of(library, PLACES)
    assert len(whole) > len(all_of(library, f"{PLACES} title:b")) > 0
    library._open._resolved = {}
    assert all_of(library, PLACES) == whole


def test_a_lookup_cut_short_changes_no_other_answer(library: Library) -> None:
    whole = all_of(library, PLACES)
    cut = SearchRequest(PLACES, exact=True, timeout=Deadline(4.5, Steps()))
    assert library.search(cut).incomplete
    library._open._resolved = {}
    assert all_of(library, PLACES) == whole


def test_a_plan_cut_short_is_not_kept_as_expanded(library: Library) -> None:
    # The answers that followed had nothing, and did not say that they were incomplete.
    assert library.search(PLACES, limit=10, timeout=Deadline(2.5, Steps())).incomplete
    assert library.count(PLACES)
    assert all_of(library, PLACES)


def test_a_dropped_lookup_is_made_again_in_the_chosen_episodes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The places were looked for in all episodes, which took longer, or were too many.
    monkeypatch.setattr("search.matching.regex_places.MOST", 2)
    monkeypatch.setattr(resolving, "_MOST_HELD", 0)
    query = f"{PLACES} title:b"
    first = all_of(library, query)
    for other in OTHERS:
        library.search(other)
        library._open._resolved = {}
    assert all_of(library, query) == first


def test_suggestions_forget_what_earlier_ones_needed(library: Library) -> None:
    # What they had looked up was listed, once more for each of them, until a query was searched for.
    resolver = library._open.resolver
    for _ in range(3):
        library.loosely('"高熵"')
        library.variants("高熵")
    lists = len(resolver._unmeasured)
    for _ in range(20):
        library.loosely('"高熵"')
        library.variants("高熵")
    assert len(resolver._unmeasured) <= lists
