"""Regular SubRip: whatever is read in one pass, the repair reads alike and has nothing to complain of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Cue
from indexer.readers.subrip.srt_fast_path import read_regular
from indexer.readers.subrip.srt_repair import Repair

REGULAR = "1\n00:00:01,000 --> 00:00:02,500\n山高\n\n2\n00:00:02,500 --> 00:00:04,000\n水长\n路远\n\n"

# Lines as they stand in files, most of them regular, so that whole regular files are among what is drawn.
TIMES = st.builds(
    "{}:{:02}{}{:03} --> {}:{:02}{}{:03}{}".format,
    st.just("00:00"),
    st.integers(0, 29),
    st.sampled_from(",,,."),
    st.integers(0, 999),
    st.sampled_from(["00:00", "00:01"]),
    st.integers(29, 61),
    st.sampled_from(",,,."),
    st.integers(0, 999),
    st.sampled_from(["", "", "", " ", " 音"]),
)
NUMBERS = st.sampled_from(["1", "2", "37", "37", "", "第三", "3 "])
TEXTS = st.sampled_from(
    ["山高", "水长", " 路远 ", "5", "a > b", "<i>好</i>", "→", "", " ", "|", "\u200b", "{b}", "1.2.3"]
)
ENDS = st.sampled_from(["\n", "\n\n", "\n\n", "\n\n", "\n\n\n", "\r\n\r\n", "\n\r\n"])
BLOCKS = st.builds("{}\n{}\n{}{}".format, NUMBERS, TIMES, st.lists(TEXTS, min_size=1, max_size=2).map("\n".join), ENDS)


def repaired(text: str) -> tuple[tuple[Cue, ...], int]:
    """The cues of the repair, and how much it complained of."""
    repair = Repair("talk.srt", text)
    blocks = repair.blocks()
    found = tuple(Cue(one.start / 1000, one.end / 1000, "\n".join(one.text), line=one.line) for one in blocks)
    return found, len(repair.complaints)


@given(st.lists(BLOCKS, max_size=4).map("".join))
def test_what_is_read_in_one_pass_needs_no_repair(text: str) -> None:
    found = read_regular(text)
    assert found is None or (found, 0) == repaired(text)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_a_regular_file_is_read_in_one_pass(ends: str, end: str) -> None:
    text = (REGULAR.rstrip("\n") + end).replace("\n", ends)
    found = read_regular(text)
    assert found == (Cue(1.0, 2.5, "山高", line=2), Cue(2.5, 4.0, "水长\n路远", line=6))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("水长", ""),
        ("水长", "|"),
        ("山高", "<b>山高</b>"),
        ("\n2\n", "\n\n"),
        ("00:00:04,000", "00:00:02,000"),
        ("00:00:01,000", "00:00:03,000"),
        ("00:00:04,000", "00:00:04,00"),
        (",000 -->", ",000-->"),
        ("1\n00", "听写\n1\n00"),
    ],
)
def test_any_other_file_is_for_the_repair(right: str, wrong: str) -> None:
    text = REGULAR.replace("路远\n", "").replace(right, wrong)
    assert right in REGULAR
    assert read_regular(text) is None


def test_a_line_of_digits_is_looked_at_once() -> None:
    text = REGULAR + "1" * 200_000 + "x\n00:00:05,000 --> 00:00:06,000\n好\n\n"
    assert read_regular(text) is None  # in no time: where it was looked for anywhere, this took minutes
