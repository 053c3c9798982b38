"""What else was looked for is told of a few words, and of a question that is not answered with its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.library import Tools, spaced, unlike

from search import Library
from search.frontends.formats.query_plans import instead
from search.results.answered import is_answered

SEA = ["海底的光缆断了要用船去捞", "捞上来以后再接好", "怎么捞上来的呢", "用一个很大的钩子"]
MUSIC = ["这首歌是谁谱的", "曲子谱的很好听", "我们听了一遍"]


@pytest.fixture(scope="module")
def library(tools: Tools) -> Iterator[Library]:
    others = {f"other{number}": spaced([unlike(number), "今天聊点别的"]) for number in range(6)}
    with tools.library({"sea": spaced(SEA), "music": spaced(MUSIC), **others}) as opened:
        yield opened


def told(library: Library, query: str) -> tuple[list[str], bool]:
    found = library.search(query, limit=1)
    made = library.resolved(found.plan)
    return list(instead(made, found)), is_answered(made, found)


def test_a_question_with_an_answer_is_not_told_how_a_piece_of_it_sounds(library: Library) -> None:
    question = "海底的光缆断了怎么捞上来铺的"
    plan = library.resolved(library.search(question, limit=1).plan)
    assert list(instead(plan)) == ["铺的 is nowhere exactly; looked for same sound 谱的 (2)"]
    assert told(library, question) == ([], True)


def test_a_question_without_an_answer_is_told(library: Library) -> None:
    lines, is_good = told(library, "大桥的路面怎么不是捞上来铺的")
    assert (lines, is_good) == (["铺的 is nowhere exactly; looked for same sound 谱的 (2)"], False)


def test_a_question_whose_guess_is_shown_is_told(library: Library) -> None:
    lines, is_good = told(library, "这首歌的曲子铺的很好听")
    assert (lines, is_good) == (["铺的很 is nowhere exactly; looked for same sound 谱的很 (1)"], False)


def test_of_a_few_words_it_is_told_which_is_nowhere(library: Library) -> None:
    lines, is_good = told(library, "光缆 捞上来 铺的")
    assert (lines[0], is_good) == ("铺的 is nowhere exactly; looked for same sound 谱的 (2)", False)
