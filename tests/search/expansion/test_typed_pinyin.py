"""A name typed in pinyin is found in any spacing, and wherever the segmenter cut it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.heard import APART, heard, hits
from support.library import Tools, spaced

from search import Library

SAID = [
    *("握上次说请蔡英文总统出来", "昨天柯文哲主席", "手冲的耶加雪菲很香", "我在小红书上看到的", "一饼熟普洱茶"),
    *("这是英文的理论", "交学费的时候他说也加一点", "他的 cai 很好", "去北京上海看看"),
    *(f"{city}{how}" for city in ("北京", "上海") for how in ("很大", "很热", "的人", "的路", "好远", "很冷") * 2),
]


@pytest.fixture(scope="module")
def library(tools: Tools) -> Iterator[Library]:
    with tools.library({"a": spaced(SAID, APART)}) as library:
        yield library


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("蔡英文", ("caiyingwen", "cai yingwen", "caiying wen", "cai ying wen", "Cai Yingwen")),
        ("柯文哲", ("kewenzhe", "ke wenzhe", "ke wen zhe")),
        ("耶加雪菲", ("yejiaxuefei", "yejia xuefei", "ye jia xuefei", "ye jia xue fei", "yejiaxue fei")),
        ("小红书", ("xiaohongshu", "xiao hongshu", "xiaohong shu", "xiao hong shu")),
        ("熟普", ("shupu", "shu pu")),
    ],
)
def test_a_name_is_found_first_in_any_spacing(library: Library, name: str, typed: tuple[str, ...]) -> None:
    for query in typed:
        assert hits(library.search(query))[:1] == [f"{name}/pinyin"], query


def test_a_name_with_spaces_is_one_term_beside_another_word(library: Library) -> None:
    for query in ("cai yingwen 总统", "cai ying wen 总统", "cai ying wen zongtong", "cai yingwen zong tong"):
        assert hits(library.search(query))[0].split("/")[0] in ("蔡英文", "蔡英文总统"), query


def test_two_words_that_are_said_apart_too_remain_two(library: Library) -> None:
    found = hits(library.search("beijing shanghai", limit=None))
    assert found[0] == "北京/pinyin 上海/pinyin"
    assert {"北京/pinyin", "上海/pinyin"} < set(found)


@pytest.mark.parametrize("query", ["=cai yingwen", "cai* yingwen"])
def test_what_is_exact_or_open_is_not_joined(library: Library, query: str) -> None:
    assert not any("蔡英文" in one for one in hits(library.search(query)))


def test_words_that_are_all_names_of_the_index_are_not_joined(tools: Tools) -> None:
    said = ["he tu 都是词", "这里有一张河图"]
    assert not any("河图" in one for one in heard(tools, said, "he tu"))


def test_text_inside_words_is_a_guess_if_it_is_short_or_typed_without_a_space(library: Library) -> None:
    guessed = {query: library.plan(query).most_moments for query in ("shupu", "shu pu", "xiaohongshu", "xiao hongshu")}
    assert guessed == {"shupu": 2, "shu pu": 2, "xiaohongshu": 2, "xiao hongshu": None}


def test_a_word_typed_in_pinyin_is_not_sought_across_two_words(tools: Tools) -> None:
    said = ["这个电池很好", "这家店迟早要关门"]
    assert heard(tools, said, "dianchi") == ["电池/pinyin"]
