"""Impacts: the peak of a term in an episode, which is its highest frequency within any one window.

Results are windows, so the peak bounds the frequency of a term in any of them. Common words occur everywhere but
cluster in few episodes; with the peaks, most episodes are skipped unread (as in MaxScore with impacts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from operator import gt

from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import is_basic
from indexer.core.positions.tokens import is_single

WINDOW_MS, WINDOW_ATOMS = 22_000, 200
"""The largest window, in milliseconds and atoms, for which peaks are valid bounds."""
RUN_ATOMS = 4
"""The peaks of a run's first characters, up to this many, also bound the run itself: a window counts a run that begins
in it even if it ends later."""


def find_peaks(places: Mapping[str, Sequence[int]], times: Times) -> dict[str, int]:
    """Maps each term to its peak where that is lower than its frequency; `places` maps terms to ascending atom
    positions."""
    said = when_said(times)
    # A window may count a run whose beginning precedes the atom by up to RUN_ATOMS - 1.
    began = [*said[:1] * (RUN_ATOMS - 1), *said]
    found = {
        text: most_in_window(at, said, said if _is_word(text) else began) for text, at in places.items() if len(at) > 1
    }
    return {text: peak for text, peak in found.items() if peak < len(places[text])}


def _is_word(text: str) -> bool:
    """True for several Han or kana characters; a name or single character is an atom."""
    return len(text) > 1 and is_single(text[0])


def places_of_characters(units: str) -> dict[str, list[int]]:
    """The positions of each Han and kana character of a stream's units."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, unit in enumerate(units):
        found[unit].append(at)
    return {unit: places for unit, places in found.items() if is_basic(unit)}


def when_said(times: Times) -> list[int]:
    """When each atom is said, in milliseconds; all zeros if times ever decrease, so that no two atoms seem far
    apart."""
    said: list[int] = []
    for start, (first, end) in zip(times.starts, pairwise(times.first), strict=True):
        said += map(times.at, range(first, end)) if times.looks_inside else [start] * (end - first)
    # Times decrease where cues overlap or timed words are out of order.
    return [0] * len(said) if any(map(gt, said, said[1:])) else said


def most_in_window(places: Sequence[int], said: Sequence[int], began: Sequence[int]) -> int:
    """The largest number of positions in one window. The window slides from position to position and never shrinks."""
    peak = 1
    rest = iter(places)
    first = next(rest)
    for last in islice(places, 1, None):
        if last - first <= WINDOW_ATOMS and began[last] - said[first] <= WINDOW_MS:
            peak += 1
        else:
            first = next(rest)
    return peak
