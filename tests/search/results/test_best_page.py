"""A page has the best moments, as many as were asked for, and makes them when they decide."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from search.api import Margin
from search.results import best_page
from search.results.best_page import BestPage


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The spans of moments that a page has, with the windows that they are of."""
    spans: list[Any] = []
    monkeypatch.setattr(best_page, "with_bearing", lambda found, *_: (found, None))
    monkeypatch.setattr(best_page, "spans_of", lambda *_: spans)
    monkeypatch.setattr(best_page, "Maker", lambda *_: None)
    return spans


def page_of(**ranking: Any) -> BestPage:
    of: Any = SimpleNamespace(found=iter(()), hits=None, is_complete=True, **ranking)
    nothing: Any = None
    return BestPage(of, nothing, nothing, Margin(), 1)


@pytest.mark.parametrize(("least", "scores", "is_full"), [(2.0, [3.0], True), (2.0, [1.0], False), (2.0, [], False)])
def test_a_page_is_full_once_its_moments_precede_all_that_needs_a_stand_in(
    made: list[Any], least: float, scores: list[float], is_full: bool
) -> None:
    # A window with the whole query may be among those that were not scored: then only `least_whole` tells.
    made += [(None, SimpleNamespace(scored=SimpleNamespace(score=score))) for score in scores]
    assert page_of(least_whole=least, has_whole=False).is_full is is_full


def test_no_moment_is_made_to_tell_that_none_has_the_whole_query() -> None:
    page = page_of(least_whole=math.inf)
    assert not page.is_full
    assert "_first" not in vars(page)
