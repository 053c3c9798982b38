"""Reading SRT: well-formed files come back as they were written, broken ones without an exception."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import srt
from hypothesis import given, settings
from hypothesis import strategies as st
from support.damage.accidents import broken_bytes, broken_lines
from support.library import read_within

from indexer.core.files.sources import LARGEST_FILE
from indexer.readers import is_candidate, read_bytes

LINES = st.one_of(
    st.sampled_from(
        ["今天的茶是热的", "我们 use 一个 GPU", "42", "2024", "", "  两边有空格\t", "a -> b", "他说：“好”", "１２"]
    ),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Nd", "No"], exclude_characters="<{>＞→|"), max_size=12
    ).filter(
        lambda line: "\\N" not in line  # a line end in Advanced SubStation
    ),
)
TIMES = st.integers(0, 99 * 3_600_000)


@st.composite
def subtitles(draw: st.DrawFn) -> list[srt.Subtitle]:
    found = []
    for number in range(draw(st.integers(1, 8))):
        start, end = sorted((draw(TIMES), draw(TIMES)))
        text = "\n".join(draw(st.lists(LINES, max_size=3)))
        found.append(srt.Subtitle(number + 1, timedelta(milliseconds=start), timedelta(milliseconds=end), text))
    return found


def filled_lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


@settings(max_examples=150)
@given(cues=subtitles(), eol=st.sampled_from(["\n", "\r\n"]), mark=st.sampled_from(["", "\ufeff"]))
def test_what_srt_composes_is_read_back_equal(cues: list[srt.Subtitle], eol: str, mark: str) -> None:
    text = srt.compose(cues, reindex=False, strict=False).replace("\n", eol)
    transcript = read_bytes("a.srt", (mark + text).encode())
    assert [(cue.start, cue.end, cue.text) for cue in transcript.cues] == [
        (cue.start.total_seconds(), cue.end.total_seconds(), filled_lines(cue.content)) for cue in cues
    ]


@given(cues=subtitles())
def test_every_cue_knows_the_line_of_its_times(cues: list[srt.Subtitle]) -> None:
    text = srt.compose(cues, reindex=False, strict=False)
    lines = text.split("\n")
    for cue in read_bytes("a.srt", text.encode()).cues:
        assert " --> " in lines[cue.line - 1]


SOUND = "".join(
    f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},250\n{text}\n\n"
    for number, text in enumerate(
        ["我们今天来说这个", "<i>茶</i>", "GPU和1.5B", "12", "", "两行\n在这里", "他是说的", "再见"], 1
    )
)


@st.composite
def broken_files(draw: st.DrawFn) -> bytes:
    """A sound file after a few accidents to its lines, its encoding and its bytes."""
    lines = draw(broken_lines(SOUND, most=6))
    ends = draw(st.lists(st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"]), min_size=1, max_size=4))
    text = "".join(line + ends[number % len(ends)] for number, line in enumerate(lines))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"]))
    data = draw(broken_bytes(text.encode(encoding, "replace"), most=4))
    return data[: draw(st.integers(len(data) // 2, len(data)))]


@settings(max_examples=400)
@given(data=broken_files())
def test_a_broken_file_is_read_without_an_exception_and_no_cue_ends_before_it_starts(data: bytes) -> None:
    transcript = read_bytes("a.srt", data)
    assert all(0 <= cue.start <= cue.end for cue in transcript.cues)
    assert all(complaint.line >= 0 and complaint.what and complaint.action for complaint in transcript.complaints)
    assert transcript.cues or transcript.complaints


@settings(max_examples=150)
@given(
    data=st.one_of(
        st.binary(max_size=200), st.text(st.sampled_from("0123456789:,.->→ \n\r字|<{"), max_size=120).map(str.encode)
    )
)
def test_any_bytes_at_all_are_read_without_an_exception(data: bytes) -> None:
    transcript = read_bytes("a.srt", data)
    assert transcript.cues or transcript.complaints


TIME_LINE = "00:00:01,000 --> 00:00:02,000"


@pytest.mark.parametrize(
    "text",
    ["升级到\n5\n1.2.3 版", "地址是\n8\n192.168.0.1"],
    ids=["version", "address"],
)
def test_a_number_line_before_three_numbers_is_text(text: str) -> None:
    (cue,) = read_bytes("a.srt", f"1\n{TIME_LINE}\n{text}\n".encode()).cues
    assert cue.text == text


@pytest.mark.parametrize("hours", ["9" * 14, "9" * 5000], ids=["14 digits", "5000 digits"])
def test_a_time_of_very_many_hours_is_survived(hours: str) -> None:
    transcript = read_bytes("a.srt", f"1\n{hours}:00:00,000 --> {hours}:00:01,000\n好\n".encode())
    assert transcript.complaints


SLOW = {
    "settings after the times": f"{TIME_LINE} a:{'bc:' * 25} 好\n好\n",
    "spaces before an arrow": f"{TIME_LINE}\n好\n{' ' * 20_000}好 >\n",
    "digits before an arrow": f"{TIME_LINE}\n好\n{'1' * 40_000}好 >\n",
    "spaces in text after the times": f"{TIME_LINE} 好{' ' * 40_000}好\n",
}


@pytest.mark.parametrize("name", SLOW)
def test_one_odd_line_does_not_take_for_ever(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(SLOW[name], "utf-8")
    read_within(path, seconds=2)


def test_a_file_far_too_large_is_refused() -> None:
    (complaint,) = read_bytes("a.srt", bytes(LARGEST_FILE + 1)).complaints
    assert complaint.fatal
    assert "too many" in complaint.what


def test_a_named_file_in_no_known_format_is_refused() -> None:
    transcript = read_bytes("notes.txt", "今天没有字幕".encode())
    assert not transcript.cues
    assert [complaint.fatal for complaint in transcript.complaints] == [True]


def test_a_text_file_that_holds_srt_is_read() -> None:
    assert [cue.text for cue in read_bytes("notes.txt", f"{TIME_LINE}\n好\n".encode()).cues] == ["好"]


def test_a_time_in_the_digits_of_another_script_is_read() -> None:
    (cue,) = read_bytes("a.srt", "๐0:00:01,000 --> 00:00:02,000\n好\n".encode()).cues
    assert cue.start == 1


def test_webvtt_is_read_whatever_its_name_and_mark() -> None:
    data = "\ufeffWEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v 小林>好\n".encode()
    for name in ("a.srt", "a.txt", "a"):
        (cue,) = read_bytes(name, data).cues
        assert cue.speaker == "小林"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.srt", "whatever", True),
        ("a.SRT", "whatever", True),
        ("a.txt", f"{TIME_LINE}\n好\n", True),
        ("a.txt", "whatever", False),
        ("a.md", f"{TIME_LINE}\n好\n", False),
        ("srt", "whatever", False),
    ],
)
def test_a_walk_reads_srt_files_and_texts_that_are_srt(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert is_candidate(path) == expected
