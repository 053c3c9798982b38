"""A searcher makes an answer without collections of garbage, which go on after it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.api import SearchRequest
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.searcher import Searcher


@pytest.fixture
def collecting() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


@pytest.mark.parametrize("query", ["水", "红茶 NEAR 绿茶", "受音机 电池"])
def test_the_collector_rests_while_an_answer_is_made(tiny_index: Path, collecting: None, query: str) -> None:
    seen: list[bool] = []
    searcher = Searcher(EmbeddedSnapshot(str(tiny_index)), lambda *_ranking: seen.append(gc.isenabled()))
    searcher.search(SearchRequest(query))
    assert seen
    assert not any(seen)
    assert gc.isenabled()
