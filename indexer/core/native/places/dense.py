"""Where the positions of one term are densest, and the lesser of two counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import repeat


def dense_groups(
    places: Sequence[int],
    first: Sequence[int],
    starts: Sequence[int],
    apart_ms: int,
    apart_atoms: int,
    ms: int,
    atoms: int,
    least: int,
) -> list[tuple[int, int, int]]:
    """Returns (most, begin, end) for each group of the ascending positions that has at least `least` of them in one
    window: a group ends before the first position that is `apart_ms` or more from its first one, or more than
    `apart_atoms`; a window extends over so many `ms` and `atoms`. The time of a position is the start of its cue, as in
    `times_at`."""
    at = [starts[cue - 1] for cue in map(bisect_right, repeat(first), places)]
    groups, begin, size = [], 0, len(places)
    for end in range(1, size + 1):
        near = end < size and places[end] - places[begin] <= apart_atoms
        if near and abs(at[end] - at[begin]) < apart_ms:
            continue
        most = _densest(places, at, begin, end, ms, atoms) if end - begin >= least else 0
        if most and most >= least:
            groups.append((most, begin, end))
        begin = end
    return groups


def _densest(places: Sequence[int], at: Sequence[int], begin: int, end: int, ms: int, atoms: int) -> int:
    """The most positions of [begin, end) in one window."""
    most, reached = 0, begin
    for one in range(begin, end):
        reached = max(reached, one + 1)
        while reached < end and places[reached] <= places[one] + atoms and at[reached] <= at[one] + ms:
            reached += 1
        most = max(most, reached - one)
    return most


def least(one: dict[int, int], other: dict[int, int]) -> dict[int, int]:
    """Returns the lesser value of each key that both have, in the order of the first."""
    return {key: min(value, other[key]) for key, value in one.items() if key in other}
