"""An exploration of a remote index whose time is over while it asks: it answers with what it has read, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.remote.remote_index import StandIn

import search.library
from indexer.core.errors import IndexProblem
from search.backends.remote import Stored
from search.exploration.similar import similar_moments
from search.library import Library
from search.query.deadline import Deadline
from search.query.syntax import Filter
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.remote.snapshots import whole_snapshot
from search.searcher import Searcher

EPISODE = "电池"
EXPLORATIONS: dict[str, Callable[[Library, Deadline], Any]] = {
    "terms": lambda library, deadline: library.explore.terms(timeout=deadline),
    "keywords": lambda library, deadline: library.explore.keywords([Filter("show", "a")], timeout=deadline),
    "new words": lambda library, deadline: library.explore.new_words(timeout=deadline),
    "collocates": lambda library, deadline: library.explore.collocates("训练", timeout=deadline),
    "concordance": lambda library, deadline: library.explore.concordance("训练", timeout=deadline),
    "trend": lambda library, deadline: library.explore.trend("训练", timeout=deadline),
    "speakers": lambda library, deadline: library.explore.trend("训练", by="speaker", timeout=deadline),
    "dispersion": lambda library, deadline: library.explore.dispersion("训练", timeout=deadline),
    "outline": lambda library, deadline: library.explore.outline(EPISODE, given=False, timeout=deadline),
    "similar": lambda library, deadline: library.explore.similar(EPISODE, timeout=deadline),
    "similar moments": lambda library, deadline: similar_moments(library, EPISODE, timeout=deadline)[1],
    "summary": lambda library, deadline: library.explore.summary(timeout=deadline),
    "suspects": lambda library, deadline: library.suspects(timeout=deadline),
}
STRIDES = {"suspects": 3}
"""Of its 20 requests, it is ended in every third."""


class Ending(StandIn):
    """A remote index whose deadline is over in one of its answers."""

    left = 0
    late = 8.5
    """Of ten seconds: reading is over, and what was read may still be shown."""
    now = 0.0
    limit: Callable[[], float]

    @contextmanager
    def within(self, left: Callable[[], float]) -> Iterator[None]:
        self.limit = left
        yield

    def _asks(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.now = self.late
        self.limit()

    def keys(self, *given: Any) -> Any:
        self._asks()
        return super().keys(*given)

    def counts(self, *given: Any) -> Any:
        self._asks()
        return super().counts(*given)

    def stored_of_each(self, *given: Any) -> list[Stored]:
        self._asks()
        return super().stored_of_each(*given)

    def listed(self, *given: Any) -> Iterator[Stored]:
        self._asks()
        return super().listed(*given)


def asked(index: Path, name: str, left: int, late: float = Ending.late) -> tuple[Any, Ending, Deadline]:
    """An exploration, whose time is over after so many answers."""
    remote = Ending(index)
    remote.left, remote.late = left, late
    deadline = Deadline(10.0, lambda: remote.now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search.library, "_opened", lambda place: RemoteSearcher(remote, Searcher))
        library = Library(index)
    return EXPLORATIONS[name](library, deadline), remote, deadline


@pytest.mark.parametrize("name", EXPLORATIONS)
def test_an_exploration_that_runs_out_of_time_in_any_request_tells_what_it_read(
    name: str, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_snapshot, "_SIDEWAYS", 2)
    monkeypatch.setattr(whole_snapshot, "BATCH", 2)
    answers = 0
    for most in range(0, 200, STRIDES.get(name, 1)):
        try:
            _found, remote, deadline = asked(sample_index, name, most)
        except IndexProblem as problem:
            assert "before it had read anything: give it longer" in str(problem)
            continue
        answers += 1
        if remote.left >= 0:
            assert deadline.reason is None
            break
        assert deadline.reason is not None
    else:
        raise AssertionError("never in time")
    assert answers > 2  # all but the first requests leave something to tell


def test_an_exploration_whose_whole_time_is_over_is_incomplete_or_one_line(sample_index: Path) -> None:
    told = 0
    for most in range(3):
        try:
            _found, remote, deadline = asked(sample_index, "concordance", most, late=11.0)
        except IndexProblem as problem:
            assert str(problem).startswith("The count was stopped after 10 s, before it had read anything: ")
            told += 1
        else:
            assert remote.left >= 0 or deadline.reason
    assert told
