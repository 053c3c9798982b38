"""Episodes that are only ranked are fetched in part: their clock and the decks of a query. What is found in them, and
shown of them, is what whole ones give, whatever was fetched before."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from support.library import Line, Tools, spaced, write_lines
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn

from indexer.store import schema
from search.api import SearchRequest, make_request
from search.library import Library, open_library
from search.query.deadline import Deadline
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

WORDS = (
    *("银行", "行走", "一行", "自行车", "重复", "重要", "体重", "长大", "长度", "校长", "音乐", "快乐", "乐观", "娱乐"),
    *("三十", "30%", "百分之三十", "十三", "1.5", "2024", "GPT4", "gpu", "deep seek", "deepseek", "open ai", "C++"),
    *("𠮷野家", "𠀀字", "カタカナ", "の", "々", "臺灣", "台湾", "為什麼", "训练", "模型", "强化学习", "的", "了"),
)
"""Characters of several sounds, names, numbers, characters beyond the basic plane, other writings."""
LOOP = "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"
QUERIES = (
    *(
        "银行",
        "行",
        "行走 银行",
        "重",
        "重复 重要",
        "长大 长度",
        "乐",
        "音乐 快乐 娱乐",
        "yinhang",
        "zhongyao",
        "changdu",
    ),
    *("银航", "从复", "常大 常度", "因乐", "yinyue kuaile", "chongfu", "hang", "~行", "~重复", "=长"),
    *(
        "三十",
        "30%",
        "百分之三十",
        "30",
        "1.5",
        "2024",
        "二零二四",
        "三十 训练",
        "三",
        "十三",
        "gpt4",
        "gpu 训练",
        "deepseek",
        "opan ai",
    ),
    *("deep seek 模型", "GPT 4", "c++", "𠮷野家", "吉野家", "𠀀", "𠀀字 训练", "カタカナ", "の", "臺灣", "台灣 为什么"),
    *('"行重长乐"', '"重复 的 音乐"', '"三十 gpu"', '"𠮷野家的"', '"银行某音乐快乐娱乐"', '训练 "快乐"'),
    *("银行 AND 音乐", "行走 OR 体重", "重要 NEAR/5s 音乐", "快乐 -银行", "音乐 NEAR 快乐 OR gpu"),
    *(
        "deep*",
        "*gpu",
        "/行.{1,3}重/",
        "/[a-z]+\\d/",
        "/[^的了]{2}乐\\W/",
        "/[一-龥]{3}的/ 训练",
        "/[三十]+/ OR /行|重/",
        "训练 title:长",
        "音乐 speaker:小禾",
        "行 speaker:阿默",
    ),
    *(
        "重要 -speaker:小禾",
        "银行 show:odd",
        "模型 date:2025..",
        "乐 date:..2024",
        "点赞",
        "不吝点赞 训练",
        "音乐节目 行业",
    ),
    *("我们的银行为什么重复说音乐快乐呢", "银行行走一行自行车重复重要体重长大"),
)
TOML = """
show = "odd"
speakers = ["小禾", "阿默"]
[episodes.long]
title = "长的一期"
date = 2024-03-01
[[episodes.long.chapters]]
start = 0
title = "音乐节目"
[[episodes.long.chapters]]
start = 900
title = "银行与行业"
[episodes.short]
title = "短的一期"
date = 2025-03-01
"""


def talk(chance: random.Random, cues: int) -> Iterable[str]:
    for number in range(cues):
        said = "，".join(chance.choices(WORDS, k=chance.choice((1, 2, 3, 5))))
        yield LOOP if number % 50 in range(40, 47) else said


def untimed(lines: Iterable[Line]) -> list[Line]:
    """The lines, some of which go back in time."""
    return [(start % 400, end % 400 + 8, text) for start, end, text in lines]


@pytest.fixture(scope="module")
def near(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """An episode of an hour and others of a few words, two with speakers, one with times that go back."""
    folder, chance = tmp_path_factory.mktemp("odd") / "odd", random.Random(5)
    write_lines(folder / "long.srt", spaced(talk(chance, 900)))
    write_lines(folder / "short.srt", spaced(["银行音乐", "三十个gpu"]))
    write_lines(folder / "backward.srt", untimed(spaced(talk(chance, 150))))
    for number in range(14):
        write_lines(folder / f"some{number:02}.srt", spaced(talk(chance, 1 + 5 * number), step=2.0 + number % 3))
    for number in range(2):
        cues = enumerate(talk(chance, 40))
        voiced = (
            f"{at // 60:02}:{at % 60:02}.000 --> {at // 60:02}:{at % 60:02}.900\n{cue}" for at, cue in _voiced(cues)
        )
        (folder / f"voices{number}.vtt").write_text("WEBVTT\n\n" + "\n\n".join(voiced) + "\n", "utf-8")
    (folder / "podcast.toml").write_text(TOML, "utf-8")
    return open_library(tools.index([folder], folder.parent / "index"))


def _voiced(cues: Iterable[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    return ((at, f"<v {('小禾', '阿默')[at % 2]}>{text}") for at, text in cues)


@pytest.fixture(autouse=True)
def partial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is shown is fetched whole, and episodes by and by."""
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, FIRST_BATCH=2, BATCH=3, _PARTIAL=1, RARE=0)


