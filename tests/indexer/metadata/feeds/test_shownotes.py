"""Times in shownotes are chapters where they are a list of times, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.text.clock_times import read_clock
from indexer.metadata.chapters import MOST, stamped_line
from indexer.metadata.feeds.shownotes import find_stamps, text_lines


def found(notes: str, duration: float | None = None) -> list[tuple[float, str]]:
    return [(stamp.start, stamp.title) for stamp in find_stamps(notes, duration)]


@pytest.mark.parametrize(
    ("line", "start", "title"),
    [
        ("12:30 谈谈开源", 750, "谈谈开源"),
        ("[00:12:30] 谈谈开源", 750, "谈谈开源"),
        ("01:02:03 - title", 3723, "title"),
        ("（12：30）谈谈开源", 750, "谈谈开源"),
        ("• 12:30｜谈谈开源", 750, "谈谈开源"),
        ("▶️ 12:30 谈谈开源", 750, "谈谈开源"),
        ("102:30 很长的节目", 6150, "很长的节目"),
        ("12:30.5 halb", 750.5, "halb"),
        ("12:30 《海底的光》", 750, "《海底的光》"),
        ("\u300012:30\u3000谈谈", 750, "谈谈"),
    ],
)
def test_a_line_with_a_time_in_front_is_a_chapter(line: str, start: float, title: str) -> None:
    chapter = stamped_line(line)
    assert chapter is not None
    assert (chapter.start, chapter.title, chapter.end) == (start, title, None)


def test_a_line_may_tell_the_end_as_well() -> None:
    chapter = stamped_line("12:30 - 15:00 谈谈开源")
    assert chapter is not None
    assert (chapter.start, chapter.end, chapter.title) == (750, 900, "谈谈开源")


@pytest.mark.parametrize(
    "line", ["", "谈谈开源", "12:30", "2025-06-08 发布", "比分 12:30", "1:1 打平", "12:75 不是时间", "1.5 倍速"]
)
def test_other_lines_are_none(line: str) -> None:
    assert stamped_line(line) is None


def test_lines_of_html_end_where_they_are_seen_to_end() -> None:
    notes = "<p>00:00 开场<br/>01:00&nbsp;A &amp; B</p><ul><li>02:00 <a href='x'>链接</a></li><li>3 &lt; 4</li></ul>"
    assert text_lines(notes) == ["00:00 开场", "01:00\xa0A & B", "02:00 链接", "3 < 4"]
    assert found(notes) == [(0, "开场"), (60, "A & B"), (120, "链接")]


def test_plain_text_is_read_by_its_lines() -> None:
    assert found("时间轴\n00:00 开场\n12:30 谈谈开源 a < b\n") == [(0, "开场"), (750, "谈谈开源 a < b")]


def test_one_time_is_no_list() -> None:
    assert found("12:30 开始直播") == []


def test_times_in_no_order_are_no_list() -> None:
    assert found("20:00 晚上\n09:30 早上\n12:00 中午\n08:00 更早") == []


def test_a_stray_time_among_many_is_left_out() -> None:
    lines = [f"{n:02}:00 第{n}段" for n in range(8)]
    assert found("\n".join([*lines[:5], "59:00 昨天", *lines[5:]])) == [(n * 60, f"第{n}段") for n in range(8)]


def test_times_from_the_end_on_are_left_out() -> None:
    notes = "\n".join(f"{n:02}:00 第{n}段" for n in range(10))
    assert [start for start, _ in found(notes, duration=540)] == [n * 60 for n in range(9)]


def test_a_long_text_of_brackets_and_times_is_read_quickly() -> None:
    for piece in ("<", "<p", "&", "0:00", "[" * 9 + "1:00 ", "12:30 " + " " * 50):
        assert len(find_stamps(piece * (2_000_000 // len(piece)))) <= MOST


clocks = st.integers(0, 40_000)
titles = st.text(st.sampled_from("开源谈天ab"), min_size=1, max_size=12)


@given(st.lists(st.tuples(clocks, titles), min_size=2, max_size=20))
def test_a_list_of_times_is_found_as_it_was_written(written: list[tuple[int, str]]) -> None:
    written = sorted(written, key=lambda entry: entry[0])
    lines = [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02} {title}" for at, title in written]
    assert set(found("<br>".join(lines))) == set(written)


@given(st.text(st.sampled_from("0123456789:： \n<>p/br[]-开源&;"), max_size=200), st.none() | st.floats(1, 10_000))
def test_whatever_the_text_times_are_in_order_and_before_the_end(notes: str, duration: float | None) -> None:
    stamps = find_stamps(notes, duration)
    assert len(stamps) != 1
    assert [s.start for s in stamps] == sorted(s.start for s in stamps)
    assert all(stamp.title and stamp.kind == "note" for stamp in stamps)
    assert duration is None or all(stamp.start < duration for stamp in stamps)


@given(st.text(st.sampled_from("0123456789:：., "), max_size=12))
def test_a_clock_is_read_or_refused(text: str) -> None:
    seconds = read_clock(text)
    assert seconds is None or 0 <= seconds < 10_000_000
