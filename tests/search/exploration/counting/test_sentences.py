"""Sentences: an n-gram or a new word crosses none of their ends, where a transcript tells them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools, spaced

from indexer.core.positions.tokens import split_atoms
from search import Filter
from search.exploration.counting.sentences import sentence_ends
from search.exploration.explorer import Explorer

SPOKEN = [
    "今天聊电池。电池很贵",
    "明天聊石墨！",
    "石墨，还是 GPU 3.5 倍？GPU",
    "Go on. Dr.Who says v1.2... well",
    "没有标点",
    "；",
]


def grams(explore: Explorer, size: int) -> dict[str, int]:
    found = explore.terms(sizes=(size, size), limit=None, function_words=True, characters=True)
    return {row.term: row.count for row in found}


def expected(spoken: Sequence[str], size: int) -> dict[str, int]:
    """The same by brute force: the text cut into sentences first."""
    text = "\n".join(spoken).lower()
    said = [split_atoms(part) for part in re.split(r"[。！？；!?;]|(?<!\.)\.(?=\s|$)", text)]
    return dict(Counter("".join(atoms[at : at + size]) for atoms in said for at in range(len(atoms) - size + 1)))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_characters_in_a_row_are_those_of_one_sentence(tools: Tools, size: int) -> None:
    with tools.library({"a": spaced(SPOKEN)}) as library:
        assert grams(library.explore, size) == expected(SPOKEN, size)


@given(spoken=st.lists(st.text("电池石墨ab1。！？.,; 3", max_size=12), min_size=1, max_size=6))
def test_sentences_are_those_of_a_look_at_the_text(tools: Tools, spoken: list[str]) -> None:
    # No episode may be a loop, or without any word.
    spoken = [*spoken, "结束了"]
    with tools.library({"a": spaced(spoken)}) as library:
        explore = library.explore
        kept = explore.terms(characters=True, function_words=True, limit=None)
        if kept.damped:
            return
        assert grams(explore, 2) == expected(spoken, 2)


def test_where_nothing_is_punctuated_words_in_a_row_cross_cues(tools: Tools) -> None:
    with tools.library({"a": spaced(["今天聊电池", "电池很贵"])}) as library:
        assert sentence_ends(library.explore.snapshot, 0) == []
        assert grams(library.explore, 2)["池电"] == 1


def test_typical_n_grams_begin_where_they_are_said(tools: Tools) -> None:
    lines = ["石墨。电池", "石墨！电池", "石墨？电池", "说石墨电池", "用石墨电池", "是石墨电池"]
    with tools.library({"a": spaced(lines), "b": spaced(["今天炖牛肉汤"] * 3 + ["先切洋葱"] * 30)}) as library:
        found = library.explore.keywords(
            [Filter("title", "a")], sizes=(2, 2), least=2, significance=0.5, characters=False, limit=None
        )
        (row,) = [row for row in found if row.term == "石墨 电池"]
        assert (row.count, row.episodes, row.start, row.line) == (3, 1, 12.0, "说石墨电池")


def test_a_new_word_is_said_in_one_sentence(tools: Tools) -> None:
    others = [f"{one}买{two}" for one in "张王李赵孙" for two in ("白菜", "豆腐", "香蕉", "葡萄", "西瓜")]
    beside = list(zip("东西南北中左右前", "山水火土木金日月", strict=True))
    for between, is_one in (("", True), ("。", False)):
        lines = [f"{before}石墨{between}电池{after}" for before, after in beside]
        with tools.library({"a": spaced([*lines, *others])}) as library:
            found = {row.term for row in library.explore.new_words(least=3, limit=None)}
        assert ("石墨电池" in found) is is_one
