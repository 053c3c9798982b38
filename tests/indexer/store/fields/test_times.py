"""Packed times come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from support.any_times import any_times, as_lists

from indexer.core.errors import IndexProblem
from indexer.core.positions.timeline import Times
from indexer.store.fields.times import pack_times, unpack_times
from indexer.store.segments.corruption import Reading


@given(value=any_times())
def test_packed_times_unpack_to_the_same(value: Times) -> None:
    unpacked = unpack_times(pack_times(value))
    assert as_lists(unpacked) == as_lists(value)
    ends = list(map(value.end, range(len(value))))
    for part in (slice(0, 2), slice(1, None), slice(3, 1), slice(-2, None), slice(0, None)):
        assert list(unpacked.durations[part]) == value.durations[part]
        if part.start >= 0:
            assert unpacked.ends_between(part.start, len(ends) if part.stop is None else part.stop) == ends[part]


@pytest.mark.parametrize("limit", [2**7, 2**8, 2**15, 2**16, 2**31, 2**32])
@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_steps_beside_the_size_of_a_number_survive(limit: int, beside: int) -> None:
    step = limit + beside
    value = Times([0, step, step], [step, 0], [step + step, 0])
    assert as_lists(unpack_times(pack_times(value))) == as_lists(value)


def test_no_cues_pack_and_unpack() -> None:
    assert as_lists(unpack_times(pack_times(Times([0], [], [])))) == ([0], [], [], [], [], False)


def test_ordinary_cues_take_six_bytes_each() -> None:
    count = 1000
    value = Times(
        list(range(0, 12 * count + 1, 12)),
        list(range(0, 3000 * count, 3000)),
        [2900] * count,
    )
    assert len(pack_times(value)) <= 6 * count + 50


def test_a_time_beyond_64_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        pack_times(Times([0, 1], [2**64], [2**64]))


def test_what_is_unpacked_later_fails_as_what_is_read_at_once() -> None:
    packed = pack_times(Times([0, 2, 4], [0, 3000], [1000, 1000]))
    times = unpack_times(packed[:-3], Reading(Path("folder")))
    assert list(times.starts) == [0, 3000]
    with pytest.raises(IndexProblem, match="folder: the index cannot be read"):
        times.end(0)
