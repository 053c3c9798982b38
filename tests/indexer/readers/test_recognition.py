"""Which files a walk takes, which reader reads them, and that no reader is broken or kept busy by odd ones."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.damage.accidents import broken_bytes, broken_lines
from support.library import read_within

from indexer.readers import READERS, find_reader, is_candidate, read_bytes
from indexer.readers.shared.source import HEAD

SOUND = {
    "lrc": "[ti:山]\n[offset:9]\n[00:01.0]<00:01.00>山<00:01.50>高\n[00:03.25][00:09.00]水长\n[00:05.0]\n[00:07.0]好\n",
    "ass": "[Script Info]\nTitle: 山水\n[Events]\nFormat: Layer, Start, End, Style, Name, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,x,林晚,{\\an8}山,高\\N水长\nComment: 0,0:00:01.00,0:00:02.00,x,,没有\n"
    "Dialogue: 1,0:00:03.00,0:00:04.50,x,,{\\p1}m 0 0{\\p0}好\n",
    "sbv": "0:00:01.000,0:00:03.000\n山高\n水长\n\n0:00:03.000,0:00:04.500\n说话人1：好\n",
    "txt": "林晚 00:00\n大家好，今天我们来聊一聊。\n\n周恒 00:05\n好的，我先说 [00:07] 几句。\n\n"
    "林晚 00:09\n没错没错。\n\n周恒 00:12\n嗯。\n",
    "md": "---\ntitle: 山水\ndate: 2025-06-08\n---\n# 山水\n\n"
    + "".join(f"- [00:00:{second:02}] **林晚**：山高水长\n" for second in range(0, 12, 2)),
    "csv": 'from,to,speaker,text\n0:00:01,0:00:02,林晚,"山,高\n水长"\n,,,好\n3.5,NA,周恒,"他说 ""好"""\n'
    "0:00:05,0:00:06,林晚,再见\n",
}
NAMES = {
    "lrc": "LRC",
    "ass": "SubStation",
    "sbv": "SubViewer",
    "txt": "stamped text",
    "md": "stamped text",
    "csv": "table",
}
ODD = [
    "",
    "\u200b",
    "[",
    "]",
    "{",
    '"',
    ",",
    "：",
    "99:99",
    "[99:99.99]",
    "-00:01",
    "\ufffd",
    "1e99",
    "a" * 50,
    "\t",
    "NaN",
]


