"""Reading LRC: lyrics and captions with a time in brackets before each line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Cue, Transcript
from indexer.readers import find_reader, read_bytes


def read(text: str) -> Transcript:
    return read_bytes("a.lrc", text.encode())


def lines(text: str) -> list[tuple[float, float, str]]:
    return [(cue.start, cue.end, cue.text) for cue in read(text).cues]


def complaints(text: str) -> list[str]:
    return [f"{one.line}: {one.what}: {one.action}" for one in read(text).complaints]


@given(
    st.lists(st.integers(0, 59 * 60_000), min_size=1, max_size=8, unique=True),
    st.lists(st.sampled_from(["山高水长", "我们 use GPU", "他说，好", "１２", "a <b> c"]), min_size=8, max_size=8),
    st.integers(-3000, 3000),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_as_lrc_is_read_back_equal(times: list[int], texts: list[str], offset: int, eol: str) -> None:
    times = sorted(times)
    body = [
        f"[{t // 60_000:02}:{t // 1000 % 60:02}.{t % 1000:03}]{text}" for t, text in zip(times, texts, strict=False)
    ]
    cues = read(eol.join(["[ti:山]", f"[offset:{offset:+}]", *body, ""])).cues
    said = {max(0.0, (t - offset) / 1000): None for t in times}
    assert [round(cue.start, 3) for cue in cues] == [round(time, 3) for time in said]
    assert [line for cue in cues for line in cue.text.split("\n")].count(texts[0]) >= 1
    assert [cue.line for cue in cues] == sorted(cue.line for cue in cues)


def test_a_line_lasts_to_the_next_and_an_empty_one_ends_it() -> None:
    assert lines("[00:01.00]山高\n[00:03.50]水长\n[00:05.25]\n[00:20.00]归去\n") == [
        (1.0, 3.5, "山高"),
        (3.5, 5.25, "水长"),
        (20.0, 21.0, "归去"),
    ]


def test_a_line_before_a_long_silence_ends_before_the_next_begins() -> None:
    assert lines("[00:01.00]山高\n[02:00.00]水长\n")[0] == (1.0, 11.0, "山高")


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [("01:02.5", 62.5), ("01:02.50", 62.5), ("01:02.500", 62.5), ("1:02", 62), ("01:00:02.25", 3602.25)],
)
def test_all_ways_to_write_a_time_are_read(stamp: str, seconds: float) -> None:
    assert [start for start, _, _ in lines(f"[ti:x]\n[{stamp}]好\n")] == [seconds]


def test_the_third_number_is_hundredths_where_it_goes_beyond_59() -> None:
    text = "[ti:x]\n[00:01:75]山高\n[00:03:10]水长\n"
    assert [start for start, _, _ in lines(text)] == [1.75, 3.1]
    assert complaints(text) == ["2: the last of three numbers goes beyond 59: read as hundredths of a second"]


def test_several_times_on_a_line_repeat_it() -> None:
    text = "[00:01.00][00:09.00]山高\n[00:03.00]水长\n"
    assert [(start, words) for start, _, words in lines(text)] == [(1.0, "山高"), (3.0, "水长"), (9.0, "山高")]
    assert complaints(text) == []


def test_a_positive_offset_shows_lines_sooner() -> None:
    assert [start for start, _, _ in lines("[offset:+500]\n[00:01.00]山\n[00:02.00]水\n[00:00.10]前\n")] == [
        0.0,
        0.5,
        1.5,
    ]
    assert [start for start, _, _ in lines("[00:01.00]山\n[offset:-250]\n")] == [1.25]


def test_an_offset_that_is_no_number_is_reported() -> None:
    assert complaints("[offset:soon]\n[00:01.00]山\n") == ["1: offset is not a number: 'soon': left out"]


def test_tags_tell_the_title_and_the_length() -> None:
    transcript = read("[ti: 山水 ]\n[ar:林晚]\n[by:]\n[la:zh]\n[length:00:02]\n[00:01.00]山高水长山高水长\n")
    assert dict(transcript.facts) == {"title": "山水", "language": "zh"}
    assert [(cue.start, cue.end) for cue in transcript.cues] == [(1.0, 2.0)]


def test_a_language_that_is_no_tag_is_no_fact() -> None:
    assert dict(read("[ti:山水]\n[la:普通话 (北京)]\n[00:01.00]山高水长\n").facts) == {"title": "山水"}


def test_times_of_words_are_marks() -> None:
    (first, second) = read("[00:01.00]<00:01.00>山 <00:01.50>高<00:02.00>\n[00:03.00]水[00:03.40]长\n").cues
    assert first == Cue(1.0, 2.0, "山 高", line=1, marks=((0, 1.0), (2, 1.5)))
    assert second.text == "水长"
    assert second.marks == ((1, 3.4),)


def test_a_line_and_its_translation_are_one_cue() -> None:
    assert lines("[00:01.00]山高\n[00:03.00]水长\n[00:01.00]high\n[00:03.00]水长\n") == [
        (1.0, 3.0, "山高\nhigh"),
        (3.0, 4.0, "水长"),
    ]


def test_lines_out_of_order_are_put_in_order_and_reported() -> None:
    text = "[00:05.00]水长\n[00:01.00]山高\n"
    assert [words for _, _, words in lines(text)] == ["山高", "水长"]
    assert complaints(text) == [
        "2: start 0:00:01.000 is before the start above, 0:00:05.000: cues put in the order of their times"
    ]


def test_lines_without_a_time_are_reported() -> None:
    text = "page\n[00:01.00]山高\n水长\n" + "".join(f"[00:0{second}.00]好\n" for second in range(2, 8))
    assert lines(text)[0] == (1.0, 2.0, "山高\n水长")
    assert complaints(text) == [
        "1: text before the first cue: left out",
        "3: a line without a time: added to the cue above",
    ]


def test_a_text_of_stamps_without_fractions_and_tags_is_no_lrc() -> None:
    reader = find_reader("[00:01] 山高\n[00:03] 水长水长\n[00:05] 好\n[00:06] 好\n")
    assert reader is not None
    assert reader.name == "stamped text"
