"""The proposed mishearings are of words that sound alike and keep the same company."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.library import Tools, spaced

from indexer.core.positions.token_stream import Stream
from search.expansion.mishearings.pairs import _is_variant, find_pairs
from search.expansion.mishearings.shared_contexts import Contexts, words_beside
from search.expansion.mishearings.suspects import find_suspects
from search.expansion.mishearings.word_counts import WordsRead
from search.expansion.similarity.inflections import is_inflected
from search.query.deadline import Deadline

TALK = [
    *["今天讲模型的鲁棒性怎么提高", "大家都说模型的鲁棒性很重要", "我们看看模型的鲁棒性有多好"] * 2,
    *["老师讲向量怎么计算", "先抽一个向量出来看看", "再把向量加起来"] * 2,
    *["今晚的soul很好听", "我们喜欢soul这首歌", "他唱soul给大家听"] * 2,
    *["这是安静的夜晚", "外面下着很大的雨"],
]
MISHEARD = "再抽一个像量出来看看"
INFLECTED = "我们喜欢soulla这首歌"
ELSEWHERE = "雨里的像量在夜晚睡觉"


def pairs_of(tools: Tools, lines: Sequence[str]) -> list[tuple[str, str, float]]:
    texts = {"a": spaced(TALK), "b": spaced([*TALK[::-1]]), "c": spaced(lines)}
    with tools.library(texts) as library:
        return [(one.heard, one.right, one.score) for one in library.suspects(20)]


def test_a_mishearing_is_proposed_with_the_word_that_keeps_its_company(tools: Tools) -> None:
    assert ("像量", "向量") in [pair[:2] for pair in pairs_of(tools, [MISHEARD])]


def test_company_counts(tools: Tools) -> None:
    (here,) = [score for heard, _, score in pairs_of(tools, [MISHEARD]) if heard == "像量"]
    (elsewhere,) = [score for heard, _, score in pairs_of(tools, [ELSEWHERE]) if heard == "像量"]
    assert here > elsewhere


def test_who_says_both_plays_with_words(tools: Tools) -> None:
    (once,) = [score for heard, _, score in pairs_of(tools, [MISHEARD]) if heard == "像量"]
    (played,) = [score for heard, _, score in pairs_of(tools, [MISHEARD, "向量"]) if heard == "像量"]
    assert once > played


def test_a_longer_form_of_a_name_is_none(tools: Tools) -> None:
    assert "soulla" not in [heard for heard, _, _ in pairs_of(tools, [INFLECTED])]


@pytest.mark.parametrize(
    ("one", "other"),
    [("soul", "soulla"), ("baby", "babya"), ("verify", "verifier"), ("agent", "agency"), ("system", "ecosystem")],
)
def test_forms_of_one_english_word_are_known(one: str, other: str) -> None:
    assert is_inflected(one, other)
    assert is_inflected(other, one)


@pytest.mark.parametrize(("one", "other"), [("chatgpt", "chatgvt"), ("lucene", "lucine"), ("llama", "llame")])
def test_misspellings_are_no_forms(one: str, other: str) -> None:
    assert not is_inflected(one, other)


@pytest.mark.parametrize(("one", "other"), [("他们", "她们"), ("部份", "部分"), ("好啊", "好呀"), ("反覆", "反复")])
def test_ways_to_write_one_word_are_known(one: str, other: str) -> None:
    assert _is_variant(one, other)
    assert not _is_variant(one, "向量")


def test_neighbours_are_whole_words_and_names() -> None:
    units = "我们用" + "\ue000" + "训练"
    stream = Stream.of(units, ["qwen"])
    assert words_beside(stream, units, "101110", 3, 4) == ("用", "训练")
    assert words_beside(stream, units, "101110", 2, 3) == ("我们", "qwen")
    assert words_beside(stream, units, "101110", 0, 2) == ("", "用")
    assert words_beside(stream, units, "101110", 4, 6) == ("qwen", "")


def test_a_neighbour_counts_once_an_episode(tools: Tools) -> None:
    texts = {"a": spaced(["先抽一个向量出来"] * 30), "b": spaced(["再抽一个向量出来"])}
    with tools.library(texts) as library:
        read = WordsRead(library.snapshot, Deadline())
        contexts = Contexts(["向量"], read, library.snapshot, Deadline())
        word = read.number("向量")
        assert contexts._before.counts == {word << 32 | read.number("一个"): 2}
        assert contexts._after.total(word) == 2


def test_a_share_is_that_of_words(tools: Tools) -> None:
    with tools.library({"a": spaced(["我们看向量和模型", "向量很重要"])}) as library:
        read = WordsRead(library.snapshot, Deadline())
        assert read.counts["向量"] == 2
        assert read.share("向量") > read.share("我们") > read.share("没有")
        assert read.share("量") == read.share("没有"), "a part of words is no word"


def test_what_is_stopped_is_a_part(tools: Tools) -> None:
    with tools.library({"a": spaced([*TALK, MISHEARD])}) as library:
        over = Deadline(0.0)
        assert find_suspects(library.snapshot, 10, over) == []
        assert over.reason
        assert find_pairs(WordsRead(library.snapshot, Deadline()), library.snapshot, Deadline())
