"""Loops and stock lines: what is recognised, what is not, and that search puts it last and never loses it."""

from __future__ import annotations

import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Line, Tools, spaced

from indexer.core.types import LOOP, STOCK
from indexer.core.words.hallucinations import _IN_STOCK, _STOCK, REPEATS, find_damped

TALK = ["今天聊开源", "先说历史", "后来有了社区", "再后来有了公司"]


def damped(*texts: str) -> list[tuple[int, int, str]]:
    units = [text.replace(" ", "") for text in texts]
    first = list(accumulate(map(len, units), initial=0))
    return [(one.first, one.end, one.kind) for one in find_damped("".join(units), first, texts)]


def test_talk_is_not_damped() -> None:
    assert damped(*TALK) == []


def test_the_same_line_again_and_again_is_a_loop_but_for_the_first() -> None:
    assert damped("先说历史", *["好的"] * REPEATS, "后来") == [(2, 1 + REPEATS, LOOP)]


def test_a_line_that_comes_less_often_is_talk() -> None:
    assert damped("先说历史", *["对"] * (REPEATS - 1), "后来") == []


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_few_lines_in_turn_are_a_loop(size: int) -> None:
    assert damped(*TALK[:size] * REPEATS) == [(size, size * REPEATS, LOOP)]


def test_lines_that_come_again_later_are_no_loop() -> None:
    lines = [line for number in range(REPEATS) for line in ("对", f"第{'一二三四五'[number]}点")]
    assert damped(*lines) == []


def test_a_cue_that_babbles_is_a_loop_by_itself() -> None:
    assert damped("今天", "是是" * 20, "明天") == [(1, 2, LOOP)]
    assert damped("今天", "哈哈哈哈", "明天") == []


@pytest.mark.parametrize(
    "line",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "字幕由 amara.org 社群提供",
        "中文字幕:j chong",
        "字幕志愿者 杨茜茜",
        "谢谢观看!",
        "感谢大家的收看",
        "thanks for watching!",
        "subtitles by the amara.org community",
    ],
)
def test_a_line_out_of_the_training_data_is_stock(line: str) -> None:
    assert damped("今天", line, "明天") == [(1, 2, STOCK)]


@pytest.mark.parametrize("line", ["谢谢观看我们节目的王老师今天来到现场", "字幕是人工做的吗", "大家记得订阅", "thanks"])
def test_people_may_say_such_things_themselves(line: str) -> None:
    assert damped("今天", line, "明天") == []


LOOPED: dict[str, list[Line]] = {
    "loop": spaced(["开源社区"] + ["开源吧"] * 30 + ["说点别的", *TALK]),
    "talk": spaced([*TALK, "开源社区", "开源软件", "就是这样"]),
}


@pytest.mark.parametrize("query", ["开源", '"开源"', "开源 社区", "开源 AND 社区"])
def test_a_loop_comes_after_all_talk(tools: Tools, query: str) -> None:
    with tools.library(LOOPED) as library:
        found = library.search(query, limit=10)
        kinds = [{cue.damped for cue in moment.cues if cue.highlights} == {LOOP} for moment in found]
        assert kinds == sorted(kinds), "a loop stands before talk"
        assert not kinds[0]


@pytest.mark.parametrize("query", ["开源", '"开源"'])
def test_without_damping_the_loop_comes_first(tools: Tools, query: str) -> None:
    with tools.library(LOOPED) as library:
        first = library.search(query, limit=1, damping=False)[0]
        assert any(cue.damped for cue in first.cues)
        assert {moment.episode.id for moment in library.search(query, limit=1)} == {"show/talk"}


@pytest.mark.parametrize("query", ["开源", '"开源吧开"', "开源 AND 吧"])
def test_damping_loses_nothing(tools: Tools, query: str) -> None:
    with tools.library(LOOPED) as library:
        damped, plain = (library.search(query, limit=None, damping=damping) for damping in (True, False))
        marked = [
            sorted(
                (moment.episode.id, cue.index, pair)
                for moment in found
                for cue in moment.cues
                for pair in cue.highlights
            )
            for found in (damped, plain)
        ]
        assert marked[0] == marked[1]


def test_what_is_only_in_a_loop_is_still_found(tools: Tools) -> None:
    with tools.library({"a": spaced(["今天", *["订阅吧"] * 9, "明天"])}) as library:
        (moment,) = library.search("订阅", limit=3)
        assert moment.start == 4.0
        assert library.search('"吧订阅"', limit=3)[0].start == 4.0


@given(line=st.from_regex(re.compile(_STOCK, re.VERBOSE), fullmatch=True))
def test_no_stock_line_is_passed_over_for_want_of_a_character(line: str) -> None:
    assert _IN_STOCK.search(line)
