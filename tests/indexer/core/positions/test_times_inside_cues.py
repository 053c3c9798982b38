"""When a word is said that stands inside a cue: worked out in long cues, told by timed words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import LONG_MS, SLOWEST_MS, Times, lay_out
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.store.fields.times import pack_times, unpack_times


def test_in_a_short_cue_every_word_begins_with_the_cue(folding: Folding) -> None:
    times = lay_out([Cue(1.0, 5.0, "今天聊开源")], folding).times
    assert [times.at(position) for position in range(5)] == [1000] * 5
    assert [times.until(position) for position in range(1, 6)] == [5000] * 5


def test_in_a_long_cue_time_passes_as_the_text_does(folding: Folding) -> None:
    times = lay_out([Cue(10.0, 20.0, "一二三四五六七八九十" * 5)], folding).times
    assert [times.at(position) for position in (0, 10, 25, 49)] == [10_000, 12_000, 15_000, 19_800]
    assert (times.until(25), times.until(50)) == (15_000, 20_000)


def test_few_words_in_a_long_cue_are_said_at_its_beginning(folding: Folding) -> None:
    times = lay_out([Cue(10.0, 60.0, "先到这里")], folding).times
    assert [times.at(position) for position in range(4)] == [10_000 + SLOWEST_MS * n for n in range(4)]


def test_timed_words_are_said_when_the_transcript_says(folding: Folding) -> None:
    cue = Cue(10.0, 14.0, "今天 GPU 训练", marks=((0, 10.0), (3, 12.0), (7, 13.5)))
    times = lay_out([cue], folding).times
    assert [times.at(position) for position in range(5)] == [10_000, 10_550, 12_000, 13_500, 13_750]
    assert times.until(2) == 11_100
    assert times.until(3) == 12_550


def test_a_mark_beside_any_word_or_outside_its_cue_does_no_harm(folding: Folding) -> None:
    cue = Cue(10.0, 14.0, "，今天。", marks=((0, 2.0), (3, 99.0)))
    times = lay_out([cue, Cue(14.0, 15.0, "再见")], folding).times
    assert [times.at(position) for position in range(4)] == [10_000, 10_550, 14_000, 14_000]


SECONDS = st.integers(0, 30_000)
LINES = st.lists(
    st.tuples(SECONDS, st.text("今天聊源GPU 7，", max_size=60), st.lists(SECONDS, max_size=4)),
    min_size=1,
    max_size=6,
)
Line = tuple[int, str, list[int]]


def laid_out(lines: list[Line], folding: Folding) -> Times:
    cues, at = [], 0
    for duration, text, marks in lines:
        offsets = sorted({mark % (len(text) + 1) for mark in marks})
        said = sorted(mark % (duration + 1) for mark in marks)
        timed = tuple((offset, (at + when) / 1000) for offset, when in zip(offsets, said, strict=False))
        cues.append(Cue(at / 1000, (at + duration) / 1000, text, marks=timed))
        at += duration
    return lay_out(cues, folding).times


@given(lines=LINES)
def test_every_word_is_said_within_its_cue_and_in_order(folding: Folding, lines: list[Line]) -> None:
    times = laid_out(lines, folding)
    said = [times.at(position) for position in range(times.first[-1])]
    assert said == sorted(said)
    for position, at in enumerate(said):
        cue = times.cue_at(position)
        assert times.starts[cue] <= at <= times.end(cue)
        assert at <= times.until(position + 1) <= times.end(cue)


@given(lines=LINES)
def test_packed_times_tell_the_same_times_inside(folding: Folding, lines: list[Line]) -> None:
    times = laid_out(lines, folding)
    again = unpack_times(pack_times(times))
    assert [again.at(at) for at in range(times.first[-1])] == [times.at(at) for at in range(times.first[-1])]


@pytest.mark.parametrize("duration", [LONG_MS - 1, LONG_MS])
def test_only_long_cues_are_looked_into(folding: Folding, duration: int) -> None:
    times = lay_out([Cue(0.0, duration / 1000, "一二三四五六七八九十" * 4)], folding).times
    assert (times.at(20) > 0) is (duration >= LONG_MS)


@given(lines=LINES, data=st.data())
def test_times_of_many_places_are_those_of_each(folding: Folding, lines: list[Line], data: st.DataObject) -> None:
    times = laid_out(lines, folding)
    size = times.first[-1]
    places = sorted(data.draw(st.lists(st.integers(0, size - 1)))) if size else []
    assert times.at_all(places) == list(map(times.at, places))
    assert list(times.ends()) == [times.end(cue) for cue in range(len(times))]
    assert unpack_times(pack_times(times)).ends() == times.ends()


@st.composite
def any_times(draw: st.DrawFn) -> Times:
    """Cues in any order, some of them empty, long, or with timed atoms."""
    cues = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.integers(0, 20)), max_size=6))
    first = [0]
    for atoms, _, _ in cues:
        first.append(first[-1] + atoms)
    timed = sorted(draw(st.sets(st.sampled_from(range(first[-1])), max_size=4))) if first[-1] else []
    said = [1000 * draw(st.integers(0, 60)) for _ in timed]
    starts, durations = [1000 * start for _, start, _ in cues], [1000 * lasts for _, _, lasts in cues]
    return Times(first, starts, durations, timed, said, draw(st.booleans()))


@given(any_times())
def test_times_go_back_where_an_atom_is_said_before_the_one_in_front_of_it(times: Times) -> None:
    said = [times.at(place) for place in range(times.first[-1])]
    assert times.never_go_back() == (said == sorted(said))
