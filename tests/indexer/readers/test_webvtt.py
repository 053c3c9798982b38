"""WebVTT: what is no cue is skipped, voices are speakers, times of words are marks, rolling captions are said once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Cue, Transcript
from indexer.readers import find_reader, read_bytes

FIRST, SECOND = "00:00:01.000 --> 00:00:02.500", "00:00:03.000 --> 00:00:04.000"
PLAIN = f"WEBVTT\n\n{FIRST}\n山高\n\n{SECOND}\n水长\n"


def read(text: str) -> Transcript:
    return read_bytes("a.vtt", text.encode())


def simple(text: str) -> list[tuple[float, float, str, str]]:
    return [(cue.start, cue.end, cue.text, cue.speaker) for cue in read(text).cues]


def complaints(text: str) -> list[str]:
    return [f"{c.line}: {c.what}: {c.action}" for c in read(text).complaints]


SAME = {
    "as it should be": PLAIN,
    "no hours": PLAIN.replace("00:00:", "00:"),
    "one-digit hour": PLAIN.replace("00:00:", "0:00:"),
    "comma before the fraction": PLAIN.replace(".", ","),
    "mark, CRLF": "\ufeff" + PLAIN.replace("\n", "\r\n"),
    "lone CR": PLAIN.replace("\n", "\r"),
    "doubled CR": PLAIN.replace("\n", "\r\r\n"),
    "empty lines first": "\n\n" + PLAIN,
    "text after WEBVTT": PLAIN.replace("WEBVTT", "WEBVTT - 一个标题"),
    "header lines": PLAIN.replace("WEBVTT", "WEBVTT\nKind: captions\nLanguage: zh"),
    "no empty line after the header": PLAIN.replace("\n\n", "\n", 1),
    "no empty line at all": PLAIN.replace("\n\n", "\n"),
    "no empty line, numbers": f"WEBVTT\n1\n{FIRST}\n山高\n2\n{SECOND}\n水长\n",
    "names of cues": f"WEBVTT\n\n开头\n{FIRST}\n山高\n\n7f3a-2\n{SECOND}\n水长\n",
    "settings": PLAIN.replace("2.500", "2.500 align:start position:10%,line-left line:-1 vertical:rl"),
    "comments": PLAIN.replace("水长\n", "水长\n\nNOTE 两\n行\n\nNOTE\n").replace("WEBVTT\n", "WEBVTT\n\nNOTE 一\n"),
    "styles and regions": PLAIN.replace("WEBVTT\n", "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n"),
    "two documents in one": PLAIN.replace("山高\n", "山高\n\nWEBVTT\nKind: captions\n"),
    "known tags": PLAIN.replace("山高", "<c.red.big>山</c><i>高</i>").replace("水长", "<lang zh>水长</lang>"),
}


@pytest.mark.parametrize("name", SAME)
def test_every_way_to_write_it_reads_the_same_and_without_complaint(name: str) -> None:
    assert simple(SAME[name]) == [(1, 2.5, "山高", ""), (3, 4, "水长", "")]
    assert complaints(SAME[name]) == []


def test_every_cue_knows_the_line_of_its_times() -> None:
    for text in SAME.values():
        lines = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert all("-->" in lines[cue.line - 1] for cue in read(text).cues)


@pytest.mark.parametrize("line", ["Language: zh-Hans", "NOTE language:zh-Hans"])
def test_the_language_is_a_fact(line: str) -> None:
    assert read(PLAIN.replace("WEBVTT\n", f"WEBVTT\n\n{line}\n" if "NOTE" in line else f"WEBVTT\n{line}\n")).facts == {
        "language": "zh-Hans"
    }


def test_a_number_is_text_where_cues_have_none() -> None:
    assert simple(f"WEBVTT\n\n{FIRST}\n答案是\n42\n\n{SECOND}\n7\n")[0][2] == "答案是\n42"
    assert simple(f"WEBVTT\n\n{FIRST}\n42\n\n{SECOND}\n7\n") == [(1, 2.5, "42", ""), (3, 4, "7", "")]


def test_text_after_an_empty_line_belongs_to_the_cue_above() -> None:
    assert simple(f"WEBVTT\n\n{FIRST}\n山高\n\n路远\n\n{SECOND}\n水长\n")[0][2] == "山高\n路远"


def test_entities_are_characters_and_what_only_looks_like_a_tag_is_text() -> None:
    (cue,) = read(f"WEBVTT\n\n{FIRST}\n&lt;i&gt;a&amp;b&lrm;&nbsp;&#x4E2D; &nothing; <E0> AT&T\n").cues
    assert cue.text == "<i>a&b 中 &nothing; <E0> AT&T"


def test_times_that_cannot_be_are_mended_with_the_complaints_of_srt() -> None:
    text = f"WEBVTT\n\n00:02.000 --> 00:01.000\n山高\n\n00:00:xx.000 --> 00:00:03.000\n路远\n\n{SECOND}\n\n"
    assert complaints(text) == [
        "6: times cannot be read: '00:00:xx.000 --> 00:00:03.000': cue kept, start taken from its neighbours",
        "3: start 00:02.000 is after end 00:01.000: cue kept, end moved to its start",
        "9: no text: cue kept, empty",
    ]
    assert [cue.text for cue in read(text).cues] == ["山高", "路远", ""]


def test_times_of_a_stream_are_kept_and_told() -> None:
    text = PLAIN.replace("WEBVTT\n", "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n")
    assert simple(text)[0][0] == 1
    assert [line[:2] for line in complaints(text)] == ["2:"]


def test_a_voice_is_the_speaker() -> None:
    text = f"WEBVTT\n\n{FIRST}\n<v 小林>山高</v>\n\n{SECOND}\n<v.loud A &amp; B>水长\n又长\n"
    assert simple(text) == [(1, 2.5, "山高", "小林"), (3, 4, "水长\n又长", "A & B")]


def test_lines_of_one_voice_are_one_cue() -> None:
    assert simple(f"WEBVTT\n\n{FIRST}\n<v 小林>山高</v>\n<v 小林>水长</v>\n") == [(1, 2.5, "山高\n水长", "小林")]


def test_voices_share_the_time_of_their_cue_by_length() -> None:
    text = "WEBVTT\n\n00:10.000 --> 00:20.000\n<v 小林>山高</v>\n<v 阿明>水长路远山高水长</v>\n那么\n"
    assert simple(text) == [
        (10, 11.667, "山高", "小林"),
        (11.667, 18.333, "水长路远山高水长", "阿明"),
        (18.333, 20, "那么", ""),
    ]


def test_a_voice_whose_first_word_is_timed_begins_there() -> None:
    text = "WEBVTT\n\n00:10.000 --> 00:20.000\n<v 小林>山高</v> <00:18.000><v 阿明>水<00:19.000>长</v>\n"
    first, second = read(text).cues
    assert (first.end, second.start, second.marks) == (18, 18, ((0, 18), (1, 19)))


def test_times_within_a_cue_are_marks_at_the_words_that_follow() -> None:
    (cue,) = read(f"WEBVTT\n\n{FIRST}\n山 <00:00:01.500> <c>&lt;高</c><00:02.000>\n  水<00:02.100>长\n").cues
    assert cue.text == "山  <高\n水长"
    assert [(cue.text[at:], time) for at, time in cue.marks] == [("<高\n水长", 1.5), ("水长", 2.0), ("长", 2.1)]


def test_marks_that_go_back_or_out_of_the_cue_are_left_out() -> None:
    (cue,) = read(f"WEBVTT\n\n{FIRST}\n<00:00.500>山<00:02.000>高<00:01.500>水<00:09.000>长<00:02.200>\n").cues
    assert cue.marks == ((1, 2.0),)


ROLLING = """WEBVTT
Kind: captions
Language: zh

