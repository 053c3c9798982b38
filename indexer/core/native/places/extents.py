"""The extents of a NEAR whose sides are NEARs, or its hits further apart than a window."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

_Extent: TypeAlias = tuple[int, int]
"""The indices of the first and the last hit."""
Columns: TypeAlias = tuple[Sequence[int], Sequence[int], Sequence[int]]
"""who, first, last: hit who[i] satisfies a need in windows that contain the hits first[i] to last[i]."""


def joined_extents(
    left: Columns,
    right: Columns,
    where: Sequence[int],
    lengths: Sequence[int],
    reach: Sequence[int],
    earliest: Sequence[int],
    longest: int,
    most: int,
    in_order: bool,
) -> tuple[list[int], list[int], list[int]]:
    """Returns the extents of hits that satisfy one side of a NEAR, joined with those of near hits that satisfy the
    other: by hit, those that fit into a window and contain no other.

    Two hits are near if they are at most `most` apart, in the unit of `where` and from the end of the first one;
    `lengths` are in that unit, too, the greatest is `longest`. If not `in_order`, `where` may go back. `reach` is the
    end of the window that begins at each hit, `earliest` the first that contains it.
    """
    sides = _by_hit(left), _by_hit(right)
    orders = sorted(sides[0]), sorted(sides[1])
    beside = _near_extents(where, lengths, reach, earliest, longest, most, in_order)
    rows = []
    for index in sorted(sides[0].keys() | sides[1].keys()):
        joined = [
            (min(a, c), max(b, d))
            for side in (0, 1)
            if index in sides[side]
            for other in beside(index, sides[1 - side], orders[1 - side])
            for a, b in sides[side][index]
            for c, d in other
        ]
        rows += [(index, first, last) for first, last in _least(joined, reach)]
    who, first, last = ([row[column] for row in rows] for column in range(3))
    return who, first, last


def _near_extents(
    where: Sequence[int],
    lengths: Sequence[int],
    reach: Sequence[int],
    earliest: Sequence[int],
    longest: int,
    most: int,
    in_order: bool,
) -> Callable[[int, Mapping[int, list[_Extent]], Sequence[int]], Iterator[list[_Extent]]]:
    """Returns a function of a hit, the extents of others (by hit), and the latter hits in order: it yields the extents
    of those near the first hit, on both sides, the nearest first, and stops at those that contain an extent already
    yielded. The arguments are those of `joined_extents`."""

    def is_beyond(one: int, other: int, longest: int) -> bool:
        return in_order and where[other] - where[one] - (longest or lengths[one]) > most

    def are_near(one: int, other: int) -> bool:
        return abs(where[other] - where[one]) - lengths[one] <= most

    def beside(index: int, those: Mapping[int, list[_Extent]], order: Sequence[int]) -> Iterator[list[_Extent]]:
        reached = reach[index]
        for other in map(order.__getitem__, range(bisect_right(order, index), len(order))):
            if other >= reached or is_beyond(index, other, 0):
                break
            if are_near(index, other):
                yield those[other]
                reached = min([reached, *(last for first, last in those[other] if first >= index)])
        reached = earliest[index] - 1
        for other in map(order.__getitem__, range(bisect_left(order, index) - 1, -1, -1)):
            if other <= reached or is_beyond(other, index, longest):
                break
            if are_near(other, index):
                yield those[other]
                reached = max([reached, *(first for first, last in those[other] if last <= index)])

    return beside


def _by_hit(columns: Columns) -> dict[int, list[_Extent]]:
    extents: dict[int, list[_Extent]] = {}
    for who, first, last in zip(*columns, strict=True):
        extents.setdefault(who, []).append((first, last))
    return extents


def _least(extents: Iterable[_Extent], ends: Sequence[int]) -> list[_Extent]:
    """Returns the extents that fit into a window and contain no other extent."""
    kept: list[_Extent] = []
    for first, last in sorted(set(extents), key=lambda extent: (-extent[0], extent[1])):
        if last < ends[first] and (not kept or last < kept[-1][1]):
            kept.append((first, last))
    return kept
