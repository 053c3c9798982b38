"""Runs of characters tell how people open a chapter in Chinese."""

from __future__ import annotations

from support.library import Tools

from search.exploration.chapters.chapter_detection import find_borders
from search.exploration.chapters.chapter_openings import BEFORE, HEAD, OPENING, heard, openings
from search.exploration.chapters.opening_runs import RUNS

# Every line has words of its own; those that open a chapter say so.
ODD = ["".join(chr(0x4E00 + (97 * n + 631 * k) % 19000) for k in range(20)) for n in range(120)]
OPENS = {30, 62, 95}


def said(opening: str) -> list[tuple[float, float, str]]:
    return [(10.0 * n, 10.0 * n + 7, (opening if n in OPENS else "然后就是因为他") + ODD[n]) for n in range(120)]


def test_borders_are_where_people_open_chapters(tools: Tools) -> None:
    with tools.library({"one": said("首先我们来聊一下第一个")}) as library:
        assert sorted(border.start for border in find_borders(library.explore.words, 0, 3)) == [300.0, 620.0, 950.0]


def test_traditional_characters_open_chapters_too(tools: Tools) -> None:
    with tools.library({"one": said("剛剛我們聊過,接下來我想問一下")}) as library:
        assert sorted(border.start for border in find_borders(library.explore.words, 0, 3)) == [300.0, 620.0, 950.0]


def test_openings_are_relative_to_the_episode() -> None:
    found = openings(["然后他就是因为这些", "首先我们来聊一下", "因为他们就不会"])
    assert found is not None
    assert abs(sum(found)) < 1e-9
    assert max(found) == found[1]


def test_only_episodes_in_chinese_have_openings() -> None:
    assert openings(["first of all, let us talk about 电池"]) is None
    assert openings(["", ""]) is None
    assert openings([]) is None
    assert openings(["我们聊聊 GPT"]) is not None


def test_runs_are_those_of_their_places() -> None:
    runs = heard(["你好吗?", "先说, 电池。", "再说"], 1)
    assert runs["first"] == {"先", "先说", "先说|", "先说|电"}
    assert runs["last"] == {"|", "?|", "吗?|", "好吗?|"}
    assert "好吗" in runs["before"]
    assert "池|再" in runs["opening"]
    assert "好吗" not in runs["opening"]


def test_runs_far_from_an_utterance_are_not_heard() -> None:
    texts = ["甲" * 5, "乙" * (BEFORE + 6), "丙" * HEAD, "丁" * OPENING, "戊"]
    runs = heard(texts, 2)
    assert "丁" in runs["opening"]
    assert "丁" not in runs["head"]
    assert not any("甲" in run or "戊" in run for place in runs.values() for run in place)


def test_each_run_has_one_weight_and_can_be_heard() -> None:
    assert set(RUNS) == set(heard(["一"], 0))
    for listed in RUNS.values():
        entries = [entry.rpartition(":") for entry in listed.split()]
        assert len({run for run, _, _ in entries}) == len(entries)
        assert all(1 <= len(run) <= 4 and int(weight) for run, _, weight in entries)
