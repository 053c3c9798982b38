"""The complaints of a file are reported with their places, and counted where there are too many of a kind."""

from __future__ import annotations

import pytest

from indexer.core.types import Complaint
from indexer.readers import read_bytes
from indexer.readers.shared import limits
from indexer.readers.shared.complaints import MOST_OF_A_KIND, Complaints, by_kind
from indexer.readers.shared.limits import MOST_LINES


def _complaint(line: int, what: str) -> Complaint:
    return Complaint("a.srt", line, what, "left out")


def test_the_first_of_a_kind_have_their_places_and_the_others_are_counted() -> None:
    complaints = Complaints(_complaint(line, f"start {line} is after 'x{line}'") for line in range(1, 12_446))
    assert [one.line for one in complaints[:MOST_OF_A_KIND]] == list(range(1, MOST_OF_A_KIND + 1))
    assert list(map(str, complaints[MOST_OF_A_KIND:])) == [
        "a.srt:101: ... and 12,345 more like this: start 101 is after 'x101': left out"
    ]


def test_what_is_collected_twice_is_counted_once() -> None:
    complaints = Complaints(Complaints(_complaint(line, "no text") for line in range(1, 131)))
    assert [str(one) for one in complaints[MOST_OF_A_KIND:]] == [
        "a.srt:101: ... and 30 more like this: no text: left out"
    ]
    assert [(one.line, one.places) for one in by_kind(complaints)] == [(1, 130)]


def test_kinds_are_counted_apart() -> None:
    complaints = Complaints()
    for line in range(1000):
        complaints.append(_complaint(line, "no text"))
        complaints += [_complaint(line, "no end")]
    assert (
        [str(one).partition(":")[0] for one in complaints].count("a.srt") == len(complaints) == 2 * MOST_OF_A_KIND + 2
    )
    assert sum("and 900 more" in one.what for one in complaints) == 2


def test_kinds_without_end_are_one() -> None:
    complaints = Complaints(_complaint(1, "x" * number) for number in range(100_000 // 50))
    assert len(complaints) == 2 * MOST_OF_A_KIND + 1


def test_a_csv_with_an_open_quote_is_told_of_in_few_lines() -> None:
    rows = '0:05,0:06,A,"not closed\n' + "what has no times\n" * 20_000
    transcript = read_bytes("a.csv", b"start,end,speaker,text\n0:01,0:02,A,abc\n" + rows.encode())
    assert len(transcript.complaints) < 3 * MOST_OF_A_KIND
    assert any("more like this" in complaint.what for complaint in transcript.complaints)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + b"a\n" * MOST_LINES, "more than 1,000,000 lines"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + b"a" * 4_000_001, "more than 4,000,000 characters of text"),
        (b'[{"start": 1, "text": "a"}' + b",{}" * 1_500_000 + b"]", "more than 1,500,000 objects and lists"),
        (b"start,end,text\n0:01,0:02,a" + b",a" * 4_000_000, "more than 4,000,000 cells"),
        (b"[ti:x]\n" + b"[00:01.00]" * 50 + b"a" * 100_000, "more than 4,000,000 characters of text"),
    ],
    ids=["lines", "characters", "objects", "cells", "choruses"],
)
def test_more_than_any_transcript_has_is_refused_in_one_line(data: bytes, what: str) -> None:
    assert_refused(data, what)


@pytest.mark.parametrize(
    "data",
    [
        b"start\tend\ttext\n" + b"1\t2\ta\n" * 2_501,
        b'[{"start": 1, "text": "' + "甲：\\n乙：\\n".encode() * 1_300 + b'"}]',
    ],
    ids=["rows", "labels"],
)
def test_more_cues_than_any_transcript_has_are_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.MOST_CUES == 250_000
    monkeypatch.setattr(limits, "MOST_CUES", 2_500)  # a hundredth takes a hundredth of the time
    assert_refused(data, "more than 2,500 cues")


def assert_refused(data: bytes, what: str) -> None:
    transcript = read_bytes("a", data)
    assert (transcript.cues, len(transcript.complaints)) == ((), 1)
    assert transcript.complaints[0] == Complaint(
        "a", 0, f"{what} are too many for a transcript", "not read", fatal=True
    )