def far(near: Library, format: int = 3) -> RemoteSearcher:
    return RemoteSearcher(StandIn(Path(near.folder), format), Searcher)


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[tuple[object, ...]]:
    result = library.search(request)
    assert result.incomplete is None
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in result]


@cache
def expected(near: Library, request: SearchRequest) -> list[tuple[object, ...]]:
    """What the folder answers, asked once for all tests of this module."""
    return shown(near, request)


REQUESTS = [
    make_request(query, limit=(1, 10, 100, None, 3)[number % 5], exact=number % 4 == 3)
    for number, query in enumerate(QUERIES)
]


@pytest.mark.parametrize("format", [2, 3, 4])
def test_each_query_alone_gives_the_moments_of_a_folder(near: Library, format: int) -> None:
    for request in REQUESTS:
        assert shown(far(near, format), request) == expected(near, request), request


@pytest.mark.parametrize("at_once", [0, 300])
@pytest.mark.parametrize("seed", range(3))
def test_what_was_fetched_for_one_query_does_for_the_next(
    near: Library, monkeypatch: pytest.MonkeyPatch, seed: int, at_once: int
) -> None:
    """Kept episodes are partial, then whole, then have the decks of other queries, too."""
    set_sizes(monkeypatch, ALL_AT_ONCE=at_once)
    searcher = far(near)
    for request in random.Random(seed).sample(REQUESTS, len(REQUESTS)):
        assert shown(searcher, request) == expected(near, request), request


def test_what_was_pushed_out_is_fetched_again(near: Library) -> None:
    searcher = far(near)
    searcher._rounds.kept._most = 20_000
    for request in random.Random(4).choices(REQUESTS, k=60):
        assert shown(searcher, request) == expected(near, request), request


def test_several_threads_share_what_is_kept(near: Library) -> None:
    searcher = far(near)
    several = REQUESTS * 2
    random.Random(6).shuffle(several)
    with ThreadPoolExecutor(4) as pool:
        for request, found in zip(several, pool.map(lambda one: shown(searcher, one), several), strict=True):
            assert found == expected(near, request), request


@pytest.mark.parametrize("query", ["银行", "音乐 快乐", "重要 NEAR/5s 音乐", "从复", "快乐 -银行"])
@pytest.mark.parametrize("at_once", [0, 300])
def test_counts_of_partial_episodes_are_those_of_whole_ones(
    near: Library, monkeypatch: pytest.MonkeyPatch, query: str, at_once: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=at_once)
    searcher = far(near)
    request = make_request(query, limit=3)
    assert searcher.search(request).total == near.search(request).total
    assert searcher.count(request._replace(limit=None)) == near.count(query)
    assert searcher.tally(near.plan(query), request) == near.tally(near.plan(query), request)
    assert searcher.count(request._replace(limit=None), by_speaker=True) == near.count(query, by_speaker=True)


