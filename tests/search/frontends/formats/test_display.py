"""Columns, times, colours and links on a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.text.time_format import clock, hours
from indexer.core.types import Episode, Facts
from search import CueLine, EpisodeCount, Moment
from search.frontends.formats.display import (
    _CONTROL,
    _STYLES,
    Page,
    Style,
    clean,
    columns,
    distinct,
    padded,
    unsteered,
    unstyled,
)
from search.frontends.formats.listings.lists import counts, episodes
from search.frontends.formats.text import cue_lines, moment_lines
from search.frontends.mcp.tool import plural

ANSI = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("GPU", 3), ("GPU训练", 7), ("Ｇ", 2), ("。", 2), ("e\u0301", 1), ("a\u200bb", 2), ("カ", 2), ("ｶ", 1)],
)
def test_a_chinese_character_takes_two_columns(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("语音", 4, "语音"),
        ("语音", 7, "语音   "),
        ("语音识别", 7, "语音识…"),
        ("语音识别", 6, "语音… "),
        ("GPU", 2, "G…"),
        ("GPU", 1, "…"),
        ("", 3, "   "),
    ],
)
def test_padding_cuts_with_an_ellipsis_what_is_too_wide(text: str, width: int, shown: str) -> None:
    assert padded(text, width) == shown


@given(text=st.text("训练GPU 。e\u0301"), width=st.integers(1, 30))
def test_padded_text_takes_exactly_its_columns(text: str, width: int) -> None:
    assert columns(padded(text, width)) == width


def test_texts_that_begin_alike_are_cut_in_the_middle() -> None:
    series = ["【机器学习】第一讲", "【机器学习】第二讲", "电池"]
    assert distinct(series, 11) == ["【机…第一讲", "【机…第二讲", "电池       "]
    assert distinct([*series[::2], series[0]], 11) == ["【机器学习…", "电池       ", "【机器学习…"]
    assert distinct(series, 18) == [padded(text, 18) for text in series]


@given(texts=st.lists(st.text("训练G …")), width=st.integers(1, 12))
def test_texts_told_apart_take_exactly_their_columns(texts: list[str], width: int) -> None:
    assert [columns(text) for text in distinct(texts, width)] == [width] * len(texts)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00:00"), (59.999, "00:00:59"), (60, "00:01:00"), (3725.9, "01:02:05"), (360_000, "100:00:00")],
)
def test_a_clock_never_shows_a_second_that_has_not_begun(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0 min"), (2700, "45 min"), (3600, "1.0 h"), (44_280, "12.3 h")])
def test_a_length_is_told_in_minutes_or_hours(seconds: float, shown: str) -> None:
    assert hours(seconds) == shown


@given(text=st.text())
def test_clean_text_stays_on_its_line_and_commands_no_terminal(text: str) -> None:
    shown = clean(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert len(shown.splitlines()) <= 1 or re.search("[\u2028\u2029]", shown)


def test_clean_text_keeps_what_was_said() -> None:
    assert clean("第一行\n第二行\tGPU\x1b[31m红\x07") == "第一行 第二行 GPU[31m红"


STEERING = ["\t", "\x1b", "[", "m", "]8;;", "1", ";", "水", "\u3000", "\x07", "\r", "\x1b\\", "\x1b[1;31m", "\u202e"]
LINK = "\x1b]8;;https://a.org\x1b\\"


@given(pieces=st.lists(st.sampled_from([*STEERING, LINK]), max_size=8))
@example(pieces=["水", "\r", "\t"])
def test_styles_are_told_from_what_steers_a_terminal_as_the_pattern_does(pieces: list[str]) -> None:
    line = "".join(pieces)
    assert unstyled(line) == re.sub(_STYLES, "", line)
    kept = re.sub(rf"({_STYLES}|\r\Z)|{_CONTROL}", r"\1", line)
    assert unsteered(line, styled=True) == (line if line.isprintable() else kept)
    assert unsteered(line) == re.sub(rf"(\r\Z)|{_CONTROL}", r"\1", line)


def test_nothing_is_painted_or_linked_unless_wanted() -> None:
    assert Style().paint("茶", "1") == "茶"
    assert Style(color=True).paint("茶", "1") == "\x1b[1m茶\x1b[0m"
    assert Style(color=True).paint("", "1") == ""
    assert Style(color=True).link("茶", "https://example.org") == "茶"
    assert Style(links=True).link("茶", "https://example.org") == "\x1b]8;;https://example.org\x1b\\茶\x1b]8;;\x1b\\"
    assert Style(links=True).link("茶", None) == "茶"


CUE = CueLine(3, 62.0, 66.0, "", "今天讲强化学习和GPU", ((3, 7), (8, 11)))
EPISODE = Episode("tea/one", "/tea/one.srt", Facts(show="两杯茶", title="水开了", date="2025-01-15"), 125.0, 30, 400)
MOMENT = Moment(2, 1.5, EPISODE, 62.0, 66.0, (), (CUE,))


def test_a_cue_is_shown_with_the_time_it_starts() -> None:
    assert list(cue_lines([CUE], Style(), indent=2)) == ["  00:01:02  今天讲强化学习和GPU"]


def test_a_speaker_stands_before_what_is_said() -> None:
    assert list(cue_lines([CueLine(0, 1.0, 2.0, "阿默", "喝茶", ())], Style())) == ["00:00:01  阿默: 喝茶"]


def test_exactly_the_highlights_are_painted() -> None:
    (line,) = cue_lines([CUE], Style(color=True))
    assert re.findall("\x1b\\[1;31m(.*?)\x1b\\[0m", line) == ["强化学习", "GPU"]
    assert ANSI.sub("", line) == "00:01:02  今天讲强化学习和GPU"


@pytest.mark.parametrize("color", [False, True])
def test_a_long_cue_is_folded_at_the_width_and_loses_nothing(color: bool) -> None:
    text = "今天讲强化学习和GPU训练，" * 12
    cue = CueLine(0, 0.0, 4.0, "", text, ((3, 60),))
    lines = [ANSI.sub("", line) for line in cue_lines([cue], Style(color=color, width=50), indent=5)]
    assert all(columns(line) <= 50 for line in lines)
    assert len(lines) > 1
    assert "".join(line[15:] for line in lines) == text
    assert {line[:15] for line in lines[1:]} == {" " * 15}


def test_a_highlight_goes_on_in_the_next_line_of_a_folded_cue() -> None:
    cue = CueLine(0, 0.0, 4.0, "", "茶" * 60, ((10, 50),))
    painted = re.findall("\x1b\\[1;31m(.*?)\x1b\\[0m", "\n".join(cue_lines([cue], Style(color=True, width=60))))
    assert len(painted) > 1
    assert sum(map(len, painted)) == 40


def test_a_line_break_in_a_cue_does_not_shift_its_highlights() -> None:
    cue = CueLine(0, 0.0, 4.0, "", "第一行\r\n第二行\x07强化学习", ((9, 13),))
    (line,) = cue_lines([cue], Style(color=True))
    assert re.findall("\x1b\\[1;31m(.*?)\x1b\\[0m", line) == ["强化学习"]


def test_a_moment_has_a_heading_and_its_cues() -> None:
    assert list(moment_lines(MOMENT, Style())) == [
        "  2  00:01:02  水开了  两杯茶  2025-01-15",
        "     tea/one",
        "     00:01:02  今天讲强化学习和GPU",
    ]


def test_without_a_title_the_id_stands_in_the_heading() -> None:
    moment = Moment(1, 1.0, Episode("tea/one", "/tea/one.srt"), 0.0, 4.0, (), ())
    assert next(iter(moment_lines(moment, Style()))) == "  1  00:00:00  tea/one"


def test_hostile_facts_cannot_command_the_terminal() -> None:
    facts = Facts(show="\x1b]0;show\x07", title="\x1b[2Jtitle\nmore", speakers=())
    episode = Episode("a", "/a.srt", facts)
    cue = CueLine(0, 0.0, 1.0, "\x1b[31mme", "\x1b[5m hi", ())
    lines = [*moment_lines(Moment(1, 1.0, episode, 0.0, 1.0, (), (cue,)), Style()), *episodes([episode], Page())]
    assert not any(re.search(r"[\x00-\x1f\x7f]", line) for line in lines)


def test_episodes_are_listed_in_columns() -> None:
    other = Episode("rain/two", "/rain/two.srt", Facts(show="Rain", title="A longer title", date=None), 3700.0, 2, 9)
    lines = list(episodes([EPISODE, other], Page()))
    assert lines[0].startswith("2025-01-15  00:02:05      30 cues  水开了")
    assert lines[1].startswith("-           01:01:40       2 cues  A longer title  Rain")
    assert len({columns(line[: line.index(e.id)]) for line, e in zip(lines, (EPISODE, other), strict=True)}) == 1


def test_counts_agree_in_number() -> None:
    lines = list(counts([EpisodeCount(EPISODE, 1, 1), EpisodeCount(EPISODE, 2, 3)], Page()))
    assert [line.split() for line in lines] == [
        ["1", "moment", "1", "match", "tea/one", "水开了"],
        ["2", "moments", "3", "matches", "tea/one", "水开了"],
    ]
    assert plural(0, "show") == "shows"
