"""A remote index of which a part does not answer: figures of all episodes are never those of some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.library import Tools
from support.remote.remote_index import StandIn

from indexer.core.errors import IndexProblem
from search.api import make_request
from search.backends.remote import Frequencies
from search.open_index import OpenIndex
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.remote.snapshots.whole_snapshot import WholeSnapshot
from search.searcher import Searcher

SILENT = "1 of 3 shards did not answer"


class Part:
    """A remote index that gives a third of the answers to one question, while `silent` says so."""

    def __init__(self, remote: StandIn, question: str) -> None:
        self._remote = remote
        self._question = question
        self._unanswered: list[str] = []
        self.silent = True

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._remote, name)
        return self._third(found) if name == self._question else found

    def unanswered(self) -> Sequence[str]:
        lacking, self._unanswered = self._unanswered, []
        return lacking

    def _third(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*given: object) -> object:
            found = answer(*given)
            if not self.silent:
                return found
            self._unanswered.append(SILENT)
            some = list(found)[1::3]
            return {key: found[key] for key in some} if isinstance(found, dict) else some

        return ask


def library(sample_index: Path, question: str) -> tuple[Part, RemoteSearcher]:
    part = Part(StandIn(sample_index), question)
    return part, RemoteSearcher(part, Searcher)  # type: ignore[arg-type]


ASKED: dict[str, Callable[[WholeSnapshot], object]] = {
    "listed": lambda snapshot: snapshot.ids,
    "counts": lambda snapshot: snapshot.word_episodes("训练"),
    "stored": lambda snapshot: snapshot.stream(0).atoms(),
    "keys": lambda snapshot: snapshot.seek([("训", "练")]),
}


@pytest.mark.parametrize("question", ASKED)
def test_all_episodes_are_told_of_the_whole_index_or_not_at_all(question: str, sample_index: Path) -> None:
    part, searcher = library(sample_index, question)
    with pytest.raises(IndexProblem, match=f"{SILENT}, and all episodes are needed"):
        ASKED[question](searcher.snapshot)
    part.silent = False
    _, whole = library(sample_index, "none")
    assert ASKED[question](searcher.snapshot) == ASKED[question](whole.snapshot)  # the part was not kept


def test_an_episode_that_may_be_in_the_silent_part_is_not_told_to_be_missing(sample_index: Path) -> None:
    _, searcher = library(sample_index, "stored_of_each")
    name = library(sample_index, "none")[1].snapshot.ids[0]
    with pytest.raises(IndexProblem, match=f"{SILENT}: see the health"):
        searcher.snapshot_with(name)


def test_an_exploration_of_a_part_is_an_error(sample_index: Path) -> None:
    _, searcher = library(sample_index, "listed")
    with pytest.raises(IndexProblem, match=SILENT):
        OpenIndex(searcher, "http://127.0.0.1:9200/library").explore.terms()  # type: ignore[arg-type]


class FewNames(StandIn):
    """Lists only some of the names, once."""

    lacking: Sequence[str] = ()
    is_silent = True

    def all_frequencies(self, *given: Any, **named: Any) -> Frequencies:
        found = super().all_frequencies(*given, **named)
        if not (self.is_silent and found.names):
            return found
        self.is_silent, self.lacking = False, (SILENT,)
        return found._replace(names=dict(list(found.names.items())[:1]))

    def unanswered(self) -> Sequence[str]:
        lacking, self.lacking = self.lacking, ()
        return lacking


def test_a_name_is_not_taken_for_unsaid_because_of_a_list_that_was_not_whole(tools: Tools) -> None:
    said = [(0.0, 2.0, "我们用 kubernetes 部署"), (2.0, 4.0, "redis 也要"), (100.0, 102.0, "airflow 的事情")]
    with tools.library({"a": said, "b": said[:2]}) as library:
        searcher = RemoteSearcher(FewNames(Path(library.folder)), Searcher)
        assert SILENT in str(searcher.search(make_request("kubernetis 事情")).incomplete)
        for query in ("kubernetes 部署", "redis", "redis 部署"):
            request = make_request(query)
            found = searcher.search(request)
            assert (list(found), found.incomplete) == (list(library.search(request)), None)
