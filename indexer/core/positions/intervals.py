"""Sets of numbers as intervals: pure functions over sequences of `(begin, end)`, begin inclusive and end exclusive.

A sequence is "in order" if its intervals ascend and neither overlap nor touch. The numbers may be positions of atoms,
offsets of characters, or seconds; the functions do not care, and return the unit that they are given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Number = TypeVar("Number", int, float)


def union(intervals: Iterable[tuple[Number, Number]]) -> list[tuple[Number, Number]]:
    """The union of intervals that are given in any order; the result is in order. None of them may be empty.

    >>> union([(0, 4), (9, 12), (3, 6), (12, 13)])
    [(0, 6), (9, 13)]
    """
    joined: list[tuple[Number, Number]] = []
    for begin, end in sorted(intervals):
        if joined and begin <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def difference(
    intervals: Iterable[tuple[Number, Number]], holes: Sequence[tuple[Number, Number]]
) -> list[tuple[Number, Number]]:
    """The intervals without the holes. Both, and the result, ascend without overlaps.

    >>> difference([(0, 9), (12, 15)], [(2, 4), (8, 13)])
    [(0, 2), (4, 8), (13, 15)]
    """
    left: list[tuple[Number, Number]] = []
    at = 0
    for begin, end in intervals:
        while at and holes[at - 1][1] > begin:
            at -= 1
        while at < len(holes) and holes[at][0] < end:
            left.append((begin, holes[at][0]))
            begin = max(begin, holes[at][1])
            at += 1
        left.append((begin, end))
    return [(begin, end) for begin, end in left if begin < end]


def is_outside(intervals: Sequence[tuple[Number, Number]]) -> Callable[[Number], bool]:
    """The test of whether a number lies in none of the intervals, which are in order.

    >>> list(map(is_outside([(2, 4), (8, 13)]), (1, 2, 4, 12, 13)))
    [True, False, True, False, True]
    """
    begins = [begin for begin, _ in intervals]

    def test(number: Number) -> bool:
        at = bisect_right(begins, number)
        return at == 0 or number >= intervals[at - 1][1]

    return test


def around(positions: Iterable[int], reach: int) -> list[tuple[int, int]]:
    """The intervals within `reach` of ascending positions of at least 0, in order; they begin at 0 at the earliest.

    >>> around([1, 9, 13], 2)
    [(0, 4), (7, 16)]
    """
    found: list[tuple[int, int]] = []
    for position in positions:
        if found and position - reach <= found[-1][1]:
            found[-1] = (found[-1][0], position + reach + 1)
        else:
            found.append((max(0, position - reach), position + reach + 1))
    return found


def intersection(
    some: Sequence[tuple[Number, Number]], others: Sequence[tuple[Number, Number]]
) -> list[tuple[Number, Number]]:
    """What two sequences of intervals have in common. Both, and the result, ascend without overlaps.

    >>> intersection([(0, 4), (7, 16)], [(2, 9), (10, 11), (20, 30)])
    [(2, 4), (7, 9), (10, 11)]
    """
    common: list[tuple[Number, Number]] = []
    one = other = 0
    while one < len(some) and other < len(others):
        begin, end = max(some[one][0], others[other][0]), min(some[one][1], others[other][1])
        if begin < end:
            common.append((begin, end))
        if some[one][1] < others[other][1]:
            one += 1
        else:
            other += 1
    return common
