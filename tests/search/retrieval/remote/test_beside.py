"""What a page shows beside its moments is asked of a remote index within a limit of its own, and left out without an
answer: the time of the search is over by then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.remote.disturbed import TimedRequests
from support.remote.remote_index import StandIn

from search.api import make_request
from search.query.deadline import OutOfTime
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher


class Limited(TimedRequests):
    """A remote index that notes the seconds that each of its requests may take; once silent, none comes in time."""

    def __init__(self, remote: StandIn) -> None:
        super().__init__(remote)
        self.allowed: list[float] = []
        self.is_silent = False

    def _asked(self, answer: Callable[..., Any], *given: object, **named: object) -> object:
        self.allowed.append(self._left())
        if self.is_silent:
            raise OutOfTime
        return answer(*given, **named)


@pytest.mark.parametrize("is_silent", [False, True])
def test_what_is_shown_beside_moments_has_a_limit(sample_index: Path, is_silent: bool) -> None:
    remote = Limited(StandIn(sample_index))
    searcher = RemoteSearcher(remote, Searcher)  # type: ignore[arg-type]
    found = searcher.search(make_request("训练 数据"))
    other = RemoteSearcher(remote, Searcher)  # type: ignore[arg-type]
    remote.is_silent, remote.allowed = is_silent, []
    assert other.resolved(found.plan).terms
    assert other.twins(found) == {}
    other.loosely('"没有人说过这样的一句话呀"')
    assert len(remote.allowed) >= 3
    assert max(remote.allowed) <= 3.0


def test_moments_of_an_episode_that_was_deleted_meanwhile_have_no_twins(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    searcher = RemoteSearcher(remote, Searcher)
    found = searcher.search(make_request("训练 数据"))
    first = found[0]
    moments = [first, first._replace(rank=2, episode=first.episode._replace(id="deleted"))]
    assert searcher.twins(moments) == {}
