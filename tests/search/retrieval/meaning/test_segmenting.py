"""An episode is cut into segments of about 30 s that hold all its atoms once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.library import Line
from support.transcripts.episodes import episodes

from indexer.core.positions.timeline import lay_out
from indexer.core.text.folding import Folding
from indexer.core.types import Cue, Damped
from search.retrieval.meaning.segmenting import LONGEST, SECONDS, cut_segments, width_of


def cues_of(lines: list[Line]) -> list[Cue]:
    return [Cue(*line) for line in lines]


def segments(cues: list[Cue], damped: tuple[Damped, ...] = ()) -> list[tuple[int, int, str]]:
    times = lay_out(cues, Folding({})).times
    return [tuple(one) for one in cut_segments(times, [cue.text for cue in cues], damped)]


def test_a_segment_ends_after_thirty_seconds() -> None:
    cues = [Cue(at * 10.0, at * 10.0 + 9, "一二三") for at in range(7)]
    assert [one[:2] for one in segments(cues)] == [(0, 9), (9, 18), (18, 21)]
    assert segments(cues)[0][2] == "一二三 一二三 一二三"


def test_fast_speech_makes_shorter_segments() -> None:
    cues = [Cue(at, at + 1.0, "字" * 100) for at in range(5)]
    assert [one[:2] for one in segments(cues)] == [(0, 200), (200, 400), (400, 500)]


def test_a_paragraph_is_cut_where_its_times_say() -> None:
    assert [one[:2] for one in segments([Cue(0, 300, "字" * 600)])] == [(0, 200), (200, 400), (400, 600)]


def test_english_words_are_narrow() -> None:
    assert width_of("abc") == 1 and width_of("字a字") == 2 + 1 / 3


def test_loops_and_stock_lines_are_left_out() -> None:
    cues = [Cue(at, at + 1.0, text) for at, text in enumerate("甲乙丙丁")]
    assert segments(cues, (Damped(1, 3, "loop"),)) == [(0, 4, "甲 丁")]
    assert segments(cues, (Damped(0, 4, "loop"),)) == []


def test_a_step_back_in_time_begins_a_segment() -> None:
    assert [one[2] for one in segments([Cue(100, 101, "甲"), Cue(5, 6, "乙"), Cue(7, 8, "丙")])] == ["甲", "乙 丙"]


@given(episodes(most=30), st.integers(1, 40))
def test_every_atom_is_in_one_segment_none_too_long(lines: list[Line], longer: int) -> None:
    cues = [cue._replace(text=cue.text * longer) for cue in cues_of(lines)]
    times = lay_out(cues, Folding({})).times
    found = cut_segments(times, [cue.text for cue in cues])
    covered = [atom for one in found for atom in range(one.first, one.end)]
    assert covered == list(range(times.first[-1]))
    for one in found:
        assert width_of(one.text) <= LONGEST + len(one.text.split())  # spaces between cues
        assert abs(times.at(one.end - 1) - times.at(one.first)) < 1000 * SECONDS or one.end - one.first < 2 * LONGEST
