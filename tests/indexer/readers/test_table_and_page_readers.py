"""Whisper's TSV and the HTML of Podcasting 2.0."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import read_within

from indexer.readers import find_reader, read_bytes


def simple(text: str) -> list[tuple[float, float, str, str]]:
    return [(cue.start, cue.end, cue.text, cue.speaker) for cue in read_bytes("a", text.encode()).cues]


def complaints(text: str) -> list[str]:
    return [f"{c.line}: {c.what}: {c.action}" for c in read_bytes("a", text.encode()).complaints]


def reader_name(text: str) -> str | None:
    reader = find_reader(text)
    return reader.name if reader else None


TABLE = "start\tend\ttext\n0\t2500\t山高\n2500\t4000\t水 长\n"


@pytest.mark.parametrize("text", [TABLE, "\ufeff" + TABLE.replace("\n", "\r\n"), "\n" + TABLE.replace("\n", "\n\n")])
def test_a_table_has_a_cue_on_each_line(text: str) -> None:
    assert reader_name(text) == "Whisper TSV"
    assert simple(text) == [(0, 2.5, "山高", ""), (2.5, 4, "水 长", "")]
    assert complaints(text) == []


def test_odd_lines_of_a_table_are_cues_all_the_same() -> None:
    text = TABLE + "5000\t4500\t路\t远\n没有时间\n6000\t\t天晴\n"
    assert simple(text)[2:] == [(5, 5, "路 远", ""), (5, 6, "没有时间", ""), (6, 7, "天晴", "")]
    assert complaints(text) == [
        "4: start 5.000 s is after end 4.500 s: cue kept, end moved to its start",
        "5: no times: cue kept, times taken from its neighbours",
        "6: no end: cue kept, end guessed from its text",
    ]


def test_a_table_with_fractions_is_in_seconds() -> None:
    assert simple(TABLE.replace("2500", "2.5").replace("4000", "4.0")) == [(0, 2.5, "山高", ""), (2.5, 4, "水 长", "")]
    assert complaints(TABLE.replace("2500", "2.5"))[0] == "2: times with fractions: read as seconds"


def test_a_table_without_lines_has_no_cues() -> None:
    assert complaints("start\tend\ttext\n") == ["1: no lines below the header: no cues to index"]


@pytest.mark.parametrize("text", ["start\tend\n0\t1\n", "start,end,text\n0,1,好\n", "begin\tend\ttext\n", ""])
def test_other_tables_are_not_taken(text: str) -> None:
    assert reader_name(text) != "Whisper TSV"


SAFE = st.text(st.sampled_from("我们今天说电池GPU 15.,，\"'😀é&<>|"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "好"
)


@given(st.lists(st.tuples(st.integers(0, 9_000_000), st.integers(0, 60_000), SAFE), min_size=1, max_size=8))
def test_what_is_written_as_a_table_is_read_back_equal(rows: list[tuple[int, int, str]]) -> None:
    rows.sort()
    text = "start\tend\ttext\n" + "".join(f"{start}\t{start + lasting}\t{said}\n" for start, lasting, said in rows)
    assert simple(text) == [(start / 1000, (start + lasting) / 1000, said, "") for start, lasting, said in rows]


PAGES = {
    "as Podcasting 2.0 has it": """<!DOCTYPE html>
<html lang="zh"><head><title>1:00</title><style>p > a {}</style></head><body>
<!-- 说明
<time>9:99</time> -->
<cite>小林:</cite>
<time>0:00</time>
<p>大家好 &amp; 欢迎</p>
<cite>阿明：</cite>
<time>0:05</time>
<p>谢谢
大家</p><p>a < b</p>
<time>1:02:03</time>
<p>再见</p>
<script>var x = "<p>";</script></body></html>""",
    "spans in paragraphs": """
