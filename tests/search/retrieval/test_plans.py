"""`search.retrieval.plans`: what is kept of a query is used again where that is cheaper than to make it anew."""

from __future__ import annotations

from typing import Any

import pytest
from support.heard import APART, hits
from support.library import Tools, spaced

from search.matching import resolver as resolving
from search.matching import sounds

pytest_plugins = ["support.indexes"]

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
