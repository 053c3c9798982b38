"""An index of few episodes is fetched at once where a query needs most of them. What filters leave out is not fetched,
but counts: for what a word may be heard as, and for whether it is one inside longer words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from support.remote.disturbed import Mixed
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from indexer.store.cluster.documents.decks import decks_of
from search.api import SearchRequest, make_request
from search.backends.conditions import EVERY, ValueIn
from search.library import Library
from search.query.deadline import Deadline
from search.retrieval.remote.facts.known_words import known_words
from search.retrieval.remote.held.columns import COLUMNS, PARTIAL
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.remote.snapshots.fetched_snapshot import FetchedSnapshot
from search.searcher import Searcher


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[object]:
    result = library.search(request)
    assert result.incomplete is None
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in result]


@cache
def expected(sample: Library, request: SearchRequest) -> list[object]:
    """What the folder answers, asked once for all tests of this module."""
    return shown(sample, request)


@pytest.mark.parametrize("format", [2, 3, 4])
@pytest.mark.parametrize("at_once", [0, 300])
@pytest.mark.parametrize(
    "query",
    [
        *("一张 越大", "一辆 一段 一张 越大", "一张 越大 title:电池"),  # a new word, elsewhere inside a longer one
        *(
            "不是 陌生冷 title:电池",
            "就是 OR 几迟 title:电池",
            "其实 它其实只 辙套 title:毁灭",
            "这 念片 date:2025-07-04..",
        ),
        *(
            "的 训炼 title:电池",
            "我们 莫型 -title:电池",
            "这 xunlian title:芯片",
            "就是 deep* title:开源",
            "/电.{0,2}池/ 莫型 title:电池",
            "的 /电.{0,2}池/ 念片",
        ),
    ],
)
def test_the_moments_are_those_of_a_folder(
    sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch, query: str, at_once: int, format: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=at_once)
    searcher = RemoteSearcher(StandIn(sample_index, format), Searcher)
    request = make_request(query)
    assert shown(searcher, request) == expected(sample, request)
    assert searcher.expanded(request, Deadline()).terms == sample.plan(query).terms


@pytest.mark.parametrize("format", [3, 4])
def test_all_episodes_are_fetched_once_and_in_part(sample: Library, sample_index: Path, format: int) -> None:
    remote = StandIn(sample_index, format)
    searcher = RemoteSearcher(remote, Searcher)
    request = make_request("我们 这个 训练", limit=3)
    assert shown(searcher, request) == expected(sample, request)
    assert [asked.conditions for asked in remote.questions] == [(EVERY,)]
    assert len(remote.fetched) == remote.episode_count
    assert not (remote.whole if format == 4 else remote.lines)
    assert (remote.lines if format == 4 else remote.whole).keys() == {
        key
        for key in remote.keys(EVERY)
        if searcher._rounds.kept.get(key).id in {one.episode.id for one in sample.search(request)}  # type: ignore[union-attr]
    }


def test_a_larger_index_is_not_fetched_at_once(
    sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = StandIn(sample_index)
    set_sizes(monkeypatch, ALL_AT_ONCE=remote.episode_count - 1)
    request = make_request("我们 这个 训练", limit=3)
    assert shown(RemoteSearcher(remote, Searcher), request) == expected(sample, request)
    assert EVERY not in {one for asked in remote.questions for one in asked.conditions}


@pytest.mark.parametrize("at_once", [0, 300])
@pytest.mark.parametrize("few", [0, 12])
def test_episodes_without_decks_are_fetched_whole(
    sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch, few: int, at_once: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=at_once, FEW=few)
    searcher = RemoteSearcher(Mixed(sample_index), Searcher)
    for query in (
        "训练",
        "训练 数据",
        "莫型 数剧",
        "一张 越大",
        "模型 NEAR/9s 训练",
        "就是 OR 几迟 title:电池",
        "三十",
        "gpu 的",
    ):
        for alone in (searcher, RemoteSearcher(Mixed(sample_index), Searcher)):
            assert shown(alone, make_request(query)) == expected(sample, make_request(query)), query


@pytest.mark.parametrize("first", [(), ("d01",)])
def test_what_decks_that_are_not_here_may_have_is_not_told(
    sample: Library, sample_index: Path, first: tuple[str, ...]
) -> None:
    """越大 is a new word: alone in one episode, and in another inside a longer one, where it does not count."""
    remote, word = StandIn(sample_index), "越大"
    words = known_words(remote)
    words.learn([word])
    (inside,) = remote.keys(
        ValueIn("title", tuple(e.title for e in sample.episodes() if e.id.endswith("09-batteries")))
    )
    others = [key for key in remote.keys(EVERY) if key != inside]
    decks = sorted({name for atom in word for name in decks_of(atom, words.readings)})
    for beside in ([*first], decks):
        stored = [*remote.stored([inside], COLUMNS), *remote.stored(others, (*PARTIAL, *beside))]
        snapshot = FetchedSnapshot(remote, words, [Body(one, remote.folder) for one in stored], lambda _: True)
        found = snapshot.word_episodes(word)
    assert found == sample.snapshot.word_episodes(word)


def test_a_run_is_counted_only_in_episodes_that_tell_where_it_is(sample: Library, sample_index: Path) -> None:
    """All are here for another reason, without the decks of the run."""
    remote, run = StandIn(sample_index), ("电", "池")
    words = known_words(remote)
    decks = sorted({name for atom in run for name in decks_of(atom, words.readings)})
    for columns, is_told in (PARTIAL, False), ((*PARTIAL, *decks), True):
        bodies = [Body(one, remote.folder) for one in remote.stored(remote.keys(EVERY), columns)]
        snapshot = FetchedSnapshot(remote, words, bodies, lambda _: True)
        found = snapshot.occurrences(run, {})
        assert (run not in snapshot.wanted_runs) is is_told
    assert found == remote.all_frequencies((), [run]).runs[0].count > 0
