"""Nothing is silent: what is damaged in one spot is kept, or told with its place."""

from __future__ import annotations

import random

import pytest
from support.damage.damages import campaign, lost, unharmed
from support.transcripts.written_formats import FORMATS, sound

from indexer.readers import find_reader, read_bytes

SILENT = frozenset({"vanished", "another vanished", "merged"})
"""What must not happen without a complaint."""


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_sound_files_are_read_without_a_complaint(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(5):
        whole = sound(random.Random(seed), make)
        file = unharmed(whole)
        assert find_reader(file.text) is not None
        assert lost(file) == ""
        assert read_bytes("a", file.text.encode()).complaints == ()


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
def test_nothing_vanishes_silently(make) -> None:  # type: ignore[no-untyped-def]
    silent = [(what, file.before, file.after) for what, file in campaign(100, 15, [make]) if what in SILENT]
    assert silent == []


SAID = ["山高水长路远，说得对", "今天我们聊聊电池啊好", "再见各位听众朋友们"]


def read(name: str, text: str) -> tuple[list[tuple[float, float, str]], list[str]]:
    transcript = read_bytes(name, text.encode())
    return [(cue.start, cue.end, cue.text) for cue in transcript.cues], [str(one) for one in transcript.complaints]


@pytest.mark.parametrize("at", [2, 3, 4])
def test_an_open_quote_of_a_table_takes_its_own_line_only(at: int) -> None:
    rows = ["start,end,text", *(f"{number * 3},{number * 3 + 3},{said}" for number, said in enumerate(SAID))]
    rows[at - 1] = ',"'.join(rows[at - 1].rsplit(",", 1))
    cues, complaints = read("a.csv", "\n".join(rows) + "\n")
    assert cues == [(number * 3.0, number * 3.0 + 3, said) for number, said in enumerate(SAID)]
    assert complaints == [f"a.csv:{at}: a quote is never closed: lines read one by one"]


def test_a_cell_of_several_lines_is_whole() -> None:
    cues, complaints = read("a.csv", f'start,end,text\n0,3,"{SAID[0]}\n1 2 3"\n3,6,{SAID[1]}\n')
    assert ([text for _, _, text in cues], complaints) == ([SAID[0] + "\n1 2 3", SAID[1]], [])


def test_cells_beyond_the_header_are_text() -> None:
    cues, complaints = read("a.csv", f"start,end,text\n0,3,{SAID[0]},好\n3,6,{SAID[1]}\n6,9,{SAID[2]}\n")
    assert cues[0] == (0, 3, SAID[0] + ",好")
    assert complaints == ["a.csv:2: 4 cells, not 3: those beyond added to the text"]


@pytest.mark.parametrize("start", ['"x"', "NaN", "Infinity", "-Infinity", "[1]"])
@pytest.mark.parametrize("damaged", [1, 2, 3])
def test_a_start_that_is_no_time_is_told(start: str, damaged: int) -> None:
    starts = [start if number == damaged else str(number * 3) for number in (1, 2, 3)]
    segments = [f'{{"start": {time}, "end": {n * 3}, "text": "{SAID[n - 4]}"}}' for n, time in enumerate(starts, 4)]
    cues, complaints = read("a.json", f'{{"segments": [{",".join(segments)}]}}')
    assert [text for _, _, text in cues] == SAID
    assert any(one.startswith(f"a.json: segment {damaged}: no start: cue kept") for one in complaints)


def test_a_misspelt_kind_of_line_is_read_and_a_loose_line_kept() -> None:
    events = ["Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,山", "Dialgue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,水"]
    quiet = ["Comment: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,注", "; x", "", "散", "[Fonts]", "fontname: abc"]
    cues, complaints = read("a.ass", "\n".join(["[Events]", *events, *quiet]) + "\n")
    assert cues == [(1, 2, "山"), (3, 4, "水\n散")]
    assert complaints == [
        "a.ass:3: no such kind of line: 'Dialgue: 0,0:00:03.0': read as a Dialogue line",
        "a.ass:7: a line of no known kind: added to the cue above",
    ]


SECONDS = (1, 4, 18, 22, 25, 26, 27, 28)


def clocks(form: str, odd: str) -> list[str]:
    """The start of each cue in a form, the third replaced by an odd one."""
    regular = [form.format(second) for second in SECONDS]
    return [*regular[:2], odd, *regular[3:]]


MISPLACED = {
    "a.srt": ("{time} --> 00:00:30,000\n{said}\n\n", "00:00:{:02},000", "00:00:1,8000"),
    "a.vtt": ("WEBVTT\n\n{time} --> 00:30.000\n{said}\n\n", "00:{:02}.000", "00:1.8000"),
    "a.sbv": ("{time},0:00:30.000\n{said}\n\n", "0:00:{:02}.000", "0:00:1.8000"),
    "a.ass": ("Dialogue: 0,{time},0:00:30.00,D,,0,0,0,,{said}\n", "0:00:{:02}.00", "0:00:1.800"),
    "a.html": ("<cite>林</cite><time>{time}</time>\n<p>{said}</p>\n", "0:{:02}", "01:8"),
    "a.csv": ("{time},0:00:30,{said}\n", "0:00:{:02}", "0:00.18"),
}
HEADS = {"a.vtt": "WEBVTT\n\n", "a.ass": "[Script Info]\n[Events]\n", "a.csv": "start,end,text\n"}


@pytest.mark.parametrize("name", MISPLACED)
def test_a_misplaced_separator_is_mended_and_told(name: str) -> None:
    cue, form, odd = MISPLACED[name]
    cue = cue.removeprefix(HEADS.get(name, ""))
    said = [f"{SAID[second % 3]}，{second}" for second in SECONDS]
    lines = [cue.format(time=time, said=text) for time, text in zip(clocks(form, odd), said, strict=True)]
    cues, complaints = read(name, HEADS.get(name, "") + "".join(lines))
    assert [(start, text) for start, _, text in cues] == [*zip(SECONDS, said, strict=True)]
    assert [f"a time unlike the others: {odd!r}" in one for one in complaints] == [True]
    number = (HEADS.get(name, "") + "".join(lines)).split("\n")
    line = next(at for at, text in enumerate(number, 1) if odd in text)
    assert complaints[0].startswith(f"{name}:{line}: ")


def test_times_that_are_all_short_are_read_as_they_are() -> None:
    cues, complaints = read("a.srt", "".join(f"0:0:{n},{n}000 --> 0:0:{n},9000\n{SAID[n % 3]}\n\n" for n in range(6)))
    assert ([start for start, _, _ in cues], complaints) == ([0, 1.1, 2.2, 3.3, 4.4, 5.5], [])


@pytest.mark.parametrize("start", ["00->07.000", "00山07.000"])
def test_a_time_line_with_a_damaged_start_begins_a_cue(start: str) -> None:
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\n山\n\n{start} --> 00:09.000\n水\n"
    cues, complaints = read("a.vtt", text)
    assert [text for _, _, text in cues] == ["山", "水"]
    assert [one.startswith("a.vtt:6: times cannot be read") for one in complaints] == [True]


def test_damaged_times_of_webvtt_lose_no_cue() -> None:
    text = "WEBVTT\n\n00:00:01.250 --> 00.00.02.500\n山\n\n00::03.000 --> 00:00:04.000\n水\n"
    cues, complaints = read("a.vtt", text)
    assert cues == [(1.25, 2.5, "山"), (2.5, 4, "水")]
    assert complaints == [
        "a.vtt:6: times cannot be read: '00::03.000 --> 00:00:04.000': cue kept, start taken from its neighbours"
    ]


@pytest.mark.parametrize("sign", ["-->", "⟶"])
def test_minutes_of_four_digits_are_no_time_and_told(sign: str) -> None:
    times = ["00:00.000 --> 00:03.000", f"1010:10.000 {sign} 00:06.000", "00:06.000 --> 00:09.000"]
    lines = [f"{one}\n{said}\n\n" for one, said in zip(times, SAID, strict=True)]
    cues, complaints = read("a.vtt", "WEBVTT\n\n" + "".join(lines))
    assert [text for _, _, text in cues] == SAID
    assert cues[1][:2] == (3, 6)
    assert [one.split(":")[:2] for one in complaints] == [["a.vtt", "6"]]
