"""JSON with something missing or wrong: what can be read is, and the rest is reported."""

from __future__ import annotations

import pytest
from support.transcripts.json_transcripts import complaints, read, simple


def test_what_is_missing_or_wrong_is_mended_and_told() -> None:
    document = """{"segments": [
        {"start": 1.0, "end": 2.0, "text": "一"}, {"start": null, "end": NaN, "text": "二"},
        {"start": 5.0, "end": 4.0, "text": "三"}, {"start": 6.0, "text": "四"}, 7, {"start": 7.0, "end": 8.0},
        {"start": -1.0, "end": 9.0, "text": "五"}, {"start": 9.5, "end": 1e300, "text": "六\\ud800"},
        {"start": 11.0, "text": "七八九十"}
    ], "segmentz": 1, "segmentz": 2}"""
    assert simple(document) == [
        (1, 2, "一", ""),
        (2, 5, "二", ""),
        (5, 5, "三", ""),
        (6, 7, "四", ""),
        (7, 8, "", ""),
        (0, 9, "五", ""),
        (9.5, 11, "六\ufffd", ""),
        (11, 12, "七八九十", ""),
    ]
    assert complaints(document) == [
        "0: 1 names stand twice in one object: the last one counts",
        "0: segment 5 is not an object: left out",
        "0: segment 2: no times: cue kept, times taken from its neighbours",
        "0: segment 3: start 5.000 s is after end 4.000 s: cue kept, end moved to its start",
        "0: segment 4: no end: cue kept, end taken from the next cue",
        "0: segment 6: no text: cue kept, empty",
        "0: segment 7: a time is negative: cue kept, time set to zero",
        "0: segment 7: start 0.000 s is before the start of the cue above: kept as it is",
        "0: segment 8: a time is beyond all measure: left out",
        "0: segment 8: no end: cue kept, end taken from the next cue",
        "0: segment 8: half of a surrogate pair: replaced by U+FFFD",
        "0: segment 9: no end: cue kept, end guessed from its text",
    ]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ('{"segments": [\n{"start": 0.5, "text": "好"', "not JSON"),
        (
            '{"segments": [{"start": 0.5, "text": "好"}], "x": ' + "[" * 200_000 + "]" * 200_000 + "}",
            "nested too deeply",
        ),
        ('{"segments": [], "start": 1, "text": "好"}', "without segments"),
        ('{"version": "1.0.0", "segments": [3, null, "startTime"], "startTime": 1, "body": 1}', "without segments"),
    ],
)
def test_what_holds_no_transcript_is_one_complaint(document: str, what: str) -> None:
    transcript = read(document)
    assert transcript.cues == ()
    assert what in transcript.complaints[-1].what
    assert transcript.complaints[-1].fatal


def test_a_syntax_error_has_its_line() -> None:
    assert read('{"segments": [\n{"start": 0.5, "text": "好"}\n').complaints[0].line == 3


def test_numbers_without_end_are_no_times() -> None:
    (cue,) = read('{"segments": [{"text": "好", "end": 2.0, "start": ' + "9" * 100_000 + "}]}").cues
    assert (cue.start, cue.end) == (0, 2)
