"""A search of a remote index whose time is over while it asks: it answers with what it has, and says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.remote_index import StandIn

from search.api import make_request
from search.backends.remote import RemoteIndex
from search.query.deadline import Deadline
from search.retrieval.remote import fetched_episodes
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

pytest_plugins = ["support.indexes"]

KNOWN = {"folder", "copies", "commit", "episode_count", "total_atoms", "is_current", "newest", "close"}
KNOWN |= {"within", "cost", "told"}
"""What a search does not ask the index."""
QUESTIONS = {name for name in vars(RemoteIndex) if not name.startswith("_")} - KNOWN


class Late:
    """A remote index that answers so many questions in time."""

    def __init__(self, remote: StandIn, deadline: Deadline, left: int) -> None:
        self._remote = remote
        self._deadline = deadline
        self.left = left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._remote, name)
        return self._in_time(found) if name in QUESTIONS else found

    @property
    def has_titles(self) -> bool:
        """Asks, too, like that of OpenSearch before it knows."""
        return bool(self._in_time(lambda: self._remote.has_titles)())

    def _in_time(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*given: object) -> object:
            self.left -= 1
            if self.left < 0:
                self._deadline.cancel()
                self._deadline.check()
            return answer(*given)

        return ask


@pytest.mark.parametrize(
    "query",
    ["训练", "训练 数据", "训练 OR 数据", '"没有人说过这样的一句话呀"', "deep*", "/模.{1,3}练/", "训炼", "莫型 show:a"],
)
def test_a_search_that_runs_out_of_time_in_any_request_answers_with_what_it_has(
    query: str, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched_episodes, "FIRST_BATCH", 3)
    whole = list(RemoteSearcher(StandIn(sample_index), Searcher).search(make_request(query)))
    for most in range(100):
        deadline = Deadline(60.0)
        late = Late(StandIn(sample_index), deadline, most)
        searcher = RemoteSearcher(late, Searcher)  # type: ignore[arg-type]
        result = searcher.search(make_request(query, timeout=deadline))
        if late.left >= 0:
            assert result.incomplete is None
            assert [one.start for one in result] == [one.start for one in whole]
            break
        assert result.incomplete == "cancelled"
    else:
        raise AssertionError("never in time")
    assert most >= 2
