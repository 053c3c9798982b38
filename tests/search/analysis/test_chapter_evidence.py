"""What speaks for a new chapter beside its words, and what a proposed chapter is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.library import Tools

import search
from indexer.core.tokens import split_atoms
from search.analysis import chapter_evidence as evidence
from search.analysis.chapter_titles import best_phrase, phrases_of
from search.analysis.outline import _from_a_word_on

pytest_plugins = ["support.indexes"]


def talk(folder: Path, *lines: tuple[float, float, str, str]) -> Path:
    """Lines of start, end, speaker and text, as WebVTT."""
    cues = (f"00:{a // 60:02.0f}:{a % 60:06.3f} --> 00:{b // 60:02.0f}:{b % 60:06.3f}" for a, b, _, _ in lines)
    said = (f"<v {speaker}>{text}" if speaker else text for _, _, speaker, text in lines)
    folder.mkdir()
    (folder / "one.vtt").write_text("WEBVTT\n\n" + "\n\n".join(map("\n".join, zip(cues, said, strict=True))), "utf-8")
    return folder


def test_a_question_of_another_speaker_and_a_pause_speak_for_a_border_there(tools: Tools, tmp_path: Path) -> None:
    show = talk(
        tmp_path / "show",
        (0, 5, "甲", "电池的事情"),
        (5, 10, "甲", "还是电池"),
        (10, 15, "乙", "电池贵吗？"),
        (17, 20, "甲", "接下来我们聊聊做菜"),
        (30, 35, "甲", "先切洋葱"),
    )
    with search.open_library(tools.index([show], tmp_path / "index")) as library:
        found = evidence.gains(library.snapshot, 0)
    assert found == {
        1: evidence.SAME_SPEAKER,
        2: evidence.QUESTION,
        3: evidence.ANNOUNCED + evidence.HANDED_OVER + 2 * evidence.PAUSE,
        4: evidence.SAME_SPEAKER + evidence.LONGEST_PAUSE * evidence.PAUSE,
    }


def test_where_no_speaker_is_named_none_is_missed(tools: Tools, tmp_path: Path) -> None:
    show = talk(
        tmp_path / "show", (0, 5, "", "电池的事情"), (5, 10, "", "还是电池"), (10, 15, "", "谢谢大家收听本节目")
    )
    with search.open_library(tools.index([show], tmp_path / "index")) as library:
        assert evidence.gains(library.snapshot, 0) == {2: evidence.HANDED_OVER * evidence.WITHOUT_NAMES}


@pytest.mark.parametrize(
    "said", ["好我们下一个话题来聊电池", "今天最后一个话题聊聊大商战", "下面也是关于电池的一个话题"]
)
def test_a_topic_that_is_named_as_such_counts_whoever_speaks(tools: Tools, tmp_path: Path, said: str) -> None:
    show = talk(tmp_path / "show", (0, 5, "", "电池的事情"), (5, 10, "", said), (10, 15, "", "这个话题说完了"))
    with search.open_library(tools.index([show], tmp_path / "index")) as library:
        gains = evidence.gains(library.snapshot, 0)
        assert gains[1] > evidence.NEW_TOPIC > gains.get(2, 0.0)


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


def test_a_title_begins_with_a_whole_word() -> None:
    assert _from_a_word_on("究生Danny Lewin", "0011") == ("Danny Lewin", "11")
    assert _from_a_word_on("电池的正极", "10110") == ("电池的正极", "10110")
    assert _from_a_word_on("了", "0") == ("了", "0")


@pytest.mark.parametrize(
    "text", ["的" * 5000 + "x", "so " * 3000, "，" * 5000, "那么" * 2000, "见 https://example.org/电池"]
)
def test_what_is_no_short_phrase_is_no_title(text: str) -> None:
    assert list(phrases_of(*marked(*text))) == []


def test_chapters_are_called_by_what_is_said_in_them(tools: Tools) -> None:
    kitchen = ["今天炖牛肉汤", "先切洋葱胡萝卜", "锅里放油", "小火慢炖", "最后撒盐和香菜"]
    battery = ["锂电池的正极", "电解液怎么选", "负极用石墨", "充电的速度", "电池容量下降"]
    said = [text + "好" * (n // 40) for n, text in enumerate([*kitchen * 8, *battery * 8])]
    lines = [(4.0 * n, 4.0 * n + 4, text) for n, text in enumerate(said)]
    with tools.library({"one": lines, "other": lines[:50]}) as library:
        first, second = library.explore.outline("show/one", most=2)
        assert any(first.title.rstrip("好") in text for text in kitchen), first.title
        assert any(second.title.rstrip("好") in text for text in battery), second.title
