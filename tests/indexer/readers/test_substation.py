"""Reading SubStation (.ass, .ssa) and SubViewer (.sbv)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.text.time_format import exact_clock
from indexer.core.types import Transcript
from indexer.readers import find_reader, read_bytes

HEAD = "[Script Info]\nTitle: 山水\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\n\n[Events]\n"
FORMAT = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
TIMES = "0:00:01.00,0:00:02.50"


def event(text: str, times: str = TIMES, name: str = "") -> str:
    return f"Dialogue: 0,{times},标准,{name},0,0,0,,{text}\n"


def read(events: str, head: str = HEAD + FORMAT) -> Transcript:
    return read_bytes("a.ass", (head + events).encode())


def texts(events: str) -> list[str]:
    return [cue.text for cue in read(events).cues]


def complaints(transcript: Transcript) -> list[str]:
    return [f"{one.line}: {one.what}: {one.action}" for one in transcript.complaints]


CUES = st.lists(
    st.tuples(
        st.integers(0, 9 * 360_000),
        st.integers(0, 1000),
        st.sampled_from(["山高，水长", "a, b, c", "两行\n在这里", "GPU 和 1.5B", "他说：“好”"]),
        st.sampled_from(["", "林晚", "Speaker 1"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda cue: cue[0],
)


def centiseconds(time: int) -> str:
    return f"{time // 360_000}:{time // 6000 % 60:02}:{time // 100 % 60:02}.{time % 100:02}"


@given(
    CUES, st.permutations(["Layer", "Start", "End", "Style", "Name", "Effect", "Text"]), st.sampled_from(["\n", "\r\n"])
)
def test_what_is_written_as_substation_is_read_back_equal(
    cues: list[tuple[int, int, str, str]], order: list[str], eol: str
) -> None:
    lines = [f"Format: {', '.join(order)}"]
    for start, lasting, text, name in cues:
        values = {"Layer": "0", "Start": centiseconds(start), "End": centiseconds(start + lasting), "Style": "x"}
        values |= {"Name": name, "Effect": "", "Text": text.replace("\n", "\\N")}
        lines.append("Dialogue: " + ",".join(values[field] for field in order))
    found = read((HEAD + "\n".join(lines)).replace("\n", eol), head="").cues
    assert [(round(cue.start * 100), round(cue.end * 100), cue.text, cue.speaker) for cue in found] == [
        (start, start + lasting, text, name) for start, lasting, text, name in sorted(cues)
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{\\an8\\i1}山高{\\i0}水长", "山高水长"),
        ("山{a note}高", "山高"),
        ("山高\\N水长\\n好\\h了", "山高\n水长\n好 了"),
        ("{\\p1}m 0 0 l 100 0 100 100{\\p0}山高", "山高"),
        ("{\\pos(1,2)\\pbo3}山高", "山高"),
        ("1, 2, 3", "1, 2, 3"),
        ("{没有关上", "{没有关上"),
    ],
)
def test_a_text_is_read_as_players_show_it(written: str, shown: str) -> None:
    assert texts(event(written)) == [shown]


def test_drawings_comments_and_other_sections_are_no_cues() -> None:
    other = "Comment: 0,0:00:00.00,0:00:09.00,标准,,0,0,0,,隐藏\n"
    assert texts(other + event("{\\p1}m 0 0 l 9 9") + event("{\\fad(1,2)}") + event("好")) == ["好"]


def test_the_same_text_in_two_layers_is_one_cue() -> None:
    assert texts(event("{\\blur3}山高") + event("山高") + event("水长") + event("山高", "0:00:05.00,0:00:06.00")) == [
        "山高",
        "水长",
        "山高",
    ]


def test_speakers_and_title_are_read_and_what_names_nobody_is_not() -> None:
    transcript = read(event("山高", name="林晚") + event("水长", name="NTP"))
    assert [cue.speaker for cue in transcript.cues] == ["林晚", ""]
    assert dict(transcript.facts) == {"title": "山水"}


def test_ssa_with_its_own_format_is_read() -> None:
    head = "[Script Info]\nScriptType: v4.00\n[Events]\nFormat: Marked, Start, End, Style, Actor, Text\n"
    (cue,) = read("Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,林晚,山高,水长\n", head).cues
    assert (cue.speaker, cue.text) == ("林晚", "山高,水长")


def test_events_without_a_format_line_are_read() -> None:
    assert [cue.text for cue in read(event("山高"), "[Events]\n").cues] == ["山高"]
    assert [cue.text for cue in read_bytes("a.ass", event("山高").encode()).cues] == ["山高"]


def test_what_is_wrong_is_reported_at_its_line() -> None:
    events = event("一", "0:00:05.00,0:00:04.00") + event("二", "0:00:06.00,x") + event("三", "0:00:01.00,0:00:02.00")
    transcript = read(events + "Dialogue: 0,0:00:08.00,0:00:09.00\n" + event(""))
    assert [cue.text for cue in transcript.cues] == ["三", "", "一", "二", ""]
    assert complaints(transcript) == [
        "13: 3 fields, not 10: read as far as they go",
        "12: start 0:00:01.000 is before the start above, 0:00:06.000 (2 times): cues put in the order of their times",
        "14: no text: cue kept, empty",
        "10: start 5.000 s is after end 4.000 s: cue kept, end moved to its start",
        "11: no end: cue kept, end taken from the next cue",
        "13: no text: cue kept, empty",
    ]


@given(CUES, st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_as_subviewer_is_read_back_equal(cues: list[tuple[int, int, str, str]], eol: str) -> None:
    blocks = [
        f"{exact_clock(start / 100)},{exact_clock((start + lasting) / 100)}\n{text}\n"
        for start, lasting, text, _ in sorted(cues)
    ]
    found = read_bytes("a.sbv", "\n".join(blocks).replace("\n", eol).encode()).cues
    assert [(round(cue.start * 100), round(cue.end * 100), cue.text) for cue in found] == [
        (start, start + lasting, text) for start, lasting, text, _ in sorted(cues)
    ]


def test_subviewer_is_read_whatever_stands_around_it() -> None:
    transcript = read_bytes("a.sbv", "page\n0:00:01.000,0:00:03.000\n山高[br]水长\n\n01:02.5 , 01:04\n好\n".encode())
    assert [(cue.start, cue.end, cue.text, cue.line) for cue in transcript.cues] == [
        (1.0, 3.0, "山高\n水长", 2),
        (62.5, 64.0, "好", 5),
    ]
    assert complaints(transcript) == ["1: text before the first cue: left out"]


def test_a_subviewer_cue_with_one_readable_time_is_a_cue() -> None:
    text = "0:00:01.000,0:00:03.000\n山高\n3:2,1\n\n0:00:04.000,x\n水长\n\n,0:00:09.000\n路远\n\n0:00:10,0:00:11\n好\n"
    transcript = read_bytes("a.sbv", text.encode())
    assert [(cue.start, cue.end, cue.text) for cue in transcript.cues] == [
        (1.0, 3.0, "山高\n3:2,1"),
        (4.0, 10.0, "水长"),
        (9.0, 9.0, "路远"),
        (10.0, 11.0, "好"),
    ]
    assert [complaint.split(":")[:2] for complaint in complaints(transcript)] == [["5", " no end"], ["8", " no start"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEAD + FORMAT + event("好"), "SubStation"),
        ("0:00:01.000,0:00:03.000\n好\n", "SubViewer"),
        ("\ufeff\r\n0:00:01.000,0:00:03.000\r\n好\r\n", "SubViewer"),
    ],
)
def test_formats_are_told_by_their_text(text: str, name: str) -> None:
    reader = find_reader(text)
    assert reader is not None
    assert reader.name == name
    assert read_bytes("a.srt", text.encode()).cues
