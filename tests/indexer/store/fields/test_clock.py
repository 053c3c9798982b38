"""A clock unpacks to the times it was made of, whatever they are multiples of."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.any_times import any_times, as_lists

from indexer.core.positions.timeline import Times
from indexer.store.fields.clock import pack_clock, unpack_clock
from indexer.store.fields.frames import Frame, frame_of


@given(times=any_times())
@example(times=Times([0], [], []))
@example(times=Times([0, 2], [0], [0], [1], [0], True))
def test_a_clock_keeps_all_times(times: Times) -> None:
    unpacked = unpack_clock(pack_clock(times))
    assert as_lists(unpacked) == as_lists(times)
    assert list(unpacked.durations[1:-1]) == times.durations[1:-1]


@given(times=any_times(), cut=st.integers(0, 1000), bit=st.integers(0, 7))
def test_a_clock_that_is_cut_off_or_changed_is_refused(times: Times, cut: int, bit: int) -> None:
    packed = pack_clock(times)
    at = cut % len(packed)
    changed = packed[:at] + bytes([packed[at] ^ 1 << bit]) + packed[at + 1 :]
    for bad in (packed[:at], packed + b"\0", changed):
        with pytest.raises(ValueError):
            unpack_clock(bad)


@given(times=any_times(), at=st.integers(0, 1000), data=st.binary(max_size=3))
def test_what_was_written_otherwise_is_read_or_refused(times: Times, at: int, data: bytes) -> None:
    rest = pack_clock(times)[4:]
    at %= len(rest)
    rest = rest[:at] + data + rest[at + len(data) :]
    with suppress(ValueError):
        list(unpack_clock(zlib.crc32(rest).to_bytes(4, "little") + rest).durations)


@pytest.mark.parametrize(
    "times",
    [
        Times([0, 2**31], [0], [0]),  # gigabytes, if they were laid out
        Times([0, -1], [0], [0]),
        Times([1, 2], [0], [0]),
        Times([0, 2**40, 2], [0, 1], [1, 1]),
        Times([0, 2], [0], [0], [2], [0], True),
        Times([0, 2], [0], [0], [-1], [0], True),
        Times([0, 2], [0], [0], [1, 0], [0, 0], True),
        Times([0, 2], [2**63 - 1], [0]),
        Times([0, 2], [2**62], [0]),
        Times([0, 2], [0], [0], [0], [-(2**63)], True),
    ],
)
def test_times_of_no_episode_are_refused(times: Times) -> None:
    with pytest.raises(ValueError):
        unpack_clock(pack_clock(times))


@pytest.mark.parametrize("head", [((1 << 32) - 1, 0), (1, 1 << 25)])
def test_lists_of_gigabytes_are_refused_unread(head: tuple[int, int]) -> None:
    rest = struct.pack("<?HHHII", False, 1000, 30, 0, *head)
    with pytest.raises(ValueError, match="too many"):
        unpack_clock(zlib.crc32(rest).to_bytes(4, "little") + rest)


def film(numbers: Sequence[int], per: int, rate: int, rounding: int) -> list[int]:
    return [(number * per + rounding) // rate for number in numbers]


@pytest.mark.parametrize(
    ("times", "frame"),
    [
        (film(range(0, 9000, 7), 1000, 30, 0), Frame(1000, 30, 0)),
        (film(range(0, 9000, 7), 1000, 30, 15), Frame(1000, 30, 15)),
        (film(range(0, 9000, 7), 1001, 24, 0), Frame(1001, 24, 0)),
        ([time - (time % 200 == 0) for time in film(range(0, 9000, 7), 1000, 30, 0)], Frame(1000, 30, 0)),
        ([*range(0, 99_000, 40), 7], Frame(40)),
        (range(0, 99_000, 120), Frame(120)),
        (range(0, 9_000, 7), Frame()),
        ([], Frame(60_000)),
    ],
)
def test_most_times_of_an_episode_are_those_of_its_frames(times: Sequence[int], frame: Frame) -> None:
    assert frame_of(times) == frame


def test_a_time_beyond_64_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        pack_clock(Times([0, 1], [2**64 + 1], [0]))


def test_ordinary_cues_take_two_bytes_each() -> None:
    starts = film(range(0, 90 * 1000, 90), 1000, 30, 0)
    lasts = [1700 + 37 * (number % 29) for number in range(1000)]
    first = [12 * number + number % 5 for number in range(1001)]
    assert len(pack_clock(Times(first, starts, lasts))) <= 2000