@pytest.mark.parametrize("query", ["娱乐 快乐", "重要 gpu 三十", "音乐 NEAR/5s 快乐", "娱乐 OR 重复", "重要 -银行"])
def test_only_episodes_that_may_be_shown_are_fetched_whole(near: Library, query: str) -> None:
    searcher = far(near)
    found = shown(searcher, make_request(query, limit=2, exact=True))
    assert found == shown(near, make_request(query, limit=2, exact=True))
    stored = searcher._rounds.kept._stored.values()
    whole = {one.id for one in stored if schema.STREAM in one.columns}
    known = {moment[0] for moment in found}
    assert known <= whole and len(whole) <= 2 * len(known)  # one that a ranking before would have shown may be there
    assert len(stored) > 3 * len(whole)
    remote = searcher._remote
    assert isinstance(remote, StandIn)
    assert sum(remote.whole.values()) == len(whole)


@pytest.mark.parametrize("query", ["30%", "30% 训练"])
def test_a_percentage_is_found_by_signs_that_come_without_the_text(near: Library, query: str) -> None:
    searcher = far(near)
    request = make_request(query, limit=2)
    found = shown(searcher, request)
    assert any("30" in match.text for moment in near.search(query) for match in moment.matches)
    assert found == shown(near, request)
    stored = searcher._rounds.kept._stored.values()
    signed = {one.id for one in stored if schema.TEXT in one.columns}
    whole = {one.id for one in stored if schema.STREAM in one.columns}
    assert len(signed) > 3 * len(whole) and len(whole) <= 2 * len({moment[0] for moment in found})


def test_a_number_inside_a_longer_one_is_not_planned_for(tools: Tools) -> None:
    """A plan that nothing is ranked for reads the numerals beside a number, too: 202 is not in 二零二四."""
    with tools.library({"year": spaced(["二零二四，"]), "number": spaced(["二零二号"])}) as near:
        request = make_request("二零二四 202")
        assert far(near).expanded(request, Deadline()).terms == near.plan(request).terms


@pytest.mark.parametrize(
    "query", ["/行.{1,3}重/", r"/[a-z]+\d/", r"/[^的了]{2}乐\W/", "/[一-龥]+，30%/", "/(快|音)乐，\\w/ OR /乐.?的/"]
)
def test_a_regular_expression_is_matched_with_little_of_the_text(near: Library, query: str) -> None:
    searcher = far(near)
    request = make_request(query, limit=2)
    found = shown(searcher, request)
    assert found and found == shown(near, request)
    stored = searcher._rounds.kept._stored.values()
    whole = {one.id for one in stored if schema.STREAM in one.columns}
    assert len(whole) <= 2 * len({moment[0] for moment in found}) < len(stored)


def test_matches_are_looked_for_once_in_each_episode(near: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Counter[str]()
    told = Body.text_with_filler
    monkeypatch.setattr(Body, "text_with_filler", lambda body, filler: read.update([body.id]) or told(body, filler))
    assert shown(far(near), make_request("/音乐.*快乐/"))
    assert set(read.values()) == {1} and len(read) > 3


@pytest.mark.parametrize("query", ["重复 重要 speaker:小禾", "音乐 -speaker:阿默"])
def test_who_speaks_is_told_without_the_characters(near: Library, query: str) -> None:
    searcher = far(near)
    request = make_request(query, limit=1)
    found = shown(searcher, request)
    assert found == shown(near, request)
    stored = searcher._rounds.kept._stored.values()
    whole = {one.id for one in stored if schema.STREAM in one.columns}
    told = {one.id for one in stored if schema.TEXT in one.columns}
    assert len(whole) <= 3 < len(told)


@pytest.mark.parametrize("query", ["银行", '"重要"', "gpu", "三十"])
def test_of_one_run_no_more_are_fetched_whole_than_may_be_shown(near: Library, query: str) -> None:
    searcher = far(near)
    limit = 2
    assert shown(searcher, make_request(query, limit=limit, exact=True))
    stored = searcher._rounds.kept._stored.values()
    assert sum(schema.STREAM in one.columns for one in stored) <= 2 * limit