<p><span class="timestamp">[00:00:00]</span> <span class="speaker">小林:</span> 大家好 &amp; 欢迎</p>
<p><span class="time">(0:05)</span> <span class="speaker">阿明</span> 谢谢 <b>大家</b><br>a &lt; b</p>
<p><span>1:02:03</span> 再见</p>""",
    "time before the name, no closing tags": """
<p><time datetime="PT0S">0:00</time><cite>小林</cite><p>大家好 &amp; 欢迎
<p><time>0:05</time><cite>阿明</cite><p>谢谢 大家<p>a < b<p><TIME>1:02:03</TIME>再见""",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_cue_for_each_time_until_the_next_or_as_long_as_it_takes_to_say(name: str) -> None:
    assert reader_name(PAGES[name]) == "Podcasting 2.0 HTML"
    assert simple(PAGES[name]) == [
        (0, 5, "大家好 & 欢迎", "小林"),
        (5, 15, "谢谢 大家\na < b", "阿明"),
        (3723, 3724, "再见", "阿明"),
    ]
    assert complaints(PAGES[name]) == []


def test_a_page_tells_its_language_and_the_lines_of_its_cues() -> None:
    transcript = read_bytes("a", PAGES["as Podcasting 2.0 has it"].encode())
    assert transcript.facts == {"language": "zh"}
    assert [cue.line for cue in transcript.cues] == [6, 9, 12]


def test_text_before_the_first_time_of_a_page_is_told() -> None:
    assert complaints("<p>本期嘉宾</p>\n<cite>小林</cite><time>0:00</time><p>好</p>") == [
        "1: text before the first time: left out"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<html><body><p>今天 12:30 开会</p></body></html>",
        '<article><time datetime="2024-05-01T12:30">12:30</time><p>新闻</p></article>' * 3,
        "<p>小林 <time>12:30</time></p>",
    ],
)
def test_other_pages_are_not_taken(text: str) -> None:
    assert reader_name(text) is None


@given(st.lists(st.tuples(st.integers(0, 99_999), SAFE, st.sampled_from(["小林", "A & B"])), min_size=1, max_size=8))
def test_what_is_written_as_a_page_is_read_back_equal(rows: list[tuple[int, str, str]]) -> None:
    rows.sort(key=lambda row: row[0])
    stamps = [f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}" for seconds, _, _ in rows]
    text = "\n".join(
        f"<cite>{html.escape(name)}:</cite>\n<time>{stamp}</time>\n<p>{html.escape(said)}</p>"
        for stamp, (_, said, name) in zip(stamps, rows, strict=True)
    )
    assert [(start, said, name) for start, _, said, name in simple(text)] == [(float(s), t, n) for s, t, n in rows]


HEADS = {"page": "<cite>A</cite><time>0:00</time><p>", "voices": "WEBVTT\n\n00:01.000 --> 00:02.000\n"}
SLOW = {
    "comments that do not end": HEADS["page"] + "<!--" * 60_000,
    "tags that do not end": HEADS["page"] + "<a " * 80_000,
    "brackets": HEADS["page"] + "<" * 200_000,
    "declarations": HEADS["page"] + "<![" * 80_000 + "<!" * 80_000 + "<?" * 80_000,
    "closing tags in a script": HEADS["page"] + "<script>" + "</scrip" * 40_000,
    "entities that do not end": HEADS["page"] + "&amp" * 60_000,
    "voices that do not end": HEADS["voices"] + "<v " * 80_000,
    "many voices": HEADS["voices"] + "<v A>a<v B>b" * 20_000,
    "entities": HEADS["voices"] + "&amp;" * 60_000,
    "times": HEADS["voices"] + "<00:01.500>a" * 20_000,
    "time lines": "WEBVTT\n" + "00:01.000 --> 00:02.000\n1\n" * 15_000,
    "quotes in JSON": '{"text": "' + '\\"' * 32_000,
    "names in JSON": '{"segments": [' + '{"start": 1.5, "text": ' * 20_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_no_hostile_page_takes_for_ever(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text(SLOW[name], "utf-8")
    read_within(path, seconds=4)
