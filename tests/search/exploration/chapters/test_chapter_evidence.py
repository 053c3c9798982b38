"""What speaks for a new chapter beside its words, and what a proposed chapter is called."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools

import search
from indexer.core.positions.tokens import split_atoms
from search.exploration.chapters import chapter_evidence as evidence
from search.exploration.chapters.chapter_cohesion import _alike, distances
from search.exploration.chapters.chapter_titles import best_phrase, phrases_of
from search.exploration.chapters.outline import _from_a_word_on
from search.exploration.chapters.utterances import utterances_of


def talk(folder: Path, *lines: tuple[float, float, str, str]) -> Path:
    """Lines of start, end, speaker and text, as WebVTT."""
    cues = (f"00:{a // 60:02.0f}:{a % 60:06.3f} --> 00:{b // 60:02.0f}:{b % 60:06.3f}" for a, b, _, _ in lines)
    said = (f"<v {speaker}>{text}" if speaker else text for _, _, speaker, text in lines)
    folder.mkdir()
    (folder / "one.vtt").write_text("WEBVTT\n\n" + "\n\n".join(map("\n".join, zip(cues, said, strict=True))), "utf-8")
    return folder


def heard(tools: Tools, tmp_path: Path, *lines: tuple[float, float, str, str]) -> dict[str, list[float]]:
    """The features of the cues of a talk."""
    with search.open_library(tools.index([talk(tmp_path / "show", *lines)], tmp_path / "index")) as library:
        return evidence.features(utterances_of(library.explore.words, 0))


def test_where_the_host_asks_after_a_long_answer_is_seen(tools: Tools, tmp_path: Path) -> None:
    found = heard(
        tools,
        tmp_path,
        (0, 5, "甲", "你觉得电池贵吗？"),
        (5, 65, "乙", "电池的事情"),
        (65, 95, "乙", "还是电池"),
        (97, 100, "甲", "那刚才说到了做菜"),
        (100, 105, "甲", "想请教您怎么切洋葱？"),
        (105, 165, "乙", "先切洋葱"),
    )
    assert found["host"] == [1, 0, 0, 1, 0, 0]
    assert found["goes on"] == [0, 0, 1, 0, 1, 0]
    assert found["begins with a question"] == [1, 0, 0, 1, 0, 0]
    assert found["answer"] == pytest.approx([0, math.log1p(5), 0, math.log1p(92), 0, math.log1p(8)])
    assert found["pause"] == [0, 0, 0, 2, 0, 0]
    assert found["opens"][3] == found["recalls"][3] == found["hands over soon"][3] == found["you"][4] == 1
    assert found["none asked"][3] == pytest.approx(math.log1p(97)), "since the first question"
    assert found["asks, then none"] == pytest.approx([math.log1p(70), 0, 0, 0, 0, 0])
    assert found["long"][1] == pytest.approx(math.log1p(60))


def test_where_no_speaker_is_named_none_is_missed(tools: Tools, tmp_path: Path) -> None:
    found = heard(
        tools, tmp_path, (0, 5, "", "电池的事情"), (5, 10, "", "还是电池"), (10, 15, "", "谢谢大家收听本节目")
    )
    assert not any(map(any, (found[name] for name in ("host", "goes on", "answer", "begins with a question"))))


@pytest.mark.parametrize(
    "said", ["好我们下一个话题来聊电池", "今天最后一个话题聊聊大商战", "下面也是关于电池的一个话题"]
)
def test_a_topic_that_is_named_as_such_counts_whoever_speaks(tools: Tools, tmp_path: Path, said: str) -> None:
    found = heard(tools, tmp_path, (0, 5, "", "电池的事情"), (5, 10, "", said), (10, 15, "", "这个话题说完了"))
    assert found["names a topic"] == [0, 1, 0]


def test_a_place_with_likely_ones_around_it_is_likelier_than_one_alone() -> None:
    alone, among = evidence._near([-3.0, -9.0, -9.0], [0.0, 100.0, 110.0]), evidence._near([-3.0, -4.0], [0.0, 10.0])
    assert among[0] > alone[0] == pytest.approx(-3 + math.log1p(math.e), abs=0.01)
    assert alone[1] == alone[2], "which count for each other"


def test_words_that_change_are_further_apart_and_bring_up_what_follows() -> None:
    said = [[1, 2], [2, 3], [1, 3], [1, 2], [4, 5], [5, 6], [4, 6], [4, 5]]
    starts = [15.0 * n for n in range(len(said))]
    found = distances(said, starts, dict.fromkeys(range(1, 7), 5.0))
    for name in ("apart, 60 s", "apart, 150 s", "brings up"):
        assert max(range(1, 7), key=found[name].__getitem__) == 4, name


@given(
    said=st.lists(st.lists(st.integers(1, 4), max_size=3), min_size=1, max_size=12),
    steps=st.lists(st.floats(-20, 60), min_size=12, max_size=12),
)
def test_windows_that_slide_have_the_cosine_of_those_counted_afresh(said: list[list[int]], steps: list[float]) -> None:
    starts = sorted(accumulate(steps[: len(said)]))
    rarity = {word: float(word) for word in range(1, 5)}

    def weights(cues: Iterable[int]) -> dict[int, float]:
        counts = Counter(word for cue in cues for word in set(said[cue]))
        return {word: math.log1p(rarity[word] * count) for word, count in counts.items()}

    def cosine(one: dict[int, float], other: dict[int, float]) -> float:
        lengths = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
        return sum(one[word] * other.get(word, 0.0) for word in one) / lengths if lengths else 0.0

    expected = [
        cosine(
            weights(other for other in range(cue) if starts[other] >= start - 60),
            weights(other for other in range(cue, len(said)) if starts[other] < start + 60 or other == cue),
        )
        for cue, start in enumerate(starts)
    ]
    assert _alike([frozenset(words) for words in said], starts, rarity, 60.0) == pytest.approx(expected, abs=1e-6)


def marked(*words: str) -> tuple[str, str]:
    """A text of words and the marks of its atoms, "1" where a word begins."""
    return "".join(words), "".join("1" + "0" * (len(split_atoms(word)) - 1) for word in words if split_atoms(word))


def test_a_title_is_the_phrase_with_the_typical_words() -> None:
    texts = [
        marked("那么", "我们", "今天", "先", "讲", "别的", "，"),
        marked("锂电池", "的", "正极", "材料", "贵", "，", "因为", "电池", "里", "有", "钴"),
        marked("钴"),
        marked(*["So ", "the ", "cobalt ", "price ", "of ", "a ", "battery ", "went ", "up, ", "you ", "know"]),
    ]
    weights = {"电池": 40.0, "正极": 20.0, "钴": 5.0}
    assert best_phrase(texts, weights, str.lower) == "锂电池的正极材料贵"
    assert best_phrase(texts, {"cobalt": 9.0, "battery": 9.0}, str.lower) == "cobalt price of a battery went up"
    assert best_phrase(texts, {"没说过": 9.0}, str.lower) == best_phrase([], weights, str.lower) == ""


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("他|说|这个|AI|不仅仅|消耗|电力", "AI不仅仅消耗电力"),
        ("我們|覺得|大家|說|預訓練|的|資料", "預訓練的資料"),
        ("个|制作人|这|一方|的|律师", "制作人这一方的律师"),
        ("个人所得税|的|起征点", "个人所得税的起征点"),
        ("是|他|说", "是他说"),
        ("的|九二|共識|也是|這樣", "九二共識也是這樣"),
        ("了|一根|玉米肠", "一根玉米肠"),
        ("也是|也|愿意|一起|变成", "愿意一起变成"),
        ("了解|身边|的|人", "了解身边的人"),
        ("也许|明天|下雨", "也许明天下雨"),
        ("的士|司机|的|收入", "的士司机的收入"),
    ],
)
def test_who_speaks_and_a_lost_measure_word_are_in_no_title(said: str, phrase: str) -> None:
    assert list(phrases_of(*marked(*said.split("|")))) == [phrase] * (len(phrase) > 3)


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("我国|经济|发展|得|很快", "我国经济发展得很快"),
        ("大家庭|的|生活|方式", "大家庭的生活方式"),
        ("他|讲究|生活|质量", "讲究生活质量"),
        ("，|我们|讲解|一下|模型", "讲解一下模型"),
        ("你|说服|不了|他|的|原因", "说服不了他的原因"),
        ("叫做|深度|学习|的|方法", "叫做深度学习的方法"),
        ("条目|检索|系统|的|原理", "条目检索系统的原理"),
        ("个案|研究|的|方法论", "个案研究的方法论"),
        ("所以|我|的确|认为|它|不错", "的确认为它不错"),
        ("今天|打|了|一个|电话|吧", "今天打了一个电话"),
        ("就是|我们|的|目的", "我们的目的"),
        ("嗯 |对 |那个|电池|的|价格|的话", "电池的价格"),
    ],
)
def test_only_whole_words_are_left_out_of_a_title(said: str, phrase: str) -> None:
    assert phrase in list(phrases_of(*marked(*said.split("|"))))


def test_nothing_is_cut_off_a_title_whose_words_are_unknown() -> None:
    assert list(phrases_of("我国经济发展得很快", "1")) == ["我国经济发展得很快"]


@pytest.mark.parametrize(
    ("said", "phrases"),
    [
        ("他们读《三体》", ["他们读《三体》"]),
        ("「《三体》的作者」", ["《三体》的作者"]),
        ("“你好”是什么意思", ["“你好”是什么意思"]),
        ("SUTA (Source-free Adaptation)", ["SUTA (Source-free Adaptation)"]),
        ("（一只小船）", ["一只小船"]),
        ("我说（真的，不骗你）你们听", []),
        ("Let’s do something else", ["Let’s do something else"]),
    ],
)
def test_a_title_has_both_brackets_or_none(said: str, phrases: list[str]) -> None:
    assert list(phrases_of(said, "1" * 99)) == phrases


def test_a_title_begins_with_a_whole_word() -> None:
    assert _from_a_word_on("究生Danny Lewin", "0011") == ("Danny Lewin", "11")
    assert _from_a_word_on("电池的正极", "10110") == ("电池的正极", "10110")
    assert _from_a_word_on("了", "0") == ("了", "0")


@pytest.mark.parametrize(
    "text", ["的" * 5000 + "x", "so " * 3000, "，" * 5000, "那么" * 2000, "见 https://example.org/电池"]
)
def test_what_is_no_short_phrase_is_no_title(text: str) -> None:
    assert list(phrases_of(*marked(*text))) == []


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        (("抽", "抽", "抽", "抽", "，", "帅", "秃", "帅", "秃"), []),
        (("小时候", "想", "当", "牙医", "哦"), ["小时候想当牙医"]),
        (("可能", "小时候", "想", "当", "牙医"), ["小时候想当牙医"]),
        (("I ", "think ", "the ", "downturn ", "hit ", "Japan"), ["downturn hit Japan"]),
        (("a ", "so-", "called ", "depth ", "of ", "focus"), ["so-called depth of focus"]),
    ],
)
def test_a_title_neither_stammers_nor_says_who_thinks(text: Sequence[str], phrases: list[str]) -> None:
    assert list(phrases_of(*marked(*text))) == phrases


def test_chapters_are_called_by_what_is_said_in_them(tools: Tools) -> None:
    kitchen = ["今天炖牛肉汤", "先切洋葱胡萝卜", "锅里放油", "小火慢炖", "最后撒盐和香菜"]
    battery = ["锂电池的正极", "电解液怎么选", "负极用石墨", "充电的速度", "电池容量下降"]
    said = [text + "好" * (n // 40) for n, text in enumerate([*kitchen * 8, *battery * 8])]
    lines = [(4.0 * n, 4.0 * n + 4, text) for n, text in enumerate(said)]
    with tools.library({"one": lines, "other": lines[:50]}) as library:
        first, second = library.explore.outline("show/one", most=2)
        assert any(first.title.rstrip("好") in text for text in kitchen), first.title
        assert any(second.title.rstrip("好") in text for text in battery), second.title