def test_every_sound_text_is_recognised_by_its_reader() -> None:
    for kind, text in SOUND.items():
        reader = find_reader(text)
        assert reader is not None
        assert reader.name == NAMES[kind]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A sound text after a few accidents to its lines, its characters and its bytes."""
    lines = draw(broken_lines(draw(st.sampled_from(sorted(SOUND.values()))), most=8, odd=ODD))
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
    return draw(broken_bytes(text.encode(encoding, "replace"), most=2))


@settings(max_examples=500)
@given(broken())
def test_a_broken_file_is_read_without_an_exception(data: bytes) -> None:
    transcript = read_bytes("a.txt", data)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for cue in transcript.cues:
        assert 0 <= cue.start <= cue.end < math.inf
        assert 0 <= cue.line <= lines
        assert all(0 <= at < max(1, len(cue.text)) for at, _ in cue.marks)
        (cue.text + cue.speaker).encode()
    assert all(0 <= one.line <= lines and one.what and one.action for one in transcript.complaints)
    assert transcript.cues or transcript.complaints


@settings(max_examples=300)
@given(st.text(st.sampled_from("0123456789:.,[](){}<>-> \n\t\"'\\pN林晚：ab#*"), max_size=200))
def test_no_text_at_all_breaks_a_reader(text: str) -> None:
    for reader in READERS:
        assert reader.recognises(text) in (True, False)
        assert reader.tolerates(text) in (True, False)
    read_bytes("a.txt", text.encode())


HOSTILE = {
    "stamps on one line": "[00:01.00]" * 20_000 + "山\n",
    "lines of one time": "[ti:x]\n" + "[00:01.00]山\n" * 20_000,
    "lines without a time": "[00:01.00]山\n[00:02.00]高\n" + "水\n" * 40_000,
    "word stamps": "[00:01.00]" + "<00:01.00>山" * 20_000,
    "a tag of brackets": "[ti:" + "] " * 40_000 + "\n[00:01.00]山\n",
    "spaces": "[00:01] " + " " * 100_000 + "山\n00:02" + " " * 100_000 + "x\n00:03",
    "overrides": "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,," + "{" * 80_000 + "}" * 10 + "\\p" * 40_000,
    "commas": "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00" + "," * 100_000,
    "quotes": "from,to,text\n0:01,0:02," + '"' * 100_001,
    "open quotes": "from,to,text\n" + '0:01,0:02,"山\n' * 10_000,
    "columns": "from,to,text," + "," * 100_000 + "\n1,2,山\n",
    "stamps in text": "[00:00] 山" + " [00:01] 水" * 20_000,
    "brackets and colons": "[00:00] 山高水长\n" + "[" * 40_000 + "：" * 40_000,
    "names": "".join(f"林晚{n} 00:{n % 60:02}\n山高水长\n" for n in range(10_000)),
    "labels": "[00:01.00]" + "说话人1：\n" * 20_000,
    "digits": "1" * 80_000 + ":" + "1" * 80_000,
    "dashes": "-" * 100_000 + "\n" + "- " * 50_000 + "00:01",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_for_ever(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HOSTILE[name], "utf-8")
    read_within(path, seconds=3)


@pytest.mark.parametrize(
    ("name", "kind", "taken"),
    [
        ("a.lrc", None, True),
        ("a.ass", None, True),
        ("a.SSA", None, True),
        ("a.sbv", None, True),
        ("a.vtt", None, True),
        ("a.txt", "txt", True),
        ("a.txt", "lrc", True),
        ("a.txt", "ass", True),
        ("a.md", "md", True),
        ("a.csv", "csv", True),
        ("a.tsv", "csv", True),
        ("a.md", "ass", False),
        ("a.html", "txt", False),
        ("a.json", "txt", False),
        ("a.log", "txt", False),
        ("README.md", "md", False),
        ("README.zh-CN.md", "md", False),
        ("CHANGELOG.md", "md", False),
        ("changelog.txt", "txt", False),
        ("lexicon.txt", "txt", False),
        ("podcast.toml", "txt", False),
        ("package.json", None, False),
        ("a.txt", None, False),
        ("a.md", None, False),
        ("a.csv", None, False),
    ],
)
def test_a_walk_takes_what_is_sure_by_name_or_recognised_by_its_text(
    tmp_path: Path, name: str, kind: str | None, taken: bool
) -> None:
    path = tmp_path / name
    path.write_text(SOUND[kind] if kind else "今天没有字幕，只有一句话。", "utf-8")
    assert is_candidate(path) == taken


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "big5"])
def test_the_head_of_a_long_file_is_enough(tmp_path: Path, encoding: str) -> None:
    lines = [f"[{n // 3600}:{n // 60 % 60:02}:{n % 60:02}] 今天我們來說這個的時候\n" for n in range(0, 9000, 2)]
    path = tmp_path / "a.txt"
    path.write_bytes("".join(lines).encode(encoding))
    assert path.stat().st_size > HEAD
    assert is_candidate(path)
    assert len(read_bytes("a.txt", path.read_bytes()).cues) == len(lines)


@pytest.mark.parametrize("kind", SOUND)
def test_a_sure_name_does_not_decide_what_a_file_is(kind: str) -> None:
    assert [cue.text for cue in read_bytes("a.srt", SOUND[kind].encode()).cues] == [
        cue.text for cue in read_bytes(f"a.{kind}", SOUND[kind].encode()).cues
    ]


def test_a_file_that_is_no_transcript_is_refused_with_the_formats_that_are() -> None:
    (complaint,) = read_bytes("notes.txt", "今天没有字幕".encode()).complaints
    assert complaint.fatal
    assert all(reader.name in str(complaint) for reader in READERS)


def test_a_file_of_a_sure_name_without_cues_says_what_is_missing() -> None:
    for name, what in (("a.srt", "no line with two times and an arrow"), ("a.lrc", "no line with a time")):
        (complaint,) = read_bytes(name, "今天没有字幕".encode()).complaints
        assert (complaint.what, complaint.action, complaint.fatal) == (what, "no cues to index", False)


@pytest.mark.parametrize("name", ["talk.mp3", "/shows/talk.MP4", "talk.wav"])
def test_audio_is_told_how_it_gets_a_transcript(name: str) -> None:
    (complaint,) = read_bytes(name, b"ID3\x03" + bytes(2000)).complaints
    assert complaint.fatal
    told = "audio, not a transcript: not read; `podseek add FOLDER`, then `podseek queue --run` transcribes it"
    assert str(complaint) == f"{name}: {told}"
