"""Infers whether the numbers of a JSON transcript are seconds or milliseconds from the resulting speed of speech."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.core.named_tuples import NamedTuple
from indexer.readers.json.json_fields import Time

MILLISECONDS, SECONDS = 0.001, 1.0

_SLOWEST_SPEECH = 0.16
"""In characters per second. Speech has about five; milliseconds read as seconds give 0.005; this is the geometric
mean."""
_SLOWEST_FRACTIONS = 0.01
"""The same bound for numbers with fractions, which are nearly always seconds."""
_FASTEST_MILLISECONDS = 1.0
"""In characters per millisecond. Above it the numbers are seconds, even if the format uses milliseconds."""


class TimeSpan(NamedTuple):
    """Start, end, and the number of characters said between them."""

    start: Time | None
    end: Time | None
    characters: int


class Unit(NamedTuple):
    """The factor that converts numbers to seconds. `guess` is True if neither the format nor the numbers determine
    it."""

    scale: float
    guess: bool


def unit_of(spans: Iterable[TimeSpan], usual: float | None = None) -> Unit:
    """The unit of all numbers in a file without explicit units; `usual` is that of the format."""
    spans = [span for span in spans if any(time and time.scale is None for time in (span.start, span.end))]
    if not spans:
        return Unit(usual or SECONDS, False)
    speed = _speed(spans)
    whole = all(time.whole for span in spans for time in (span.start, span.end) if time)
    if usual == MILLISECONDS and whole:
        fast = speed is not None and speed > _FASTEST_MILLISECONDS
        return Unit(SECONDS if fast else MILLISECONDS, fast)
    if speed is not None and speed < (_SLOWEST_SPEECH if whole else _SLOWEST_FRACTIONS):
        return Unit(MILLISECONDS, True)
    return Unit(SECONDS, whole and usual is None)


def _speed(spans: Sequence[TimeSpan]) -> float | None:
    """The median characters per unit, which a few wrong times do not affect; None if unknown."""
    lasting = [
        (span.characters, _difference(span.start, span.end or (following and following.start)))
        for span, following in zip(spans, [*spans[1:], None], strict=True)
    ]
    speeds = sorted(characters / length for characters, length in lasting if length > 0 and characters)
    return speeds[len(speeds) // 2] if speeds else None


def _difference(start: Time | None, end: Time | None) -> float:
    return end.number - start.number if start and end else 0.0
