"""Reading tables: columns by name, times in every way people and spreadsheets write them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Transcript
from indexer.readers import find_reader, read_bytes


def read(text: str) -> Transcript:
    return read_bytes("a.csv", text.encode())


def complaints(transcript: Transcript) -> list[str]:
    return [f"{one.line}: {one.what}: {one.action}" for one in transcript.complaints]


def recognised(text: str) -> bool:
    reader = find_reader(text)
    return reader is not None and reader.name == "table"


CUES = st.lists(
    st.tuples(
        st.integers(1, 30_000),
        st.integers(300, 20_000),
        st.sampled_from(["山高，水长归去来兮", 'a, "b"; c\td', "两行\n在这里也是", "GPU 和 1.5B", "|他说|：“好”"]),
        st.sampled_from(["林晚", "Speaker 1", ""]),
    ),
    min_size=2,
    max_size=8,
)
WAYS = {
    "clock": lambda ms: f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}",
    "comma": lambda ms: f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}",
    "seconds": lambda ms: f"{ms / 1000:.3f}",
    "milliseconds": str,
    "days": lambda ms: f"{ms / 86_400_000:.12f}",
}


@given(CUES, st.sampled_from(sorted(WAYS)), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_written_as_a_table_is_read_back_equal(
    cues: list[tuple[int, int, str, str]], way: str, delimiter: str, eol: str, mark: bool
) -> None:
    file, now, expected = io.StringIO(), 0, []
    writer = csv.writer(file, delimiter=delimiter, lineterminator=eol)
    writer.writerow(["編號", "姓名", "結束", "開始" + ("(ms)" if way == "milliseconds" else ""), "逐字稿"])
    for number, (gap, lasting, text, name) in enumerate(cues):
        start, end = now + gap, now + gap + lasting
        writer.writerow([number, name, WAYS[way](end), WAYS[way](start), text])
        expected.append((start / 1000, end / 1000, text, name))
        now = end
    transcript = read(("\ufeff" if mark else "") + file.getvalue())
    assert [cue.text for cue in transcript.cues] == [text.replace("\t", "\t") for _, _, text, _ in expected]
    assert [cue.speaker for cue in transcript.cues] == [name for *_, name in expected]
    assert [(cue.start, cue.end) for cue in transcript.cues] == [
        (pytest.approx(start, abs=0.002), pytest.approx(end, abs=0.002)) for start, end, *_ in expected
    ]


@pytest.mark.parametrize(
    "header",
    [
        *("start,end,text", "From,To,Content", "begin_time,end_time,transcript", "開始時間,結束時間,內容"),
        *("Start Time,End Time,Text", "time,stop,字幕"),
    ],
)
def test_columns_are_found_by_their_names(header: str) -> None:
    text = f"{header}\n0:00:01,0:00:03,山高水长\n0:00:03,0:00:05,归去来兮\n"
    assert recognised(text)
    assert [(cue.start, cue.end, cue.text) for cue in read(text).cues] == [(1, 3, "山高水长"), (3, 5, "归去来兮")]


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ("00:01:02.5,0:01:04", 62.5, 64),
        (" 00:00:01, 00:00:02", 1, 2),
        ("1.5s,2500ms", 1.5, 2.5),
        ("00:00:01:15,00:00:02;00", 1.5, 2),
        ("00:01 - 00:03,", 1, 3),
    ],
)
def test_all_ways_to_write_a_time_are_read(cells: str, start: float, end: float) -> None:
    (cue,) = read(f"start,end,text\n{cells},山高水长\n").cues
    assert (cue.start, cue.end) == (start, end)


def test_numbers_are_what_makes_people_speak_at_their_speed() -> None:
    days = "from,to,text\n0,0.00003472,山高水长归去来兮\n0.00003472,0.0000625,好的好的好的\n"
    assert [cue.start for cue in read(days).cues] == [0, 3]
    assert complaints(read(days)) == ["2: times without a unit: read as fractions of a day"]
    thousandths = "from,to,text\n0,3000,山高水长归去来兮\n3000,5400,好的好的好的\n"
    assert [cue.start for cue in read(thousandths).cues] == [0, 3]
    assert complaints(read(thousandths)) == ["2: times without a unit: read as milliseconds"]
    assert complaints(read("from,to,text\n0,3,山高水长归去来兮\n3,5.4,好的好的好的\n")) == []


def test_a_duration_stands_for_an_end() -> None:
    assert [(cue.start, cue.end) for cue in read("start,duration,text\n1,2,山高水长\n4,1.5,归去来兮\n").cues] == [
        (1, 3),
        (4, 5.5),
    ]


def test_missing_times_are_those_of_the_neighbours() -> None:
    transcript = read("from,to,speaker,text\n0:01,0:03,林晚,山高水长\n,,周恒,好的\nNA,NA,,再见\n0:07,,林晚,归去来兮\n")
    assert [(cue.start, cue.end) for cue in transcript.cues] == [(1, 3), (3, 7), (7, 7), (7, 8)]
    assert complaints(transcript) == [
        "3: no times: cue kept, times taken from its neighbours",
        "4: no times: cue kept, times taken from its neighbours",
        "5: no end: cue kept, end guessed from its text",
    ]


def test_cells_of_several_lines_keep_line_numbers_right() -> None:
    transcript = read('from,to,text\r\n0:01,0:03,"山高\r\n\r\n水长"\r\n0:05,0:04,归去来兮\r\n')
    assert [(cue.text, cue.line) for cue in transcript.cues] == [("山高\n水长", 2), ("归去来兮", 5)]
    assert complaints(transcript) == ["5: start 5.000 s is after end 4.000 s: cue kept, end moved to its start"]


@pytest.mark.parametrize("rows", [150, 20_000])
def test_a_quote_that_is_never_closed_loses_no_rows(rows: int) -> None:
    transcript = read("from,to,text\n" + '0:01,0:02,"他说\n' + "0:03,0:04,山高水长\n" * rows)
    assert len(transcript.cues) == rows + 1
    assert "2: a quote is never closed: lines read one by one" in complaints(transcript)


def test_what_stands_before_the_header_is_reported() -> None:
    transcript = read("山水谈,,\n\nstart,end,text\n1,2,山高水长\n")
    assert [cue.line for cue in transcript.cues] == [4]
    assert complaints(transcript) == ["1: text before the header: left out"]


@pytest.mark.parametrize(
    "text",
    [
        "name,age\n林晚,30\n周恒,31\n",
        "time,text\n2024-01-02 12:30,好\n2024-01-02 12:31,不好\n",
        "time,content\n1704170000,好\n1704170060,不好\n",
        "start,end,text\n5,9,地名\n0,2,人名\n3,5,人名\n0,4,地名\n",
        "start,end,city,text\n北京,上海,广州,好\n上海,北京,广州,好\n",
        "id,from,to,text\n1,ann@example.org,bob@example.org,好\n",
    ],
)
def test_other_tables_are_not_recognised(text: str) -> None:
    assert not recognised(text)


def test_frames_of_editing_programs_are_parts_of_a_second_and_told() -> None:
    transcript = read_bytes("a.csv", "Timecode,Text\n00:00:01:15,山高\n00:00:02;29,水长\n".encode())
    assert [cue.start for cue in transcript.cues] == [1.5, 2.967]
    assert [(c.line, c.what, c.action) for c in transcript.complaints] == [
        (2, "times end in frames", "read as 30 frames a second")
    ]


def test_a_header_alone_has_no_lines_below() -> None:
    assert [str(one) for one in read_bytes("a.csv", b"start,end,text\n").complaints] == [
        "a.csv:1: no lines below the header: no cues to index"
    ]
