"""Two transcripts of one recording are recognised, and no two talks that only begin alike."""

from __future__ import annotations

from support.library import Tools, spaced

from search.exploration.similar import similar_moments
from search.results.recordings import candidates, may_be_twins

OPENING = ["欢迎收听回声机房我是林晚", "今天和老周一起聊一个话题", "先听一段广告之后马上回来"]
TOPICS = "电池 光缆 芯片 卫星 密码 显卡 索引 编译 网络 存储 声音 图像"
ROADS = "南京 淮海 延安 西藏 四川 河南 福建 山东 江苏 浙江 广东 云南"
TALK = [f"{word}是怎么一回事我们慢慢说" for word in TOPICS.split()]
OTHER = [f"上海{word}路附近有家小店卖点心" for word in ROADS.split()]


def test_the_same_place_of_a_recording_is_one_moment(tools: Tools) -> None:
    corrected = [line.replace("慢慢", "漫漫") for line in TALK]
    episodes = {name: spaced([*OPENING, *lines], 10) for name, lines in {"raw": TALK, "right": corrected}.items()}
    with tools.library(episodes) as library:
        found = library.search('"卫星"')
        assert {rank: [twin.rank for twin in twins] for rank, twins in library.twins(found).items()} == {1: [2]}


def test_of_a_long_list_the_same_pairs_are_compared_as_of_all(tools: Tools) -> None:
    episodes = {str(n): spaced([*OPENING, *TALK[n:], *OTHER[n:]], 7 + n) for n in range(6)}
    with tools.library(episodes) as library:
        found = library.search("一 OR 的 OR 说 OR 家", limit=None)
        compared = candidates(found)
        assert compared == [
            [before for before in range(at) if may_be_twins(moment, found[before])] for at, moment in enumerate(found)
        ]
        assert sum(map(len, compared)) > len(found) > 20


def test_a_transcript_without_the_end_is_of_the_same_recording(tools: Tools) -> None:
    whole = [*OPENING, *TALK, *OTHER, *reversed(TALK)]
    with tools.library({"raw": spaced(whole, 20), "right": spaced(whole[:15], 20)}) as library:
        found = library.search('"卫星"')
        assert [twin.episode.id for twins in library.twins(found).values() for twin in twins]


def test_stretches_of_english_are_alike_in_words_not_in_letters(tools: Tools) -> None:
    one = [f"the number of the {word} is what we want to know" for word in ["integer", "rest", "module", "inverse"]]
    other = [f"an hour under the {word} makes them all wonder" for word in ["water", "winter", "morning", "lantern"]]
    talks = {"one": spaced(["hello"] + 4 * one, 20), "other": spaced(["hello"] + 4 * other, 20)}
    with tools.library(talks) as library:
        assert library.twins(library.search("hello")) == {}


def test_two_episodes_that_begin_alike_are_two(tools: Tools) -> None:
    episodes = {name: spaced([*OPENING, *lines], 10) for name, lines in {"one": TALK, "other": OTHER}.items()}
    with tools.library(episodes) as library:
        found = library.search('"欢迎收听"')
        assert len(found) == 2
        assert library.twins(found) == {}


def test_nothing_is_more_like_a_recording_than_its_other_transcript_which_is_left_out(tools: Tools) -> None:
    whole = [*OPENING, *TALK, *OTHER, *TALK]
    corrected = [line.replace("慢慢", "漫漫") for line in whole[:24]]
    talks = {"raw": spaced(whole, 10), "right": spaced(corrected, 10), "new": spaced([*OPENING, *OTHER, *TALK], 10)}
    with tools.library(talks) as library:
        assert [row.episode for row in library.explore.similar("raw")] == ["show/new"]
        assert {moment.episode.id for moment in similar_moments(library, "raw")[1]} == {"show/new"}
        found = {(moment.episode.id, moment.start) for moment in similar_moments(library, "raw", 90.0, limit=50)[1]}
        assert not any(name in ("show/raw", "show/right") and start < 180.0 for name, start in found)


def test_what_a_later_commit_has_no_more_is_no_twin(tools: Tools) -> None:
    corrected = [line.replace("慢慢", "漫漫") for line in TALK]
    episodes = {name: spaced([*OPENING, *lines], 10) for name, lines in {"raw": TALK, "right": corrected}.items()}
    with tools.library(episodes) as library, tools.library({"raw": episodes["raw"]}) as later:
        assert later.twins(library.search('"卫星"')) == {}
