"""Intervals are sets of numbers: what the functions return is what Python's sets say."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.intervals import around, difference, intersection, union

ANY = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair))), max_size=8)
IN_ORDER = st.lists(st.integers(0, 60), unique=True, max_size=16).map(
    lambda borders: list(zip(sorted(borders)[::2], sorted(borders)[1::2], strict=False))
)


def numbers(intervals: Iterable[tuple[int, int]]) -> set[int]:
    return {number for begin, end in intervals for number in range(begin, end)}


def is_in_order(intervals: list[tuple[int, int]]) -> bool:
    borders = [border for interval in intervals for border in interval]
    return borders == sorted(set(borders))


@given(intervals=ANY)
def test_a_union_holds_what_any_of_its_intervals_holds(intervals: list[tuple[int, int]]) -> None:
    joined = union(intervals)
    assert numbers(joined) == numbers(intervals)
    assert is_in_order(joined)
    assert union(joined) == joined


@given(intervals=IN_ORDER, holes=IN_ORDER)
def test_a_difference_holds_what_is_in_no_hole(intervals: list[tuple[int, int]], holes: list[tuple[int, int]]) -> None:
    left = difference(intervals, holes)
    assert numbers(left) == numbers(intervals) - numbers(holes)
    assert left == sorted(left)
    assert all(begin < end for begin, end in left)


@given(some=IN_ORDER, others=IN_ORDER)
def test_an_intersection_holds_what_both_hold(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    common = intersection(some, others)
    assert numbers(common) == numbers(some) & numbers(others)
    assert common == sorted(common)
    assert all(begin < end for begin, end in common)


@given(positions=st.lists(st.integers(0, 60), max_size=9).map(sorted), reach=st.integers(0, 9))
def test_what_is_around_positions_is_near_one_of_them(positions: list[int], reach: int) -> None:
    found = around(positions, reach)
    near = {number for place in positions for number in range(max(0, place - reach), place + reach + 1)}
    assert numbers(found) == near
    assert is_in_order(found)
