"""New words: what is said like a word in many contexts and is in no dictionary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.library import Tools, spaced

from search import Library


@pytest.fixture(scope="module")
def strange(tools: Tools) -> Iterator[Library]:
    """A drink whose name no dictionary has, in many places, and other talk."""
    around = ["我爱{}和面包", "买了{}就走", "喝完{}再说", "他说{}真好"]
    around += ["送你{}当礼物", "红色{}最贵", "一瓶{}三块", "没有{}不行"]
    other = ["苹果香蕉西瓜葡萄", "报纸电影电视杂志", "老师学生学校教室", "太阳月亮星星天空"] * 3
    with tools.library({"drinks": spaced([line.format("酷盖") for line in around] + other)}) as library:
        yield library


def test_the_likeliest_new_word_need_not_be_the_most_promising(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.exploration.new_words._AT_ONCE", 1)
    around = ["我爱{}和面包", "买了{}就走", "喝完{}再说", "他说{}真好", "送你{}当礼物", "红色{}最贵", "一瓶{}三块"]
    often = ["苹果乐扣香蕉", "报纸乐扣电影"] * 8  # more often than the other, and between fewer words
    with tools.library({"a": spaced([line.format("酷盖") for line in around] + often)}) as library:
        every = list(library.explore.new_words(limit=None, damping=False))
        assert [row.term for row in every[:2]] == ["酷盖", "乐扣"]
        for limit in range(1, len(every)):
            assert list(library.explore.new_words(limit=limit, damping=False)) == every[:limit]


def test_a_name_that_no_dictionary_has_is_a_new_word(strange: Library) -> None:
    rows = {row.term: row for row in strange.explore.new_words(limit=None)}
    row = rows["酷盖"]
    # In the first line the segmenter takes 我爱酷 for a word, in the seven others 酷盖.
    assert (row.count, row.episodes, row.start) == (7, 1, 4.0)
    # Seven different neighbours on each side, each once: log2(7) = 2.807 bits.
    assert (row.left_entropy, row.right_entropy) == pytest.approx((2.807355, 2.807355))
    # 酷 and 盖 are each said 8 times among 146 characters: log2(7 * 146 / (8 * 8)) = 3.997
    assert row.cohesion == pytest.approx(3.997, abs=0.001)
    assert row.score == pytest.approx(2.807355 * row.cohesion * 2.807355)


def test_a_word_of_a_lexicon_is_not_new(strange: Library) -> None:
    lexicon = strange.folder / "lexicon.toml"
    lexicon.write_text('words = ["酷盖"]\n', "utf-8")
    try:
        assert "酷盖" not in {row.term for row in strange.explore.new_words(limit=None)}
    finally:
        lexicon.unlink()


def test_no_new_word_is_in_the_dictionary(sample: Library) -> None:
    new = {row.term for row in sample.explore.new_words(limit=None)}
    assert "谷歌" in new
    assert new.isdisjoint({"机器", "大家", "公司"})