00:00:00.120 --> 00:00:02.310 align:start position:0%
_
今天<00:00:00.320><c>我们</c><00:00:00.640><c> 来说</c>

00:00:02.310 --> 00:00:02.320 align:start position:0%
今天我们 来说
_

00:00:02.320 --> 00:00:04.590 align:start position:0%
今天我们 来说
电池<00:00:02.560><c>吧</c>

00:00:04.590 --> 00:00:04.600 align:start position:0%
电池吧
_

00:00:04.600 --> 00:00:06.000 align:start position:0%
电池吧
电池<00:00:05.000><c>吧</c>

00:00:06.000 --> 00:00:06.010 align:start position:0%
电池吧
_
""".replace("_", " ")  # a line of nothing but a space


def test_rolling_captions_are_said_once_at_the_time_they_are_new() -> None:
    transcript = read(ROLLING)
    assert transcript.cues == (
        Cue(0.12, 2.31, "今天我们 来说", line=5, marks=((2, 0.32), (5, 0.64))),
        Cue(2.32, 4.59, "电池吧", line=13, marks=((2, 2.56),)),
        Cue(4.6, 6.0, "电池吧", line=21, marks=((2, 5.0),)),
    )
    assert [complaint.what for complaint in transcript.complaints] == [
        "captions roll: 5 lines are shown again by the cue below"
    ]


def test_captions_of_three_lines_roll_as_well() -> None:
    shown = ["山高", "山高\n水长", "山高\n水长\n路远", "水长\n路远\n天晴", "路远\n天晴\n风起"]
    text = "".join(f"\n00:0{n}.000 --> 00:0{n + 1}.000\n{lines}\n" for n, lines in enumerate(shown))
    assert [line[2] for line in simple("WEBVTT\n" + text)] == ["山高", "水长", "路远", "天晴", "风起"]


def test_people_who_say_things_twice_do_not_roll() -> None:
    text = "".join(
        f"\n00:0{n}.000 --> 00:0{n + 1}.000\n{said}\n" for n, said in enumerate(["对", "对", "对\n好", "好"])
    )
    assert [line[2] for line in simple("WEBVTT\n" + text)] == ["对", "对", "对\n好", "好"]


@pytest.mark.parametrize("text", ["WEBVTT", "\ufeffWEBVTT\n", "\nWEBVTT\t标题\n"])
def test_the_first_word_tells_webvtt_from_srt(text: str) -> None:
    reader = find_reader(f"{text}\n\n{FIRST}\n好\n")
    assert reader is not None
    assert reader.name == "WebVTT"
    other = find_reader(f"{text.replace('WEBVTT', 'WEBVTTX')}\n\n{FIRST}\n好\n")
    assert other is not None
    assert other.name == "SubRip"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=10)
NAMES = st.text("小林阿明AB& <", min_size=1, max_size=6).map(str.strip).filter(bool).map(lambda name: name + "说")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@st.composite
def cues(draw: st.DrawFn) -> list[Cue]:
    found, at = [], 0
    for _ in range(draw(st.integers(1, 8))):
        at += draw(st.integers(0, 4_000_000))
        end = at + draw(st.integers(1, 9_000))
        words = [word for word in draw(st.lists(TEXTS.map(lambda text: "".join(text.split())), max_size=4)) if word]
        offsets = [sum(len(word) for word in words[:n]) for n in range(len(words))]
        times = sorted(draw(st.integers(at, end)) / 1000 for _ in words)
        speaker = " ".join(draw(st.just("") | NAMES).split()) if words else ""
        marks = tuple(zip(offsets, times, strict=True))
        found.append(Cue(at / 1000, end / 1000, "".join(words), speaker, marks=marks))
    return found


def stamp(seconds: float) -> str:
    minutes, thousandths = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{thousandths // 1000:02}.{thousandths % 1000:03}"


def written(cue: Cue) -> str:
    pieces, at = [], 0
    for offset, time in cue.marks:
        pieces += [escaped(cue.text[at:offset]), f"<{stamp(time)}>"]
        at = offset
    text = "".join([*pieces, escaped(cue.text[at:])])
    return f"{stamp(cue.start)} --> {stamp(cue.end)}\n" + (
        f"<v {escaped(cue.speaker)}>{text}</v>" if cue.speaker else text
    )


@given(found=cues(), eol=st.sampled_from(["\n", "\r\n", "\r"]), names=st.sampled_from(["", "{}\n", "cue-{}\n"]))
def test_what_is_written_as_webvtt_is_read_back_equal(found: list[Cue], eol: str, names: str) -> None:
    blocks = [names.format(number) + written(cue) for number, cue in enumerate(found, 1)]
    transcript = read_bytes("a.vtt", "\n\n".join(["WEBVTT", *blocks]).replace("\n", eol).encode())
    assert [(cue.start, cue.end, cue.text, cue.speaker, cue.marks) for cue in transcript.cues] == [
        (cue.start, cue.end, cue.text, cue.speaker, cue.marks) for cue in found
    ]


def test_a_file_without_cues_says_so() -> None:
    assert complaints("WEBVTT\n\nNOTE 没有字幕\n") == ["1: no line with two times and an arrow: no cues to index"]


NUMBERED = "WEBVTT\n\n" + "".join(
    f"{n}\n00:0{n}.000 --> 00:0{n}.900 align:start position:0%\n第{n}句话\n\n" for n in range(1, 6)
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("第2句话\n\n3\n", "第2句话\n3\n"),
        ("第2句话\n\n3\n", "第2句话\x85\n3\n"),
        ("\n3\n", "\n3\n3\n"),
        ("00:03.900 align:start position:0%", "00:03.900 aliｇn:start position:0%"),
        ("00:03.900 align:start position:0%", "00:03.900 alignstart position:0%"),
        ("00:03.900 align:start position:0%", "00:03.900 align:start po山sition:0%"),
    ],
)
def test_a_lost_line_end_or_a_damaged_setting_leaves_nothing_in_the_text(before: str, after: str) -> None:
    assert before in NUMBERED
    texts = [cue.text.strip() for cue in read_bytes("a.vtt", NUMBERED.replace(before, after, 1).encode()).cues]
    assert texts == [f"第{n}句话" for n in range(1, 6)]


def test_a_number_that_somebody_says_stays() -> None:
    text = NUMBERED.replace("第3句话", "3").replace("第4句话", "4")
    assert [cue.text for cue in read_bytes("a.vtt", text.encode()).cues][2:4] == ["3", "4"]
