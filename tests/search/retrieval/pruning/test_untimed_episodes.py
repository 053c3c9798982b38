"""Of episodes whose times are not at hand, those that have none of the best moments of a condition are left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from support.library import Line, Tools
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from indexer.store.cluster.documents.layout import CLOCK
from search.api import SearchRequest, make_request
from search.backends.remote import Stored
from search.library import Library
from search.query.deadline import Deadline
from search.retrieval import moments
from search.retrieval.exhaustive import every_window
from search.retrieval.pruning.untimed_episodes import UntimedEpisodes
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.rerank import Evidence
from search.retrieval.scorer import Scorer
from search.searcher import Searcher

WORDS = ("雪花", "血花", "音乐", "因乐", "飘落的雪花", "再见", "GPU", "7", "七", "今天", "我们接着聊", "然后呢")
PAUSES = (1.0, 3.0, 3.0, 12.0, 25.0)
"""Seconds from the start of a cue to that of the next one, in some episodes also back."""
QUERIES = (
    *("雪花 OR 音乐", "雪花 AND 音乐", "雪花 NEAR/10s 音乐", "雪花 NEAR/6 音乐", "雪花 -音乐", "雪花 OR 飘落的雪花"),
    *(
        "(雪花 OR GPU) AND 音乐",
        "雪花 NEAR/5s 音乐 OR 再见",
        '"雪花" "音乐"',
        "7 OR GPU",
        "雪花 AND -再见 OR 七 AND GPU",
    ),
    *("雪花 OR 没有的", "血花 OR 因乐", "雪花 音乐 show:a", "雪花 OR 音乐 -今天", "(雪花 NEAR/9s 音乐) NEAR/9s 再见"),
)


def lines(chance: Random, size: int, backwards: Sequence[float]) -> list[Line]:
    """So many cues of one to four words, some after a pause."""
    found, start = list[Line](), 0.0
    for _ in range(size):
        found.append((start, start + 1.0, "，".join(chance.choices(WORDS, k=chance.randint(1, 4)))))
        start = max(0.0, start + chance.choice((*PAUSES, *backwards)))
    return found


@pytest.fixture(scope="module")
def talk(tools: Tools) -> Iterator[Library]:
    """Episodes of few and of many cues; the times of some go back."""
    chance = Random(5)
    talks = {
        f"a{number}": lines(chance, chance.choice((1, 3, 9, 60)), (-24.0, -9.0) if number % 4 == 3 else ())
        for number in range(60)
    }
    with tools.library(talks) as library:
        yield library


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[object]:
    result = library.search(request)
    assert result.incomplete is None
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues) for one in result]


@cache
def expected(talk: Library, request: SearchRequest) -> list[object]:
    """What the folder answers, asked once for all tests of this module."""
    return shown(talk, request)


class Counted(StandIn):
    """Counts the episodes of which the clock was fetched."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.timed: set[str] = set()

    def _stored(self, number: int, columns: Sequence[str]) -> Stored:
        stored = super()._stored(number, columns)
        if CLOCK in columns:
            self.timed.add(stored.id)
        return stored


@pytest.mark.parametrize("query", QUERIES)
def test_no_window_scores_more_than_its_episode_is_bounded_by(talk: Library, query: str) -> None:
    searcher, request = Searcher(talk.snapshot), make_request(query)
    for plan in (searcher.typed(request, Deadline()), searcher.expanded(request, Deadline())):
        scorer = Scorer(searcher.resolved(plan), talk.snapshot)
        if scorer.plan.need is None:
            continue
        windows, evidence = list(every_window(scorer)), Evidence(scorer)
        known = {one.episode: one for one in UntimedEpisodes(scorer, evidence, scorer.candidates)._bounded}
        for window in windows:
            assert evidence.score(window).score <= known[window.episode].most + 1e-9
            assert known[window.episode].may_be_whole or not scorer.is_whole(window)


@pytest.mark.parametrize("first", [1, 200])
@pytest.mark.parametrize("query", QUERIES)
def test_the_moments_are_those_of_a_folder(
    talk: Library, monkeypatch: pytest.MonkeyPatch, query: str, first: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0, RARE=0, TIMED_AT_ONCE=0, FIRST_TIMED=first)
    monkeypatch.setattr(moments, "_AT_LEAST", 1)
    for limit in (1, 3, 10, 40):
        searcher = RemoteSearcher(StandIn(Path(talk.folder)), Searcher)
        request = make_request(query, limit=limit)
        for _ in range(2):  # the second time with what is kept, of some without their clocks
            assert shown(searcher, request) == expected(talk, request)


def test_clocks_are_fetched_of_the_episodes_that_may_have_the_best_moments(
    talk: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0, RARE=0, TIMED_AT_ONCE=0, FIRST_TIMED=5)
    monkeypatch.setattr(moments, "_AT_LEAST", 1)
    remote = Counted(Path(talk.folder))
    request = make_request("雪花 OR 音乐", limit=2)
    assert shown(RemoteSearcher(remote, Searcher), request) == expected(talk, request)
    assert 5 <= len(remote.timed) < talk.snapshot.episode_count / 2


def test_whether_all_of_the_query_is_said_somewhere_decides_about_expansions(tools: Tools) -> None:
    """Times are asked for where a window may have all of it, unless one that does scores less than the worst."""
    far = [(0.0, 1.0, "雪花"), (300.0, 301.0, "音乐")]
    near = [(0.0, 1.0, "雪花"), (9.0, 10.0, "音乐")]
    with tools.library({"far": far, "near": near}) as library:
        searcher = Searcher(library.snapshot)
        plan = searcher.resolved(searcher.typed(make_request("雪花 OR 音乐"), Deadline()))

        def asked(floor: float, least_whole: float) -> list[int]:
            scorer, found = Scorer(plan, library.snapshot), list[int]()
            others = UntimedEpisodes(scorer, Evidence(scorer), scorer.candidates)
            scorer.snapshot = Asked(library.snapshot, found)  # type: ignore[assignment]
            others.ask(floor, least_whole)
            return found

        assert asked(-math.inf, math.inf) == asked(99.0, math.inf) == [0, 1]
        assert asked(99.0, 98.0) == asked(99.0, 99.0) == []


class Asked:
    """Notes of which episodes times are asked for."""

    def __init__(self, snapshot: object, found: list[int]) -> None:
        self._snapshot, self._found = snapshot, found

    def __getattr__(self, name: str) -> object:
        return getattr(self._snapshot, name)

    def times(self, episode: int) -> None:
        self._found.append(episode)


def test_what_is_asked_for_in_case_it_is_needed_makes_no_answer_incomplete(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More episodes sound like the query than may be read, beside enough that have it exactly."""
    said = [(0.0, 2.0, "雪花"), (3.0, 5.0, "音乐"), (300.0, 302.0, "再见")]
    talks = {f"a{number}": said for number in range(8)} | {f"b{number}": [(0.0, 2.0, "血花")] for number in range(20)}
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0, RARE=0, TIMED_AT_ONCE=0, MOST_EPISODES=12)
    monkeypatch.setattr(moments, "_AT_LEAST", 1)
    with tools.library(talks) as library:
        for query in ("雪花 NEAR/10s 音乐", "雪花 AND 音乐"):
            request = make_request(query, limit=2)
            searcher = RemoteSearcher(StandIn(Path(library.folder)), Searcher)
            assert shown(searcher, request) == shown(library, request)
            assert searcher.read_last == 12  # some were asked for
