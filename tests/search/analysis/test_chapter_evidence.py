"""What speaks for a new chapter beside its words, and what a proposed chapter is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.library import Tools

import search
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


def test_a_title_is_the_phrase_with_the_typical_words() -> None:
    texts = [
        "那么我们今天先讲别的，",
        "锂电池的正极材料贵，因为电池里有钴",
        "钴",
        "So the cobalt price of a battery went up, you know",
    ]
    weights = {"电池": 40.0, "正极": 20.0, "钴": 5.0}
    assert best_phrase(texts, weights, str.lower) == "锂电池的正极材料贵"
    assert best_phrase(texts, {"cobalt": 9.0, "battery": 9.0}, str.lower) == "cobalt price of a battery went up"
    assert best_phrase(texts, {"没说过": 9.0}, str.lower) == best_phrase([], weights, str.lower) == ""


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("他说这个AI不仅仅消耗电力", "AI不仅仅消耗电力"),
        ("我們覺得大家說預訓練的資料", "預訓練的資料"),
        ("个制作人这一方的律师", "制作人这一方的律师"),
        ("个人所得税的起征点", "个人所得税的起征点"),
        ("是他说", "是他说"),
    ],
)
def test_who_speaks_and_a_lost_measure_word_are_in_no_title(text: str, phrase: str) -> None:
    assert list(phrases_of(text)) == [phrase] * (len(phrase) > 3)


def test_a_title_begins_with_a_whole_word() -> None:
    assert _from_a_word_on("究生Danny Lewin", "10011", 1) == "Danny Lewin"
    assert _from_a_word_on("电池的正极", "100" + "10110", 3) == "电池的正极"
    assert _from_a_word_on("了", "10", 1) == "了"


@pytest.mark.parametrize(
    "text", ["的" * 5000 + "x", "so " * 3000, "，" * 5000, "那么" * 2000, "见 https://example.org/电池"]
)
def test_what_is_no_short_phrase_is_no_title(text: str) -> None:
    assert list(phrases_of(text)) == []


def test_chapters_are_called_by_what_is_said_in_them(tools: Tools) -> None:
    kitchen = ["今天炖牛肉汤", "先切洋葱胡萝卜", "锅里放油", "小火慢炖", "最后撒盐和香菜"]
    battery = ["锂电池的正极", "电解液怎么选", "负极用石墨", "充电的速度", "电池容量下降"]
    said = [text + "好" * (n // 40) for n, text in enumerate([*kitchen * 8, *battery * 8])]
    lines = [(4.0 * n, 4.0 * n + 4, text) for n, text in enumerate(said)]
    with tools.library({"one": lines, "other": lines[:50]}) as library:
        first, second = library.explore.outline("show/one", most=2)
        assert any(first.title.rstrip("好") in text for text in kitchen), first.title
        assert any(second.title.rstrip("好") in text for text in battery), second.title
