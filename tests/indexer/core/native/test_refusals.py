"""The compiled hot loops refuse arguments that they cannot read: they never read or write beyond them."""

from __future__ import annotations

import tracemalloc
from array import array
from collections.abc import Callable

import pytest
from support.source.compiled import built, needs_compiled

pytestmark = needs_compiled

SCAN = b"aa", 0, 2, 2
SPAN = *SCAN, None
LARGEST = (1 << 63) - 1
COSTS = 1.5, array("d", [1.0]) * (128 * 128), array("d", [1.0]) * 128
WEIGHTS = [4.1, 2.7, 2.7, 0.9]


def refused(name: str, *arguments: object) -> Callable[[], object]:
    return lambda: getattr(built, name)(*arguments)


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (refused("find", b"abcd", 0, 5, 2, b"ab", None), ValueError),  # beyond the end
        (refused("find", b"abcd", -2, 4, 2, b"ab", None), ValueError),
        (refused("find", b"abcd", 0, 4, 3, b"abc", None), ValueError),
        (refused("find", b"abcd", 0, 4, 2, b"abc", None), ValueError),
        (refused("find", b"abcd", 0, 4, 2, b"", None), ValueError),
        (refused("find", "abcd", 0, 4, 2, b"ab", None), TypeError),
        (refused("find_each", b"abcd", 0, 5, 2, []), ValueError),
        (refused("find_each", b"abcd", 0, 4, 2, [b"ab", b"abc"]), ValueError),
        (refused("find_each", b"abcd", 0, 4, 2, [b"ab", "ab"]), TypeError),
        (refused("find_each", b"abcd", 0, 4, 1, [b"a"]), ValueError),
        (refused("find_classes", b"abcd", [b"a"] * 65), ValueError),
        (refused("find_classes", b"abcd", [1]), TypeError),
        (refused("runs_heard", b"abcd", b"", 2, array("I")), ValueError),
        (refused("runs_heard", b"abcd", b"\1", 5, array("I")), ValueError),
        (refused("runs_heard", b"abcd", b"\1", 2, array("H")), TypeError),
        (refused("word_numbers", b"abcd", 0, 4, 2, b"", {}, {}, [""], bytearray(15)), ValueError),
        (refused("word_numbers", b"abcd", 0, 4, 2, b"", {}, {}, [""], bytearray(48)), ValueError),
        (refused("word_numbers", b"abcd", 0, 4, 2, b"\2", {}, {}, [], bytearray()), ValueError),
        (refused("word_numbers", b"abcd", 0, 4, 2, b"\2", {}, {}, [""], b""), TypeError),
        (refused("neighbours", array("I", [1]), array("q", [1]), array("q")), ValueError),
        (refused("neighbours", array("I", [1]), array("I", [1]), array("I", [1])), TypeError),
        (refused("neighbours", array("I", [1]), bytes(8), bytes(8)), (BufferError, TypeError)),
        (refused("jaro_winkler", "a", b"a"), TypeError),
        (refused("distances", "a", b"a", True, COSTS), TypeError),
        (refused("distances", "a", "a", True, (1.5, COSTS[1])), TypeError),
        (refused("distances", "a", "a", True, (1.5, b"a", COSTS[2])), TypeError),
        (refused("fitting_syllables", "a", [["a"]], [(0.0, 1.0)], COSTS), TypeError),
        (refused("fitting_syllables", "a", [[("a",)]], [(0.0, 1.0)], COSTS), TypeError),
        (refused("fitting_ways", "a", [(("a", 1.0),)], [(0.0, 1.0)], COSTS), ValueError),
        (refused("fitting_ways", "a", [[(("a", 1.0),)]], [0.0], COSTS), TypeError),
        (refused("unbroken", [7], 2, b"\1", 8), IndexError),
        (refused("unbroken", [0], 2, b"\1", 9), ValueError),
        (refused("unbroken", [10**30], 2, b"\1", 8), OverflowError),
        (refused("merged", [(0, 0, [5, 3])]), ValueError),
        (refused("merged", [(0, 0, [-1])]), ValueError),
        (refused("merged", [(0, [5])]), TypeError),
        (refused("hit_times", [(9, 0, 0)], [0, 9], [0]), IndexError),
        (refused("hit_times", [(1, 0, 0)], [0, 9], []), ValueError),
        (refused("times_at", [5, 3], [0, 4, 9], [0, 0]), IndexError),
        (refused("times_at", ["a"], [0, 9], [0]), TypeError),
        (refused("times_at", array("d", [1.0]), [0, 9], [0]), TypeError),
        (refused("slide", [(0, 2, 0)], [0], 9, 9, [1.0, 1.0], [1.0], 1.0, 0.0), IndexError),
        (refused("slide", [(0, -1, 0)], [0], 9, 9, [1.0, 1.0], [1.0], 1.0, 0.0), IndexError),
        (refused("slide", [(0, 0, 0)], [], 9, 9, [1.0], [1.0], 1.0, 0.0), ValueError),
        (refused("slide", [(0, 0, 0)], [0], 9, 9, [1.0], [], 1.0, 0.0), ValueError),
        (refused("slide", [5], [0], 9, 9, [1.0], [1.0], 1.0, 0.0), TypeError),
        (refused("joined_extents", ([0], [0], [1]), ([], [], []), [0], [1], [1], [0], 1, 1, True), IndexError),
        (refused("joined_extents", ([0], [0], []), ([], [], []), [0], [1], [1], [0], 1, 1, True), IndexError),
        (refused("joined_extents", ([], []), ([], [], []), [0], [1], [1], [0], 1, 1, True), TypeError),
        (refused("joined_extents", ([], [], []), ([], [], []), [0], [1], [], [0], 1, 1, True), ValueError),
        (refused("within", ["a"], [(0, 1)]), TypeError),
        (refused("outside_wholes", [(0, 1, 0)], [1], b"\1"), IndexError),
        (refused("outside_wholes", [(0, 0, 0)], [1], b"\1\1"), ValueError),
        (refused("damaged_block", b"abcd", 2, array("I", [0]), bytearray(2), 0, 2), IndexError),
        (refused("damaged_block", b"abcd", 2, array("I", [0, 0]), bytearray(1), 0, 2), IndexError),
        (refused("damaged_block", b"abcd", 2, array("I", [0, 0, 0]), bytearray(3), 0, 3), IndexError),
        (refused("damaged_block", b"abcd", 2, array("I", [0, 0]), bytes(2), 0, 2), TypeError),
        (refused("damaged_value", b"abcd", 2, array("I", [0]), bytearray(2), [0, 4], [0]), IndexError),
        (refused("damaged_value", b"abcd", 2, array("I", [0, 0]), bytearray(2), [0, 4], [1]), IndexError),
        (refused("damaged_value", b"abcd", 2, array("I", [0, 0]), bytearray(2), [0, 4], [-1]), IndexError),
        (refused("damaged_value", b"abcd", 0, array("I", [0, 0]), bytearray(2), [0, 4], [0]), IndexError),
        (refused("damaged_value", b"abcd", 2, array("I", [0, 0]), bytearray(2), [-2, 4], [0]), IndexError),
        (refused("damaged_value", b"abcd", 2, array("I", [0, 0]), bytearray(2), [0, 5], [0]), IndexError),
        (refused("damaged_value", b"abcd", 2, array("I", [0, 0]), bytearray(2), [4, 0], [0]), IndexError),
        (refused("damaged_value", b"abcd", 2, array("I", [0, 0]), bytearray(2), [0, LARGEST], [0]), IndexError),
        (refused("unpacked_block", [-1], (1,), (1,)), OverflowError),
        (refused("unpacked_block", [1 << 31, 1 << 31], (), ()), OverflowError),
        (refused("unpacked_block", [1], (float("inf"),), (1,)), OverflowError),
        (refused("unpacked_block", [1], (1.0,), (-1.0,)), OverflowError),
        (refused("unpacked_block", ["a"], (), ()), TypeError),
        (refused("unpacked_block", 5, (), ()), TypeError),
        (refused("ascends", [1, "a"]), TypeError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a1234", [1], 0, 0), ValueError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a123", [0], 0, 0), ValueError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a1234", [0], 2, 0), ValueError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a1234", [0], 0, 1), ValueError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a1234", [0], 0, -1), ValueError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a1234", [0], 0, LARGEST), ValueError),
        (refused("keyed_numbers", b"\0\0\0\1\0\0\0\4a1234", [-1], 0, 0), ValueError),
        (refused("relevances", [1], [], 1.0, 1.2, 0.75, ()), ValueError),
        (refused("relevances", [-1], [5], 1.0, 1.2, 0.75, ()), ValueError),
        (refused("relevances", [1 << 40], [5], 1.0, 1.2, 0.75, ()), ValueError),
        (refused("relevances", [1], [5], 1.0, 1.2, 0.75, ((1.0, 2.0),)), TypeError),
        (refused("relevances", [1], [5], 1.0, 1.2, 0.75, ((1.0, 2.0, {"a": 1}),)), TypeError),
        (refused("relevances", [1], [5], 1.0, 1.2, 0.75, ((1.0, 2.0, {1: "a"}),)), TypeError),
        (refused("most_gains", {1: 1}, {}, [0.0]), KeyError),
        (refused("most_gains", {1: -1}, {1: 1}, [0.0]), ValueError),
        (refused("most_gains", {1: 1}, {1: 1}, []), IndexError),
        (refused("episode_bounds", [1], ((5,),), 1.0), TypeError),
        (refused("episode_bounds", [1], (((1.0, {1: "a"}),),), 1.0), TypeError),
        (refused("terms_in", [1], [], ()), ValueError),
        (refused("terms_in", [1], [(b"", 0, 0)], ()), TypeError),
        (refused("terms_in", [1], [(b"", 0, 0, 2, None)], (5,)), TypeError),
        (refused("block_totals", [0, 4], [7], 2, 1, []), IndexError),
        (refused("block_totals", [0, 4], [0], 2, 1, [(1, 1, [[4]])]), IndexError),
        (refused("block_totals", [0, 4], [0], -1, 1, []), ValueError),
        (
            refused("likely_regions", *SCAN, [(0, b"a")], [], [1.0], [1.0], [0.0, 1.0], [0, 1], [0], 1, 1, 0.0),
            ValueError,
        ),
        (
            refused("likely_regions", *SCAN, [(1, b"aa")], [], [1.0], [1.0], [0.0, 1.0], [0, 1], [0], 1, 1, 0.0),
            ValueError,
        ),
        (
            refused("likely_regions", *SCAN, [], [(0, [9])], [1.0], [1.0], [0.0, 1.0], [0, 1], [0], 1, 1, 0.0),
            IndexError,
        ),
        (
            refused("likely_regions", *SCAN, [], [(3, [0])], [1.0], [1.0], [0.0, 1.0], [0, 1], [0], 1, 1, 0.0),
            IndexError,
        ),
        (refused("likely_regions", *SCAN, [], [], [1.0], [], [0.0, 1.0], [0, 1], [0], 1, 1, 0.0), ValueError),
        (refused("likely_regions", b"aa", 0, 4, 2, [], [], [], [], [0.0], [0, 1], [0], 1, 1, 0.0), ValueError),
        (refused("competing_regions", [(SPAN, [0, 1], [0], [(1.0, 1.0, [b"a"])])], [0.0], 1, 1, 0.0), ValueError),
        (refused("competing_regions", [(SPAN, [0, 1], [0], [(1.0, 1.0, [[9]])])], [0.0, 1.0], 1, 1, 0.0), IndexError),
        (refused("competing_regions", [(SPAN, [0, 1], [0], [(1.0, 1.0, [[2, 1]])])], [0.0], 1, 1, 0.0), ValueError),
        (refused("competing_regions", [(SPAN, [0, 1], [0], [1.0])], [0.0], 1, 1, 0.0), TypeError),
        (refused("competing_regions", [(SPAN, [0, 1], "a", [])], [0.0], 1, 1, 0.0), TypeError),
        (refused("competing_regions", [((b"aa", 0, 4, 2, None), None, None, [])], [0.0], 1, 1, 0.0), ValueError),
        (refused("competing_regions", [((b"aa", 0, 2, 2, b"")[:4], None, None, [])], [0.0], 1, 1, 0.0), TypeError),
        (refused("competing_regions", [], [], 1, 1, 0.0), ValueError),
        (refused("beside", [1, 0], [], [0, 0], [], 1, 1, 1), ValueError),
        (refused("beside", [1], [], [], [], 1, 1, 1), ValueError),
        (refused("group_bounds", [4], [1], [], WEIGHTS, [0.0], 1.0, 1, 8.0), IndexError),
        (refused("group_bounds", [0], [2], [], WEIGHTS, [0.0], 1.0, 1, 8.0), ValueError),
        (refused("group_bounds", [0], [1], [0, 2], WEIGHTS, [0.0], 1.0, 1, 8.0), ValueError),
        (refused("group_bounds", [0], [1], [], WEIGHTS, [0.0], 1.0, 0, 8.0), ValueError),
        (refused("group_mosts", ([4], [1], [], WEIGHTS, [0.0], 1.0, 1, 8.0), 1.0, 1.0, 0.0, 0.0), IndexError),
        (refused("group_mosts", ([0], [2], [], WEIGHTS, [0.0], 1.0, 1, 8.0), 1.0, 1.0, 0.0, 0.0), ValueError),
        (refused("group_mosts", ([0], [1]), 1.0, 1.0, 0.0, 0.0), TypeError),
        (refused("group_mosts", [], 1.0, 1.0, 0.0, 0.0), TypeError),
        (refused("grouped", [(0, [3])], 1, [0], [0, 3], [0], 1, 1), IndexError),
        (refused("grouped", [(1, [0])], 1, [0], [0, 3], [0], 1, 1), IndexError),
        (refused("grouped", [(2, [0])], 1, [0, 0, 0], [0, 3], [0], 1, 1), IndexError),
        (refused("grouped", [(0, [1, 0])], 1, [0], [0, 3], [0], 1, 1), ValueError),
        (refused("grouped", [(0, [1 << 50])], 1, [0], [0, 3], [0], 1, 1), ValueError),
        (refused("grouped", [(0, [0])], 40, [0], [0, 3], [0], 1, 1), ValueError),
        (refused("grouped", [(0, [0])], 1, [0], [0, 3, 3], [5, 4], 1, 1), ValueError),
        (refused("grouped", [(0, [0])], 1, [0], [0, 3, 2], [4, 5], 1, 1), ValueError),
        (refused("grouped", [(0, [0])], 1, [0], [0, 3], [], 1, 1), ValueError),
        (refused("grouped", [0], 1, [0], [0, 3], [0], 1, 1), TypeError),
        (refused("close_gains", [0, 1], [0], WEIGHTS, 8.0), ValueError),
        (refused("close_gains", [0], [4], WEIGHTS, 8.0), IndexError),
        (refused("shared_gains", "a", [("a",)]), TypeError),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[], object], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        call()


def test_a_region_without_a_unit_is_not_read() -> None:
    assert refused("find", b"aaaaaaaa", 0, 8, 2, b"aa", [(1, -LARGEST - 1), (LARGEST, 2), (2, 2), (9, 9)])() == []


def test_what_is_refused_keeps_no_memory() -> None:
    sums: list[object] = [*range(100_000), None]
    tracemalloc.start()
    try:
        for _ in range(2):
            with pytest.raises(TypeError):
                refused("damaged_block", b"", 1, sums, bytearray(1), 0, 0)()
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()
