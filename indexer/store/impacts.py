"""Peaks: how often a word or a character is said at most within one window of an episode.

A search shows windows, and no window has more of a word than its peak. Common words are said everywhere, but in few
episodes again and again within some seconds: with the peaks known, most episodes need not be looked into.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from operator import gt

from indexer.core.timeline import Times
from indexer.core.token_stream import is_basic
from indexer.core.tokens import is_single

WINDOW_MS, WINDOW_ATOMS = 22_000, 200
"""How far a window reaches; a search with wider ones cannot use the peaks."""
RUN_ATOMS = 4
"""The peaks of its first so many characters bound a run of them, too: a window has a run when it has the beginning of
it, even if the end is said later."""


def find_peaks(places: Mapping[str, Sequence[int]], times: Times) -> dict[str, int]:
    """The peaks of what stands at the places (ascending atom positions), where they are lower than its count."""
    said = _said(times)
    # An atom of a run that begins inside a window may be said a little later than that.
    began = [*said[:1] * (RUN_ATOMS - 1), *said]
    found = {text: _peak(at, said, said if _is_word(text) else began) for text, at in places.items() if len(at) > 1}
    return {text: peak for text, peak in found.items() if peak < len(places[text])}


def _is_word(text: str) -> bool:
    """True for several characters; names and characters are atoms."""
    return len(text) > 1 and is_single(text[0])


def places_of_characters(units: str) -> dict[str, list[int]]:
    """The positions of each Han and kana character of a stream's units."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, unit in enumerate(units):
        found[unit].append(at)
    return {unit: places for unit, places in found.items() if is_basic(unit)}


def _said(times: Times) -> list[int]:
    """When each atom is said, in milliseconds; where times go backwards, zero, so that none is far from another."""
    said: list[int] = []
    for start, (first, end) in zip(times.starts, pairwise(times.first), strict=True):
        said += map(times.at, range(first, end)) if times.looks_inside else [start] * (end - first)
    # Also inside cues that overlap, and in marks: what is later may not be said before.
    return [0] * len(said) if any(map(gt, said, said[1:])) else said


def _peak(places: Sequence[int], said: Sequence[int], began: Sequence[int]) -> int:
    """The most places in one window. It slides from place to place, and never shrinks again."""
    peak = 1
    rest = iter(places)
    first = next(rest)
    for last in islice(places, 1, None):
        if last - first <= WINDOW_ATOMS and began[last] - said[first] <= WINDOW_MS:
            peak += 1
        else:
            first = next(rest)
    return peak
