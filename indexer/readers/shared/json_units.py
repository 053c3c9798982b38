"""Seconds or milliseconds: what the numbers of a JSON transcript are, told by how fast people would have spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.core.named_tuples import NamedTuple
from indexer.readers.shared.json_fields import Time

MILLISECONDS, SECONDS = 0.001, 1.0

_SLOWEST_SPEECH = 0.16
"""Characters a second. Speech has about five; of the same numbers as milliseconds five become 0.005, and this lies
halfway between."""
_SLOWEST_FRACTIONS = 0.01
"""The same for numbers with fractions, which are nearly always seconds."""
_FASTEST_MILLISECONDS = 1.0
"""Characters a millisecond. Where more are said, the numbers are seconds even if the format has milliseconds."""


class TimeSpan(NamedTuple):
    """Start, end and how many characters are said meanwhile."""

    start: Time | None
    end: Time | None
    characters: int


class Unit(NamedTuple):
    """What makes seconds of a number. A `guess` is one that neither the format nor the numbers told."""

    scale: float
    guess: bool


def unit_of(spans: Iterable[TimeSpan], usual: float | None = None) -> Unit:
    """The unit of all numbers of a file that do not say it themselves; `usual` is the one its format has."""
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
    """Characters by unit in the middle one of all spans, so that a few wild times do not matter; None if unknown."""
    lasting = [
        (span.characters, _difference(span.start, span.end or (following and following.start)))
        for span, following in zip(spans, [*spans[1:], None], strict=True)
    ]
    speeds = sorted(characters / length for characters, length in lasting if length > 0 and characters)
    return speeds[len(speeds) // 2] if speeds else None


def _difference(start: Time | None, end: Time | None) -> float:
    return end.number - start.number if start and end else 0.0
