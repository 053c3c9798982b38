"""Seconds or milliseconds: what the numbers of a JSON transcript are, told by how fast people would have spoken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from indexer.readers.json_fields import Time

MILLISECONDS, SECONDS = 0.001, 1.0

_SLOWEST_SPEECH = 0.16
"""Characters a second. Speech has about five; of the same numbers as milliseconds five become 0.005, and this lies
halfway between."""
_SLOWEST_FRACTIONS = 0.01
"""The same for numbers with fractions, which are nearly always seconds."""
_FASTEST_MILLISECONDS = 1.0
"""Characters a millisecond. Where more are said, the numbers are seconds even if the format has milliseconds."""


class Span(NamedTuple):
    """Start, end and how many characters are said meanwhile."""

    start: Time | None
    end: Time | None
    characters: int


class Unit(NamedTuple):
    """What makes seconds of a number. A `guess` is one that neither the format nor the numbers told."""

    scale: float
    guess: bool


def unit_of(spans: Iterable[Span], usual: float | None = None) -> Unit:
    """The unit of all numbers of a file that do not say it themselves; `usual` is the one its format has."""
    spans = [span for span in spans if any(time and time.scale is None for time in (span.start, span.end))]
    if not spans:
        return Unit(usual or SECONDS, False)
    whole = all(time.whole for span in spans for time in (span.start, span.end) if time)
    said, lasting = sum(span.characters for span in spans), _lasting(spans)
    if usual == MILLISECONDS and whole:
        fast = said > _FASTEST_MILLISECONDS * lasting > 0
        return Unit(SECONDS if fast else MILLISECONDS, fast)
    if said < (_SLOWEST_SPEECH if whole else _SLOWEST_FRACTIONS) * lasting:
        return Unit(MILLISECONDS, True)
    return Unit(SECONDS, whole and usual is None)


def _lasting(spans: list[Span]) -> float:
    """How long all spans last, in the unit in question; where there are no ends, from the first start to the last."""
    lasting = sum(max(0.0, span.end.number - span.start.number) for span in spans if span.start and span.end)
    starts = [span.start.number for span in spans if span.start]
    return lasting or (max(starts) - min(starts) if starts else 0.0)
