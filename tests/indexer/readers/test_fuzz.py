"""Every reader survives every accident: no exception, sensible times, text that can be stored."""

from __future__ import annotations

import json
import math
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.types import Transcript
from indexer.readers import READERS, find_reader, read_bytes
from indexer.readers.formats import paragraph_json, podcast_html, podcast_json, srt, webvtt, whisper_json, whisper_tsv
from indexer.readers.shared.source import Source

WHISPER = {
    "text": "我们说",
    "segments": [
        {"start": 0.5, "end": 2, "text": "我们说", "speaker": "A", "words": [{"word": "我们", "start": 0.5, "end": 1}]},
        {"start": "2", "end": None, "text": "电池", "words": [{"word": "电池"}], "tokens": [1, 2]},
    ],
    "language": "zh",
}
CPP = {
    "result": {"language": "zh"},
    "transcription": [
        {
            "timestamps": {"from": "00:00:00,000", "to": "00:00:01,000"},
            "offsets": {"from": 0, "to": 1000},
            "text": "好",
        },
        {"offsets": {"from": 1000, "to": 2000}, "text": "的", "tokens": [{"text": "的", "offsets": {"from": 1000}}]},
    ],
}
WORDS = {"segments": [{"speaker": "A", "startTime": n / 2, "endTime": n / 2 + 0.4, "body": "电池"} for n in range(5)]}
LATTICE = json.dumps({"st": {"bg": "50", "ed": "90", "rl": "1", "rt": [{"ws": [{"cw": [{"w": "好"}]}]}]}})
PARAGRAPHS = {
    "Paragraphs": [{"SpeakerId": 1, "Words": [{"Start": 5, "End": 900, "Text": "好"}, {"Start": 950, "Text": "的"}]}],
    "data": json.dumps([{"bg": "0", "ed": "4950", "onebest": "电池", "speaker": "0"}]),
    "lattice": [{"json_1best": LATTICE}],
    "sentence_info": [{"text": "好的", "start": 0, "end": 900, "timestamp": [[0, 300], [300, 900]], "spk": 0}],
}
UNAFRAID = [paragraph_json, podcast_html, podcast_json, srt, webvtt, whisper_json, whisper_tsv]
SOUND = [
    "WEBVTT\nLanguage: zh\n\n1\n00:01.000 --> 00:02.000 align:start\n<v A>山<00:01.500>高</v>\n<v B>水&amp;长\n\n"
    "NOTE x\n\n00:02.000 --> 00:02.010\n水&amp;长\n\n00:02.010 --> 00:04.000\n水&amp;长\n路远\n",
    "start\tend\ttext\n0\t2500\t山高\n2500\t4000\t水\t长\n",
    "<html lang=zh><!-- x --><cite>A:</cite><time>0:00</time><p>山高</p><span class=speaker>B</span>"
    "<span>1:02:03</span> <p>水长<br>路&lt;远</p></html>",
    *(json.dumps(document, ensure_ascii=False) for document in (WHISPER, CPP, WORDS, PARAGRAPHS)),
]
ODD = [
    "null",
    "NaN",
    "-1",
    "1e999",
    "9" * 5000,
    '"\\ud800"',
    "[]",
    "{}",
    '"\x00"',
    "true",
    "<",
    ">",
    "&#0;",
    "\t",
    "\n\n",
]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A sound document after some pieces of it were cut out, doubled, moved or replaced by odd ones."""
    text = draw(st.sampled_from(SOUND))
    for _ in range(draw(st.integers(1, 6))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, min(len(text), begin + 12)))
        piece = draw(st.sampled_from(["", text[begin:end] * 2, *ODD]))
        to = draw(st.sampled_from([begin, draw(st.integers(0, len(text)))]))
        text = text[:to] + piece + (text[end:] if to == begin else text[to:])
    return text


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["0:01", "5", "1.5s", "\ud800", "好", LATTICE]),
)
NAMES = st.from_regex(
    r"text|segments|start|end|words?|speaker|timestamp|offsets|from|to|transcription|tokens|startTime|body|bg|onebest"
    r"|Words|Start|rt|ws|cw|w|st|sentence_info",
    fullmatch=True,
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5))


def check(transcript: Transcript) -> None:
    assert transcript.cues or transcript.complaints
    for cue in transcript.cues:
        assert 0 <= cue.start <= cue.end < 1e9
        assert math.isfinite(cue.end)
        cue.text.encode()
        cue.speaker.encode()
        offsets, times = [offset for offset, _ in cue.marks], [time for _, time in cue.marks]
        assert offsets == sorted(set(offsets))
        assert all(0 <= offset < len(cue.text) and not cue.text[offset].isspace() for offset in offsets)
        assert [cue.start, *times, cue.end] == sorted([cue.start, *times, cue.end])
    assert all(complaint.line >= 0 and complaint.what and complaint.action for complaint in transcript.complaints)


@pytest.mark.parametrize("text", SOUND, ids=range(len(SOUND)))
def test_the_documents_to_be_damaged_are_sound(text: str) -> None:
    assert find_reader(text) is not None
    transcript = read_bytes("a", text.encode())
    check(transcript)
    assert len(transcript.cues) >= 1


@settings(max_examples=500)
@given(text=damaged())
def test_a_damaged_document_is_read_without_an_exception(text: str) -> None:
    check(read_bytes("a", text.encode("utf-8", "replace")))


@settings(max_examples=300)
@given(text=damaged(), module=st.sampled_from(UNAFRAID))
def test_readers_survive_the_documents_of_one_another(text: str, module: ModuleType) -> None:
    check_or_nothing(module.read(Source("a", text)))


@settings(max_examples=500)
@given(value=VALUES, name=st.sampled_from([reader.name for reader in READERS if ".json" in reader.suffixes]))
def test_json_of_any_shape_is_read_without_an_exception(value: object, name: str) -> None:
    reader = next(reader for reader in READERS if reader.name == name)
    check(reader.read(Source("a", json.dumps(value))))


def check_or_nothing(transcript: Transcript) -> None:
    """A reader that is given what it would not recognise may find nothing."""
    if transcript.cues:
        check(transcript)


@pytest.mark.parametrize("separator", ["\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u3000"])
def test_separators_beside_a_number_are_blanks(separator: str) -> None:
    """Patterns and `strip` take U+001C to U+001F for blanks, `int` and `float` do not."""
    cues = [f"{separator}{n}{separator}\n00:00:0{n},000 --> 00:00:0{n},900\n第{n}句" for n in (1, 2, 3, 4, 5)]
    without_times = cues[2].replace("00:00:03,000 --> 00:00:03,900\n", "")
    for text in ("\n\n".join(cues), "\n\n".join([*cues[:2], without_times, *cues[3:]])):
        for head in ("", "WEBVTT\n\n"):
            check(read_bytes("a", (head + text).encode()))
    for sound in SOUND:
        for mark in "0123456789":
            check(read_bytes("a", sound.replace(mark, f"{separator}{mark}{separator}").encode()))
            check(read_bytes("a", sound.replace(f"\n{mark}", f"\n{separator}{mark}").encode()))
