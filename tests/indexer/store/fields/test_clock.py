"""A clock unpacks to the times it was made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.timeline import Times
from indexer.store.fields.clock import pack_clock, unpack_clock

TIMES = st.one_of(st.integers(0, 255), st.integers(0, 1000).map(lambda n: 250 * n), st.integers(0, 2**62))


@st.composite
def any_times(draw: st.DrawFn) -> Times:
    """Starts in any order, ends before or after them, cues without atoms, words with times."""
    cues = draw(st.lists(st.tuples(st.integers(0, 100_000), TIMES, TIMES), max_size=30))
    first = [0]
    for atoms, _, _ in cues:
        first.append(first[-1] + atoms)
    timed = sorted(draw(st.sets(st.integers(0, first[-1]), max_size=10)))
    said = draw(st.lists(TIMES, min_size=len(timed), max_size=len(timed)))
    starts, durations = [start for _, start, _ in cues], [end - start for _, start, end in cues]
    return Times(first, starts, durations, timed, said, draw(st.booleans()))


def as_lists(times: Times) -> tuple[object, ...]:
    lists = times.first, times.starts, times.durations, times.timed, times.said
    return *map(list, lists), times.looks_inside


@given(times=any_times())
def test_a_clock_keeps_all_times(times: Times) -> None:
    assert as_lists(unpack_clock(pack_clock(times))) == as_lists(times)


@given(times=any_times(), cut=st.integers(0, 1000))
def test_a_clock_that_is_cut_off_or_goes_on_is_refused(times: Times, cut: int) -> None:
    packed = pack_clock(times)
    for bad in (packed[: cut % len(packed)], packed + b"\0"):
        with pytest.raises(ValueError):
            unpack_clock(bad)
