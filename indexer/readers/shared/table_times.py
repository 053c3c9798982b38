"""The times of a table: clock times, or numbers that are seconds, milliseconds or, from a spreadsheet, days."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.core.named_tuples import NamedTuple
from indexer.core.text.clock_times import CLOCK, clock_seconds

_NUMBER = re.compile(r"\s*([-+]?\d{1,15}(?:[.,]\d{1,20})?)(?:[eE]([-+]?\d{1,2}))?(?:\s*(s|ms|秒))?\s*$")
_FRAMES = re.compile(r"\s*(\d{1,3}:\d\d:\d\d)[:;](\d\d)\s*$")
_RANGE = re.compile(rf"\s*({CLOCK})\s{{0,5}}(?:-{{1,2}}>|[-–—~～至→])\s{{0,5}}({CLOCK})\s*$")
_MANY = 5
_FRAMES_A_SECOND = 30
"""Assumed frame rate: editing programs count 24 to 60 frames per second and do not say how many."""

_SLOWEST, _FASTEST = 0.16, 3000.0
"""In characters per unit. Speech has about five per second, 0.005 per millisecond and 400,000 per day; these are the
thresholds between them."""


class Written(NamedTuple):
    """A time as written: seconds if `on_clock`, else a number. `until` is the end of a range in seconds."""

    value: float
    on_clock: bool
    until: float | None = None


class Scale(NamedTuple):
    """The factor that converts numbers to seconds; `guess` is True if it is inferred from the speed of speech alone."""

    seconds: float
    name: str
    guess: bool


def written_time(cell: str) -> Written | None:
    """The time in a cell, None if there is none.

    >>> written_time("0:01:02"), written_time(" 3.5"), written_time("NA"), written_time("00:01 - 00:03")
    (Written(value=62.0, on_clock=True, until=None), Written(value=3.5, on_clock=False, until=None), None, \
Written(value=1.0, on_clock=True, until=3.0))
    """
    seconds = clock_seconds(cell)
    if seconds is not None:
        return Written(seconds, True)
    if number := _NUMBER.match(cell):
        value = float(number[1].replace(",", ".")) * 10.0 ** int(number[2] or 0)
        return Written(value * (0.001 if number[3] == "ms" else 1.0), number[3] is not None)
    if frames := _FRAMES.match(cell):
        return Written((clock_seconds(frames[1]) or 0.0) + int(frames[2]) / _FRAMES_A_SECOND, True)
    if times := _RANGE.match(cell):
        return Written(clock_seconds(times[1]) or 0.0, True, clock_seconds(times[2]))
    return None


def counts_frames(cell: str) -> bool:
    """True for a time that ends in a frame number, as in editing programs: `00:01:02:24`."""
    return _FRAMES.match(cell) is not None


def scale_of(rows: Sequence[tuple[Written | None, Written | None, int]], declared: float | None) -> Scale:
    """The unit of bare numbers: `declared` by the header, else the one that gives the most plausible speed of speech.

    A row is (start, end, number of characters said between them).
    """
    if declared:
        return Scale(declared, "milliseconds" if declared < 1 else "seconds", False)
    bare = [(time.value, said) for start, end, said in rows for time in (start or end,) if time and not time.on_clock]
    low, high = min((value for value, _ in bare), default=0.0), max((value for value, _ in bare), default=0.0)
    ends = [end.value for _, end, _ in rows if end and not end.on_clock]
    if len(bare) >= _MANY:  # one wrong time proves nothing
        high, ends = sorted(value for value, _ in bare)[-2], sorted(ends)[:-1]
    lasting, said = max([high, *ends]) - low, sum(said for _, said in bare)
    if lasting > 0 and said > _FASTEST * lasting:
        return Scale(86_400.0, "fractions of a day", True)
    if lasting > 0 and said < _SLOWEST * lasting:
        return Scale(0.001, "milliseconds", True)
    return Scale(1.0, "seconds", False)
