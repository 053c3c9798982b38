"""A count of moments says what was incomplete about it, and about the plan that it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from search.api import SearchRequest
from search.query.deadline import Deadline
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

REQUEST = SearchRequest("莫型 数剧", limit=None)


@pytest.fixture
def far(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> RemoteSearcher:
    set_sizes(monkeypatch, ALL_AT_ONCE=0)
    return RemoteSearcher(StandIn(sample_index, 3), Searcher)


def test_a_plan_made_of_too_few_episodes_is_counted_as_such(
    far: RemoteSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        set_sizes(patch, MOST_EPISODES=1)
        of_few = Deadline()
        plan = far.expanded(REQUEST, of_few)
        assert of_few.reason is not None
        result = far.search(REQUEST._replace(limit=10))
        assert result.incomplete is not None
    for made in (plan, result.plan):
        counted = Deadline()
        far.tally(made, REQUEST._replace(timeout=counted))
        assert counted.reason == of_few.reason


def test_a_plan_made_of_all_that_it_needs_is_counted_completely(far: RemoteSearcher) -> None:
    counted = Deadline()
    plan = far.expanded(REQUEST, Deadline())
    assert far.tally(plan, REQUEST._replace(timeout=counted)) > (0, 0)
    assert counted.reason is None
