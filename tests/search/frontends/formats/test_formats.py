"""Every format of moments: complete, readable by what it is for, and safe whatever a title holds."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.front_ends.found import cue, episode, moment, nasty
from support.library import PATIENCE

from indexer.core.errors import PodseekProblem
from search.api import Moment
from search.frontends.formats.display import Page
from search.frontends.formats.formats import FORMATS, by_suffix, choices, writer
from search.results.records import MOMENT_COLUMNS

KINDS = ("moments", "counts", "ids", "cues", "episodes", "variants", "suspects")
RADIO = episode(audio="https://example.org/radio.mp3")
FIRST = moment(RADIO, cue(4, "RTL-SDR是一种便宜的软件", (13, 15)), cue(5, "无线电接收器", (0, 3)))
SECOND = moment(RADIO, cue(1, "今天聊收音机", (3, 6)), rank=2)
SILENT = moment(episode("bridge/sleep"), cue(0, "晚安"), rank=3)


def lines(form: str, *found: Moment, told: list[str] | None = None) -> list[str]:
    return list(writer("moments", form)(list(found), Page(tell=(told if told is not None else []).append)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_of_a_kind_has_a_function(kind: str) -> None:
    assert all(callable(writer(kind, name)) for name in choices(kind))


def test_moments_can_be_had_in_every_format() -> None:
    assert choices("moments") == [form.name for form in FORMATS]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.json", "json"),
        ("a.chapters.json", "chapters"),
        ("A.CSV", "csv"),
        ("a.m3u8", "m3u"),
        ("a.md", "markdown"),
        ("a.bib", "bibtex"),
        ("a.csl.json", "csl-json"),
        ("a.b.srt", "srt"),
        ("csv", None),
        ("a.mp3", None),
    ],
)
def test_a_file_has_the_format_of_its_suffix(name: str, form: str | None) -> None:
    fitting = by_suffix(Path(name))
    assert (fitting.name if fitting else None) == form


@pytest.mark.parametrize("form", ["text", "plain", "jsonl", "tsv", "csv", "markdown", "m3u", "edl"])
def test_the_first_moment_is_written_before_the_last_is_made(form: str) -> None:
    made: list[int] = []

    def moments() -> object:
        for rank in range(1, 4):
            made.append(rank)
            yield moment(RADIO, cue(rank, f"第{rank}个"), rank=rank)

    written = writer("moments", form)(moments(), Page())
    while not made:
        next(written)
    assert made == [1]


def test_json_is_one_array() -> None:
    assert [found["rank"] for found in json.loads("\n".join(lines("json", FIRST, SECOND)))] == [1, 2]
    assert json.loads("\n".join(lines("json"))) == []


def test_csv_ends_its_lines_as_rfc_4180_has_it_and_has_the_columns_of_tsv() -> None:
    written = lines("csv", FIRST)
    assert all(line.endswith("\r") for line in written)
    assert written[0] == ",".join(MOMENT_COLUMNS) + "\r"
    assert lines("tsv", FIRST)[0].split("\t") == list(MOMENT_COLUMNS)


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", " =1", "\t=1", "\r-a1", "\u200f=1"]
)
@pytest.mark.parametrize(("form", "between"), [("csv", ","), ("tsv", "\t")])
def test_no_cell_of_a_table_is_a_formula(text: str, form: str, between: str) -> None:
    table = "\n".join(lines(form, FIRST, moment(episode(title=text), cue(0, text))))
    (_, row) = csv.DictReader(io.StringIO(table), delimiter=between)
    assert row["title"].startswith("'")
    assert row["text"].startswith("'")
    assert row["rank"] == "1"


def test_a_number_below_zero_stays_a_number_in_csv() -> None:
    below = Moment(1, -0.5, RADIO, 0.0, 4.0, (), (cue(0, "茶"),))
    (row,) = csv.DictReader(io.StringIO("\n".join(lines("csv", below))))
    assert float(row["score"]) == -0.5


@given(title=nasty | st.text(), text=nasty | st.text())
def test_no_title_breaks_a_table(title: str, text: str) -> None:
    found = [moment(episode(title=title), cue(0, text)), FIRST]
    rows = list(csv.reader(io.StringIO("\n".join(lines("csv", *found)))))
    assert [len(row) for row in rows] == [len(MOMENT_COLUMNS)] * 3
    assert rows[2][3] == "两杯茶"
    assert [len(line.split("\t")) for line in lines("tsv", *found)] == [len(MOMENT_COLUMNS)] * 3
    assert len(lines("jsonl", *found)) == 2
    assert json.loads(lines("jsonl", *found)[0])["title"] == title


@given(title=nasty | st.text(), text=nasty | st.text())
@pytest.mark.parametrize("form", ["plain", "tsv", "csv", "markdown", "srt", "vtt", "m3u", "edl"])
def test_no_title_commands_a_terminal_or_begins_a_line(form: str, title: str, text: str) -> None:
    shown = moment(episode(title=title, show=title, audio="https://a.org/1.mp3"), cue(0, f"茶{text}"))
    calm = moment(episode(audio="https://a.org/1.mp3"), cue(0, "茶"))
    written = lines(form, shown)
    assert len(written) == len(lines(form, calm))
    assert not any(re.search(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\u202a-\u202e]", line) for line in written)


def test_markdown_has_a_heading_with_a_link_and_bold_matches() -> None:
    assert lines("markdown", FIRST, SILENT) == [
        "## [00:00:16 矿石收音机](<https://example.org/radio.mp3#t=16>)",
        "",
        "两杯茶 · 2025-01-15 · tea/radio",
        "",
        "> - 00:00:16 RTL-SDR是一种便宜的**软件**",
        "> - 00:00:20 **无线电**接收器",
        "",
        "## 00:00:00 矿石收音机",
        "",
        "两杯茶 · 2025-01-15 · bridge/sleep",
        "",
        "> - 00:00:00 晚安",
    ]


def test_markdown_in_a_text_is_text() -> None:
    hostile = moment(episode(title="[x](y) #", show="1. a"), cue(0, "*a* <b> C++语言", (8, 11)), start=0.0)
    written = lines("markdown", hostile)
    assert written[0] == r"## 00:00:00 \[x\](y) \#"
    assert written[2].startswith(r"1\. a")
    assert written[4] == r"> - 00:00:00 \*a\* \<b\> <b>C++</b>语言"


def test_m3u_has_times_for_vlc() -> None:
    assert lines("m3u", FIRST) == [
        "#EXTM3U",
        "#EXTINF:8,两杯茶 - 矿石收音机 00:00:16",
        "#EXTVLCOPT:start-time=16.000",
        "#EXTVLCOPT:stop-time=24.000",
        "https://example.org/radio.mp3",
    ]


def test_edl_counts_the_bytes_of_names() -> None:
    assert lines("edl", FIRST) == [
        "# mpv EDL v0",
        "%29%https://example.org/radio.mp3,16.000,8.000,title=%24%矿石收音机 00:00:16",
    ]


@pytest.mark.parametrize("form", ["m3u", "edl"])
def test_moments_without_audio_are_left_out_of_playlists_and_told_once_an_episode(form: str) -> None:
    told: list[str] = []
    broken = moment(episode("tea/line", audio="a\nb.mp3"), cue(0, "茶"))
    assert lines(form, FIRST, SILENT, SILENT, broken, told=told) == lines(form, FIRST)
    assert told == [
        "bridge/sleep: no audio is known: left out",
        "tea/line: its audio has a name that no playlist can hold: left out",
    ]


def test_chapters_are_those_of_one_episode_in_the_order_of_time() -> None:
    made = json.loads("\n".join(lines("chapters", FIRST, SECOND)))
    assert (made["version"], made["title"], made["podcastName"]) == ("1.2.0", "矿石收音机", "两杯茶")
    assert made["chapters"] == [
        {"startTime": 4.0, "endTime": 8.0, "title": "今天聊收音机", "url": "https://example.org/radio.mp3#t=4"},
        {
            "startTime": 16.0,
            "endTime": 24.0,
            "title": "RTL-SDR是一种便宜的软件无线电接收器",
            "url": "https://example.org/radio.mp3#t=16",
        },
    ]


def test_chapters_of_several_episodes_are_refused_with_a_cure() -> None:
    with pytest.raises(PodseekProblem, match=r"moments of 2 \(.*\): choose one with title: or --title"):
        lines("chapters", FIRST, SILENT)


@pytest.mark.needs("mpv", "ffmpeg")
def test_mpv_plays_an_edit_list_with_its_subtitles(tmp_path: Path) -> None:
    """Of files with names that need quoting."""
    folder = tmp_path / "a,b;c %5%"
    folder.mkdir()
    audio = folder / "矿石,'收音机'.mp3"
    tone = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=40", str(audio)]
    subprocess.run(tone, check=True)
    of = episode(audio=str(audio), title="水,开;了=%")
    found = [moment(of, cue(5, "一"), cue(6, "二"), start=21.5), moment(of, cue(1, "三"), rank=2)]
    (tmp_path / "hits.edl").write_text("\n".join([*lines("edl", *found), ""]), "utf-8")
    show = "--term-playing-msg=${=duration} ${chapters} ${chapter-list/0/title}"
    quiet = [
        "--no-config",
        "--no-video",
        "--ao=null",
        "--untimed",
        "--length=0.5",
        "--term-status-msg=",
    ]
    ran = subprocess.run(
        ["mpv", *quiet, show, str(tmp_path / "hits.edl")], capture_output=True, text=True, timeout=PATIENCE
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "10.500000 2 水,开;了=% 00:00:21" in ran.stdout
