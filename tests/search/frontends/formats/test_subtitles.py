"""Moments as subtitles: the same cues when read again, each once, and times a player can use."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.front_ends.found import cue, episode, moment, nasty

from indexer.core.types import Cue
from indexer.readers import read_bytes
from search.api import CueLine
from search.frontends.formats.display import Page, clean
from search.frontends.formats.subtitles import heard, srt, vtt

ONE = moment(episode(), cue(1, "今天聊收音机", (3, 6)), cue(2, "矿石收音机不用电池"))
LATER = moment(episode(), cue(7, "飞机的1090MHz信号"), cue(8, "电池呢"), rank=2)
OTHER = moment(episode("tea/kettle"), cue(0, "两杯茶"), cue(1, "烧一壶"), rank=3, start=2.0)


def read_srt(lines: list[str]) -> tuple[Cue, ...]:
    transcript = read_bytes("found.srt", "\n".join([*lines, ""]).encode())
    assert transcript.complaints == ()
    return transcript.cues


def test_the_cues_of_one_episode_keep_their_times_in_the_order_of_time() -> None:
    told: list[str] = []
    read = read_srt(list(srt([LATER, ONE], Page(tell=told.append))))
    assert [(one.start, one.end, one.text) for one in read] == [
        (4.0, 8.0, "今天聊收音机"),
        (8.0, 12.0, "矿石收音机不用电池"),
        (28.0, 32.0, "飞机的1090MHz信号"),
        (32.0, 36.0, "电池呢"),
    ]
    assert told == []


def test_a_cue_in_two_moments_is_shown_once() -> None:
    assert len(read_srt(list(srt([ONE, ONE], Page())))) == 2


def test_moments_of_several_episodes_follow_one_another_from_where_each_is_played() -> None:
    told: list[str] = []
    read = read_srt(list(srt([LATER, OTHER, ONE], Page(tell=told.append))))
    assert [(one.start, one.end, one.text) for one in read] == [
        (0.0, 4.0, "飞机的1090MHz信号"),
        (4.0, 8.0, "电池呢"),
        (8.0, 10.0, "两杯茶"),
        (10.0, 14.0, "烧一壶"),
        (14.0, 18.0, "今天聊收音机"),
        (18.0, 22.0, "矿石收音机不用电池"),
    ]
    assert told == ["These are moments of 2 episodes: the times run on from one moment to the next"]


def test_only_what_is_heard_in_a_stretch_is_shown() -> None:
    cues = [cue(0, "前"), cue(1, "一"), cue(2, "二"), cue(3, "后")]
    shown = [(one.start, one.end, one.text) for one in heard(cues, 6.0, 10.0, at=100.0)]
    assert shown == [(100.0, 102.0, "一"), (102.0, 104.0, "二")]


def test_webvtt_has_notes_and_voices() -> None:
    lines = list(vtt([moment(episode(title="A --> B"), cue(0, "茶 & <水>", speaker="小>禾"))], Page()))
    assert lines == [
        "WEBVTT",
        "",
        "NOTE made by podseek",
        "",
        "NOTE A ⇒ B",
        "",
        "00:00:00.000 --> 00:00:04.000",
        "<v 小&gt;禾>茶 &amp; &lt;水&gt;",
        "",
    ]


@given(texts=st.lists(nasty | st.text(), min_size=1, max_size=6), title=nasty)
def test_no_text_breaks_a_subtitle_file(texts: list[str], title: str) -> None:
    cues = [cue(number, text) for number, text in enumerate(texts)]
    spoken = [one for one in cues if clean(one.text).strip()]
    lines = list(srt([moment(episode(title=title), *cues)], Page()))
    assert len(lines) == 4 * len(spoken)
    times = [line for line in lines if re.search(r"\d+ *--> *\d", line)]
    assert len(times) == len(spoken)
    written = list(vtt([moment(episode(title=title), *cues)], Page()))
    assert sum("-->" in line for line in written) == len(spoken)
    assert not any(re.search(r"[\x00-\x1f\x7f]", line) for line in (*lines, *written))


WORDS = ("网络", "收音机", "5", "GPU", "哈哈，", "<E0>", "a -> b", "1 → 2", "3:05 -> 3:07", "😀", "“好”", "=1+1")


@given(texts=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join), min_size=1, max_size=8))
def test_subtitles_read_again_give_the_same_cues(texts: list[str]) -> None:
    cues = [cue(number, text, step=3.217) for number, text in enumerate(texts)]
    read = read_srt(list(srt([moment(episode(), *cues)], Page())))
    assert [plain(one.text) for one in read] == [plain(one.text) for one in cues]
    assert [(one.start, one.end) for one in read] == [(round(c.start, 3), round(c.end, 3)) for c in cues]


def plain(text: str) -> str:
    """The arrows that are written otherwise, so that no line looks like a time line."""
    return re.sub("[>＞→]", "⇒", text)


@pytest.mark.needs("ffprobe")
@pytest.mark.parametrize(("name", "write"), [("a.srt", srt), ("a.vtt", vtt)])
def test_ffmpeg_reads_the_same_cues(tmp_path: Path, name: str, write: object) -> None:
    cues: list[CueLine] = [cue(0, "第一 --> 二"), cue(1, "a < b & c"), cue(2, "5"), cue(3, "说\n完")]
    file = tmp_path / name
    file.write_text("\n".join(write([moment(episode(title="NOTE\n-->"), *cues)], Page())), "utf-8")  # type: ignore[operator]
    probe = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "json", str(file)]
    packets = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["packets"]
    assert [float(packet["pts_time"]) for packet in packets] == [0.0, 4.0, 8.0, 12.0]
