"""A searcher makes an answer without collections of garbage, which go on after it, and moments when they decide."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import search.searcher
from search.api import Margin, SearchRequest
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.searcher import Searcher, _Page


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


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The moments that a page makes."""
    moments: list[Any] = []
    monkeypatch.setattr(search.searcher, "contexts", lambda *_: iter(moments))
    return moments


def page_of(**ranking: Any) -> _Page:
    of: Any = SimpleNamespace(found=iter(()), hits=None, **ranking)
    nothing: Any = None
    return _Page(of, nothing, nothing, Margin(), 1)


@pytest.mark.parametrize(("least", "scores", "is_full"), [(2.0, [3.0], True), (2.0, [1.0], False), (2.0, [], False)])
def test_a_page_is_full_once_its_moments_precede_all_that_needs_a_stand_in(
    made: list[Any], least: float, scores: list[float], is_full: bool
) -> None:
    # A window with the whole query may be among those that were not scored: then only `least_whole` tells.
    made += [SimpleNamespace(score=score) for score in scores]
    assert page_of(least_whole=least, has_whole=False).is_full is is_full


def test_no_moment_is_made_to_tell_that_none_has_the_whole_query() -> None:
    page = page_of(least_whole=math.inf)
    assert not page.is_full
    assert "moments" not in vars(page)
