"""A remote index gives the moments that an index in a folder gives: the same places, scores and order, whatever was
fetched for them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.library import Tools, spaced, write_lines
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn
from support.same_answers.queries import Asker

from indexer.core.errors import QueryProblem
from search.api import Moment, SearchRequest, make_request
from search.backends.remote import Answers, ByBound, Peak, Questions, Stored
from search.expansion.mishearings.suspects import find_suspects
from search.library import Library, open_library
from search.query.deadline import Deadline
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

QUERIES = (
    *("训练", "模型", "强化学习", "gpu", "GPT4", "30%", "三十", "的", "哈哈", "没有的词"),
    *("训练 数据", "模型 训练 数据", "强化学习 模型 的", "deep seek", "训练数据", "我们今天聊聊模型是怎么训练出来的"),
    *('"强化学习"', '"模型的训练"', '"我们今天聊聊模型"', '"没有人说过这样的一句话呀"', '训练 "模型"'),
    *("训练 AND 模型", "训练 OR 数据", "模型 NEAR/5s 训练", "模型 -训练", "NOT 训练", "训练 NEAR 数据 OR gpu"),
    *("deep*", "*ing", "/模.{1,3}练/", "~训练", "=训练", "xunlian", "shujv", "训炼", "莫型 数剧"),
    *("xun lian", "qianghua xuexi", "qiang huaxuexi", "xunlian shuju", "gpu 在哪里", "训炼 是什么"),
    *("训练 date:2025..", "模型 show:a", "模型 -title:a", "训练 speaker:a", "模型 -speaker:b"),
)


GONE = "key-0-999999"


@pytest.fixture(scope="module", params=["tiny", "sample"])
def near(request: pytest.FixtureRequest) -> Library:
    library: Library = request.getfixturevalue(request.param)
    return library


SMALLEST_STEPS = {"FIRST_BATCH": 1, "BATCH": 2, "MOST_BOUNDED": 3, "MOST_PEAKS": 30, "_PARTIAL": 1, "FEW": 0}
SMALLEST_STEPS |= {"TIMED_AT_ONCE": 0, "FIRST_TIMED": 1}
STEPS: dict[str, tuple[int, dict[str, int], int]] = {
    "format 1, smallest steps": (1, SMALLEST_STEPS, 0),
    "format 2, smallest steps": (2, SMALLEST_STEPS, 0),
    "format 3, smallest steps": (3, SMALLEST_STEPS, 0),
    "format 3, small steps": (3, {"FIRST_BATCH": 2, "BATCH": 3, "FEW": 2}, 0),
    "format 3, only what is shown whole": (3, {"FEW": 0}, 300),
    "format 3, as it is": (3, {}, 300),
    "format 4, smallest steps": (4, {**SMALLEST_STEPS, "_LEAST_CUES": 1}, 0),
    "format 4, only lines": (4, {"FEW": 0, "_LEAST_CUES": 3}, 300),
    "format 4, as it is": (4, {}, 300),
}
"""The format of a library, how much is fetched at once, and of how many episodes an index is fetched at once."""


@pytest.fixture(params=STEPS)
def far(near: Library, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> RemoteSearcher:
    """The same index from afar. What one query fetched is kept for the next one."""
    format, steps, at_once = STEPS[request.param]
    set_sizes(monkeypatch, **steps, ALL_AT_ONCE=at_once, RARE=0 if steps else 60)
    return RemoteSearcher(StandIn(Path(near.folder), format), Searcher)


def shown(moments: Iterator[Moment]) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in moments]


def answer(library: Library | RemoteSearcher, request: SearchRequest) -> object:
    try:
        result = library.search(request)
    except QueryProblem as problem:
        return str(problem)
    return shown(iter(result)), result.incomplete


@cache
def expected(near: Library, request: SearchRequest) -> object:
    """What the folder answers, asked once for all tests of this module."""
    return answer(near, request)


def test_a_remote_index_gives_the_same_moments(near: Library, far: RemoteSearcher) -> None:
    for number, query in enumerate(QUERIES):
        request = make_request(query, limit=(2, 10, 100, None)[number % 4])
        assert answer(far, request) == expected(near, request), query


def test_random_queries_have_the_same_answers(near: Library, far: RemoteSearcher) -> None:
    chance = random.Random(3)
    asker = Asker(near, chance)
    for _ in range(12):
        request = make_request(asker.query(), limit=chance.choice((1, 10, 100, None)), exact=chance.random() < 0.2)
        assert answer(far, request) == expected(near, request), request.query


def test_counts_totals_and_streams_are_the_same(near: Library, far: RemoteSearcher) -> None:
    for query in ("训练", "训练 数据", '"强化学习"', "训练 OR 模型"):
        request = make_request(query, limit=3)
        assert far.search(request).total == near.search(request).total
        assert far.count(request._replace(limit=None)) == near.count(query)
        assert shown(iter(far.each(request)[1])) == shown(iter(near.each(query)[1]))
        plan = near.plan(query)
        assert far.expanded(request, Deadline()) == plan
        assert far.tally(plan, request) == near.tally(plan, request)
        told = [(term.label, term.count, term.episodes) for term in near.resolved(plan).terms]
        assert [(term.label, term.count, term.episodes) for term in far.resolved(plan).terms] == told


def test_variants_are_the_same(near: Library, far: RemoteSearcher) -> None:
    for term in ("训练", "强化学习", "gpu", "xunlian"):
        assert far.variants(term, Deadline()) == near.variants(term)


def test_only_episodes_that_can_compete_are_fetched(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_sizes(monkeypatch, FIRST_BATCH=1, BATCH=1, RARE=0)
    remote = StandIn(sample_index)
    with open_library(sample_index) as near:
        request = make_request("训练", limit=1, exact=True)
        assert answer(RemoteSearcher(remote, Searcher), request) == expected(near, request)
        having = len(near.resolved(near.plan("训练", exact=True)).terms[0].counts)
    assert 0 < len(remote.fetched) < having


def test_of_too_many_episodes_the_answer_says_so(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_sizes(monkeypatch, MOST_EPISODES=2)
    found = RemoteSearcher(StandIn(sample_index), Searcher).search(make_request("训练 OR 模型", limit=None))
    assert found.incomplete == "incomplete: only 2 of the episodes with a match were read"
    assert len({moment.episode.id for moment in found}) == 2


def test_no_more_episodes_are_read_by_their_bounds_either(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_sizes(monkeypatch, MOST_EPISODES=1, FIRST_BATCH=1, BATCH=1, RARE=0)
    remote = StandIn(sample_index)
    found = RemoteSearcher(remote, Searcher).search(make_request("训练", limit=1, exact=True))
    assert found.incomplete == "incomplete: only 1 of the episodes with a match were read"
    assert len(remote.fetched) == 1


def test_an_incomplete_answer_is_told_by_its_deadline(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_sizes(monkeypatch, MOST_EPISODES=1)
    far = RemoteSearcher(StandIn(sample_index), Searcher)
    for ask in (far.search, far.count, far.each):
        deadline = Deadline()
        ask(make_request("训练 OR 模型", limit=None, timeout=deadline))
        assert deadline.reason == "incomplete: only 1 of the episodes with a match were read"


def test_one_episode_is_found_without_a_list_of_all(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    far = RemoteSearcher(remote, Searcher)
    name = far.snapshot.ids[0]
    remote.asked.clear()
    snapshot = far.snapshot_with(name)
    assert [snapshot.episode(number).id for number in snapshot.episodes()] == [name]
    assert remote.asked["listed"] == 0
    assert far.snapshot_with("no such id") is far.snapshot


class Shrinking(StandIn):
    """Its lists name an episode that was deleted since."""

    def passages(self, listed: ByBound) -> list[tuple[float, str]]:
        return [(1e9, GONE), *super().passages(listed._replace(size=listed.size - 1))]

    def answers(self, questions: Questions) -> Answers:
        found = super().answers(questions._replace(also=()))
        best = [(1e9, GONE), *found.likeliest] if questions.ranked else []
        return found._replace(keys=[[GONE, *keys] for keys in found.keys], likeliest=best)

    def peaks(self, *asked: Any) -> tuple[list[Peak], list[Stored]]:
        found, stored = super().peaks(*asked)
        return [Peak(1e9, "", GONE), *found], stored

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        self.is_asked_for_gone = self.is_asked_for_gone or any(GONE in keys for keys, _ in groups)
        return super().stored_of_each(groups)

    is_asked_for_gone = False


@pytest.mark.parametrize("query", ["训练 模型", "训练", "训练 AND 模型", "训炼", "我们今天聊聊模型是怎么训练出来的"])
@pytest.mark.parametrize("format", [2, 3, 4])
def test_a_deleted_episode_is_passed_over(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch, query: str, format: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0, RARE=0)
    request = make_request(query, exact=query != "训炼")
    remote = Shrinking(sample_index, format)
    with open_library(sample_index) as near:
        assert answer(RemoteSearcher(remote, Searcher), request) == expected(near, request)
    assert remote.is_asked_for_gone


def test_what_suspects_look_up_is_asked_for_together(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    whole = RemoteSearcher(remote, Searcher).snapshot
    with open_library(sample_index) as near:
        assert find_suspects(whole, 50) == near.suspects(50)
    looked_up = len(whole._counts)
    assert looked_up > 20
    assert sum(remote.asked.values()) < 12


def test_guesses_with_what_is_beside_a_part_of_a_name_are_the_same(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_sizes(monkeypatch, FIRST_BATCH=1, BATCH=1)
    for name, said in (("a", "用 mini journey 画的"), ("b", "今天聊聊图"), ("c", "一个 journey 的故事")):
        write_lines(tmp_path / "shows" / f"{name}.srt", spaced([said, "再见"]))
    with open_library(tools.index([tmp_path / "shows"], tmp_path / "index")) as near:
        far = RemoteSearcher(StandIn(Path(near.folder)), Searcher)
        request = make_request("midjourney")
        (moment,) = near.search(request)
        assert [one.text for one in moment.matches] == ["mini journey"]
        assert answer(far, request) == expected(near, request)


@pytest.mark.parametrize("limit", [10, None])
@pytest.mark.parametrize("format", [1, 2, 3, 4])
def test_what_sounds_like_a_name_is_found_in_an_episode_that_is_here_for_the_name_itself(
    tools: Tools, tmp_path: Path, format: int, limit: int | None
) -> None:
    write_lines(tmp_path / "shows" / "a.srt", spaced(["第七。xunlian 1,000训炼"]))
    with open_library(tools.index([tmp_path / "shows"], tmp_path / "index")) as near:
        far = RemoteSearcher(StandIn(Path(near.folder), format), Searcher)
        request = make_request("xunlian", limit=limit)
        (moment,) = near.search(request)
        assert [one.text for one in moment.matches] == ["xunlian", "训炼"]
        assert answer(far, request) == expected(near, request)
