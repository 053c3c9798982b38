"""Two transcripts of one recording are recognised, and no two talks that only begin alike."""

from __future__ import annotations

from support.library import Tools, spaced

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


def test_two_episodes_that_begin_alike_are_two(tools: Tools) -> None:
    episodes = {name: spaced([*OPENING, *lines], 10) for name, lines in {"one": TALK, "other": OTHER}.items()}
    with tools.library(episodes) as library:
        found = library.search('"欢迎收听"')
        assert len(found) == 2
        assert library.twins(found) == {}
