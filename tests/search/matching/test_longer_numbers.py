"""A typed number is found where it is said whole, and not inside a longer one."""

from __future__ import annotations

import pytest
from support.library import Tools, spaced

from search import Library


def found(library: Library, query: str, term: str) -> list[int]:
    """The numbers of the lines, from 0, in which a term is matched exactly."""
    moments = library.search(query, limit=None)
    matches = [match for moment in moments for match in moment.matches]
    starts = {match.start for match in matches if match.how == "exact" and match.term == term}
    _episode, lines = library.read(library.episodes()[0].id)
    return [at for at, line in enumerate(lines) if line.start in starts]


@pytest.mark.parametrize(
    ("query", "whole", "longer"),
    [
        ("百分之五", ["大概百分之五吧", "三块八百分之五的人"], ["百分之五十呢", "百分之五点三"]),
        ("五", ["来了五个人", "四五六都行"], ["十五个人", "五十个人", "三点五倍", "二零二五年"]),
        ("三百", ["恭喜三百斤", "十三百货", "二百三百一个"], ["三百二十块", "一千三百", "三百五一瓶", "三百万"]),
        ("第三", ["这是第三名", "第三一定要来", "说到第三点"], ["这是第三十一局"]),
        ("五年", ["等了五年", "二五年级"], ["等了十五年", "等了五十五年"]),
        ("二十", ["第二十次", "五二十连"], ["二十四节气", "一百二十斤"]),
        ("五十", ["下午三点五十"], ["一百五十", "五十八"]),
        ("三点五", ["涨了三点五倍"], ["十三点五", "三点五万人"]),
        ("三百万", ["两百万三百万"], ["一千三百万"]),
        ("九一八", ["九一八事变"], ["七九一八三"]),
    ],
)
def test_a_number_is_found_whole(tools: Tools, query: str, whole: list[str], longer: list[str]) -> None:
    """In quotes and after = it is found wherever its characters are."""
    with tools.library({"episode": spaced([f"好{line}好" for line in (*whole, *longer)])}) as library:
        assert found(library, query, query) == list(range(len(whole)))
        assert set(found(library, f"{query} 从来没有人说过", query)) <= set(range(len(whole)))  # where it is a word
        everywhere = list(range(len(whole) + len(longer)))
        for literal in (f'"{query}"', f"={query}"):
            assert found(library, literal, query) == everywhere
        assert sum(count.matches for count in library.count(query)) == len(whole)


def test_text_that_ends_with_a_number_is_found_whole(tools: Tools) -> None:
    with tools.library({"episode": spaced(["它涨了三百呢", "它涨了三百八呢"])}) as library:
        assert found(library, "涨了三百", "涨了三百") == [0]


@pytest.mark.parametrize(
    ("query", "said"), [("周五", "周五十点见"), ("统一", "统一十个标准"), ("一定", "八十一定行"), ("千万", "三千万人")]
)
def test_a_word_with_a_numeral_is_no_number(tools: Tools, query: str, said: str) -> None:
    with tools.library({"episode": spaced([said])}) as library:
        assert found(library, query, query) == [0]


def test_figures_find_no_part_of_a_spoken_number(tools: Tools) -> None:
    with tools.library({"episode": spaced(["三十八个人", "二十三十四十", "来了三十个人"])}) as library:
        assert [match.how for moment in library.search("30") for match in moment.matches] == ["number"] * 2


@pytest.mark.parametrize(
    ("lines", "query", "whole"),
    [
        ([(0, 2, "来了二十"), (302, 304, "五个苹果")], "二十", [0]),
        ([(0, 2, "来了二十"), (302, 304, "五个苹果")], "五", [1]),
        ([(0, 2, "来了二十"), (3, 5, "五个苹果")], "二十", []),
        ([(0, 2, "一共一百"), (60, 62, "二十"), (120, 122, "八斤")], "二十", [1]),
        ([(0, 2, "一共一百"), (60, 62, "二十"), (62, 64, "八斤")], "二十", []),
        ([(0, 2, "一共一百"), (2, 4, "二十"), (60, 62, "八斤")], "二十", []),
        ([(0, 2, "它涨了百分之五"), (60, 62, "十点再说")], "百分之五", [0]),
    ],
)
def test_no_number_goes_on_after_a_pause(
    tools: Tools, lines: list[tuple[float, float, str]], query: str, whole: list[int]
) -> None:
    with tools.library({"episode": lines}) as library:
        assert found(library, query, query) == whole
