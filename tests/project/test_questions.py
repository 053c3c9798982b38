"""The bench of questions counts what it says, and its file holds what it must."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import chapter_questions
from chapter_questions import is_question, is_title
from questions import Answer, Question, figures, read_questions, recording_of, recordings

QUESTIONS = list(read_questions())


def test_there_are_as_many_as_the_bench_says_and_none_is_there_twice() -> None:
    assert Counter(one.kind for one in QUESTIONS) == {"question": 212, "title": 196, "english": 40}
    assert len({one.text for one in QUESTIONS}) == len(QUESTIONS)
    assert all(one.text == one.text.strip() and one.start >= 0 for one in QUESTIONS)


def test_a_recording_is_in_one_half_and_both_halves_are_large() -> None:
    halves: dict[str, set[str]] = {}
    for one in QUESTIONS:
        halves.setdefault(one.recording, set()).add(one.half)
    assert all(len(of) == 1 for of in halves.values())
    assert min(Counter(one.half for one in QUESTIONS).values()) > 100


@pytest.mark.parametrize(
    ("name", "recording"),
    [("a1.csv", "a1"), ("a1 .csv", "a1"), ("a1_raw.csv", "a1"), ("b 2.zh-CN-dual-double.srt", "b 2"), ("a", "a")],
)
def test_files_of_one_recording_have_its_name(name: str, recording: str) -> None:
    assert recording_of(name) == recording


def test_of_several_files_of_a_recording_the_better_one_is_indexed(tmp_path: Path) -> None:
    names = ("a1_raw.csv", "a1 .csv", "b2.srt", "b2.zh-CN-dual-double.srt", "c3_raw.csv", "LICENSE")
    for name in names:
        (tmp_path / name).write_text("", "utf-8")
    found = recordings([tmp_path])
    assert {name: path.name for name, path in found.items()} == {
        "a1": "a1 .csv",
        "b2": "b2.zh-CN-dual-double.srt",
        "c3": "c3_raw.csv",
    }


def test_a_result_is_right_in_the_recording_and_the_range() -> None:
    one = Answer(((False, 0.0), (True, -61.0), (True, 60.0)), 0.01)
    assert (one.episode(), one.rank(30, 60), one.rank(90, 60), one.rank(30, 59)) == (2, 3, 2, 0)
    none = Answer((), 0.03)
    assert figures([one, none]) == (
        "n   2  episode 0.000 / 0.500  S[-30,+60] 0.000 / 0.500  S[-90,+60] 0.000 / 0.500  CPU 20 ms"
    )


def test_an_entry_is_of_two_languages_if_a_latin_word_is_in_it() -> None:
    assert Question("question", "a", 0.0, "为什么GPU不够用").is_mixed
    assert not Question("question", "a", 0.0, "2030年要占几成").is_mixed
    assert not Question("english", "a", 0.0, "why is one GPU not enough").is_mixed


@pytest.mark.parametrize("title", ["What is a good first question", "Did anybody see that", "So now they can pay?"])
def test_a_title_that_asks_in_four_words_is_a_question(title: str) -> None:
    assert is_question(title)


@pytest.mark.parametrize("title", ["Why now?", "A history of questions", "Whatever comes after that", ""])
def test_other_titles_are_none(title: str) -> None:
    assert not is_question(title)


@pytest.mark.parametrize(
    ("title", "is_asked"), [("访谈", True), ("Q&A", True), ("-", False), ("「一」", False), ("", False)]
)
def test_a_title_of_two_characters_is_searched(title: str, is_asked: bool) -> None:
    assert is_title(title) == is_asked


def test_a_title_is_found_at_its_start_in_its_chapter_or_in_its_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second title is said at once, the third late in its chapter, the fourth only before it."""
    said = [
        "今天天气很好。",
        "蓝鲸怎样唱歌。",
        "大家安静一点。",
        "火山什么时候喷发。",
        "沙漠里的河流。",
        "我们下次再见。",
    ]
    starts = (0, 100, 200, 300, 400, 500)
    cues = (
        f"00:{at // 60:02}:{at % 60:02}.000 --> 00:{at // 60:02}:{at % 60 + 5:02}.000\n{text}"
        for at, text in zip(starts, said, strict=True)
    )
    show = tmp_path / "show"
    show.mkdir()
    (show / "one.vtt").write_text("\n\n".join(("WEBVTT", *cues)), "utf-8")
    titles = {0: "开场", 100: "蓝鲸怎样唱歌", 200: "火山什么时候喷发", 450: "沙漠里的河流"}
    chapters = [{"startTime": start, "title": title} for start, title in titles.items()]
    (show / "one.chapters.json").write_text(json.dumps({"version": "1.2.0", "chapters": chapters}), "utf-8")
    monkeypatch.setattr(sys, "argv", ["chapter_questions.py", str(tmp_path), "--titles"])
    chapter_questions.main()
    head, shares = capsys.readouterr().out.splitlines()
    assert head == "3 titles of 1 recordings of 1"
    assert shares.split("  ") == [
        "by words",
        "",
        "",
        "S[-30,+60] 0.333 / 0.333 (0.333)",
        "chapter 0.667 / 0.667 (0.667)",
        "recording 1.000 / 1.000 (1.000)",
    ]
