"""Frames: what the times of a transcript are multiples of, so that they can be counted in small numbers.

A recogniser gives tenths or hundredths of a second, a program for films the frames of a film, in whole milliseconds,
cut off or rounded: at 30 a second 0, 33, 66, 100 or 0, 33, 67, 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from operator import eq

from indexer.core.named_tuples import NamedTuple

_COARSEST = 60_000
"""Milliseconds of a frame, or of a multiple of it, at most: transcripts may have whole minutes."""
_SAMPLE = 128
"""Times in the middle of an episode that are looked at to find its frame."""


class Frame(NamedTuple):
    """The time of frame k is (k * milliseconds + rounding) // frames, in whole milliseconds."""

    milliseconds: int = 1
    frames: int = 1
    rounding: int = 0

    def times(self, numbers: Sequence[int]) -> list[int]:
        """The times of some frames."""
        milliseconds, frames, rounding = self
        if frames == 1:
            return [number * milliseconds for number in numbers]
        return [(number * milliseconds + rounding) // frames for number in numbers]

    def nearest(self, times: Sequence[int]) -> list[int]:
        """The frame nearest to each time."""
        milliseconds, frames, rounding = self
        return [(2 * (time * frames - rounding) + milliseconds) // (2 * milliseconds) for time in times]

    def fits(self, times: Sequence[int]) -> bool:
        """True if most of the times are those of frames."""
        hits: int = sum(map(eq, times, self.times(self.nearest(times))))
        return 4 * hits >= 3 * len(times)


def frame_of(times: Sequence[int]) -> Frame:
    """The coarsest frame of which all times are multiples, or most of them."""
    if (unit := gcd(_COARSEST, *times)) > 1:
        return Frame(unit)
    middle = max(0, (len(times) - _SAMPLE) // 2)
    sample = times[middle : middle + _SAMPLE]
    return next((frame for frame in _LIKELY if frame.fits(sample)), Frame())


def _films() -> list[Frame]:
    """The frames of films, of 12 to 60 a second and, as on television, a thousandth slower; cut off and rounded."""
    rates = [(1000, 12), (1000, 15), (1000, 24), (1000, 30), (1000, 60), (1001, 24), (1001, 30), (1001, 60)]
    return [Frame(per, rate, rounding) for per, rate in rates for rounding in (0, rate // 2)]


_LIKELY = sorted(
    [*map(Frame, (1000, 500, 250, 200, 100, 50, 40, 20, 10)), *_films()],
    key=lambda frame: -frame.milliseconds / frame.frames,
)
"""The coarsest first."""
