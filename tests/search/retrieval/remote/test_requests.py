"""How often a remote index is asked for one query of each kind that `bench/cluster.py` measures, by a process that
knows the answers to no other; and what is fetched whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from indexer.store.cluster.documents.decks import NAMES
from indexer.store.cluster.documents.layout import HAS_DECKS
from search.api import SearchRequest, make_request
from search.backends.remote import Frequencies, Stored
from search.library import Library
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

MOST = 5
"""Requests. One counts the words and runs as typed; most queries need no more than two others."""
QUERIES = {
    "very common": ("百分之", 2),
    "common": ("原来", 3),
    "rarer": ("雪花", 3),
    "very common + very common": ("机器人 过来", MOST),
    "common + very common": ("自动 电脑", MOST),
    "rarer + common": ("放大 青蛙腿", MOST),
    "very common + very common + very common": ("语言 世界 字母", MOST),
    "common + common + very common + rarer": ("排好 物理学 字母 换电站", MOST),
    "common + common + common + common + common + common": ("概率 算出 北斗 蛙腿 半天 图像", MOST),
    '"4 characters"': ('"消息讲完"', 2),
    '"12 characters", one wrong': ('"会议文档多到某nes写文"', 4),
    "common OR rarer": ("才能 OR 商业", 3),
    "common NEAR/10s common": ("词典 NEAR/10s 波兰", 3),
    "rarer -common": ("完整 -一款", 3),
    "a word nobody says": ("自来", 4),
    "a name nobody writes": ("tarcoder", MOST),
    "a name nobody writes, nor its sounds": ("midjournal", MOST),
    "a name nobody writes + common": ("tarcoder 原来", MOST),
    "a misspelt name + common": ("transfomer 原来", MOST),
    "a sentence": ("还危险今年3月比亚迪发布兆瓦闪充", MOST),
    "a question": ("为什么看见的十多会大话呢", MOST),
}


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[object]:
    result = library.search(request)
    assert result.incomplete is None
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in result]


@cache
def expected(sample: Library, request: SearchRequest) -> list[object]:
    """What the folder answers, asked once for all tests of this module."""
    return shown(sample, request)


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("format", [2, 3, 4])
@pytest.mark.parametrize(("at_once", "few"), [(300, 12), (0, 12), (0, 0)])
def test_a_query_takes_few_requests(
    sample: Library,
    sample_index: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    format: int,
    at_once: int,
    few: int,
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=at_once, FEW=few)
    query, most = QUERIES[kind]
    remote = StandIn(sample_index, format)
    request = make_request(query)
    found = shown(RemoteSearcher(remote, Searcher), request)
    assert found == expected(sample, request)
    assert sum(remote.asked.values()) <= most, remote.asked
    assert all(count <= 3 for count in remote.fetched.values())  # in part, its clock, then whole
    assert all(count == 1 for count in remote.whole.values())
    if format >= HAS_DECKS and not few:  # what is shown, and what another ranking of it or a single run might show
        assert len(remote.whole) <= max(8, 2 * len({moment[0] for moment in found}))  # type: ignore[index]


@pytest.mark.parametrize("query", ["机器人 过来", "自动 电脑", "语言 世界 字母", "还危险今年3月比亚迪发布兆瓦闪充"])
@pytest.mark.parametrize("format", [2, 3, 4])
def test_a_list_longer_than_the_windows_with_the_full_score_takes_as_few(
    sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch, query: str, format: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0)
    remote = StandIn(sample_index, format)
    request = make_request(query, limit=100)
    found = shown(RemoteSearcher(remote, Searcher), request)
    assert found == expected(sample, request)
    assert len(found) > 10
    assert sum(remote.asked.values()) <= MOST, remote.asked


@pytest.mark.parametrize("query", ["30% 机器人", '"自动 电脑" 词典'])
@pytest.mark.parametrize(("at_once", "few"), [(300, 12), (0, 12), (0, 0)])
def test_a_percentage_and_a_quote_said_seldom_take_few_requests(
    sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch, query: str, at_once: int, few: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=at_once, FEW=few)
    remote = StandIn(sample_index)
    request = make_request(query)
    assert shown(RemoteSearcher(remote, Searcher), request) == expected(sample, request)
    assert sum(remote.asked.values()) <= 4, remote.asked


class Counted(StandIn):
    """Notes which words and characters it was asked for, one entry a request."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.terms: list[set[str]] = []

    def all_frequencies(self, terms: Collection[str], *given: Any, **named: Any) -> Frequencies:
        self.terms.append(set(terms))
        return super().all_frequencies(terms, *given, **named)


def test_once_all_names_are_known_no_other_is_asked_for(sample: Library, sample_index: Path) -> None:
    remote = Counted(sample_index)
    request = make_request("transfomer 原来")
    assert shown(RemoteSearcher(remote, Searcher), request) == expected(sample, request)
    assert "transfomer" in remote.terms[0] and not any(remote.terms[1:])


@pytest.mark.parametrize("kind", QUERIES)
def test_the_same_query_again_fetches_no_episode(sample_index: Path, kind: str) -> None:
    remote = StandIn(sample_index)
    searcher = RemoteSearcher(remote, Searcher)
    request = make_request(QUERIES[kind][0])
    first = shown(searcher, request)
    fetched, asked = remote.fetched.copy(), remote.asked.copy()
    assert shown(searcher, request) == first
    again = remote.asked - asked
    assert again.total() < asked.total()
    if not again["peaks"]:  # whose first episodes come with their list
        assert remote.fetched == fetched


EVERY_FOURTH = "".join(map(chr, range(0x4E00, 0x5400, 4)))


@pytest.mark.parametrize("query", [f"/[{EVERY_FOURTH}]们/", f"/我[^{EVERY_FOURTH}]/ 训练"])
def test_what_decks_do_not_tell_is_looked_up_in_whole_episodes_at_once(
    sample: Library, sample_index: Path, query: str
) -> None:
    remote = StandIn(sample_index)
    assert shown(RemoteSearcher(remote, Searcher), make_request(query)) == expected(sample, make_request(query))
    assert set(remote.fetched.values()) == {1}


class Watched(StandIn):
    """Notes how many decks were asked for of an episode at once."""

    most_decks = 0

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        for _, columns in groups:
            self.most_decks = max(self.most_decks, len(set(NAMES) & set(columns)))
        return super().stored_of_each(groups)


@pytest.mark.parametrize("query", ["deraj", "tarcoder", "年成漏", "这时送"])
def test_of_what_sounds_alike_an_episode_comes_with_the_decks_of_the_sounds_that_it_has(
    sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0)
    remote = Watched(sample_index)
    request = make_request(query)
    assert shown(RemoteSearcher(remote, Searcher), request) == expected(sample, request)
    sounds = {way.classes for questions in remote.questions for ways in questions.sounding for way in ways}
    assert 0 < remote.most_decks < len(sounds) / 3
