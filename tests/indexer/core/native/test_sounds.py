"""What mishearing costs, and which syllables fit a name, compiled as in Python and by definition."""

from __future__ import annotations

from array import array
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.source.compiled import EITHER

from indexer.core.native import pure
from search.expansion.similarity.sounds import COSTS

PHONES = st.text("aeioubptdnmrCS\x00é京", max_size=6)
SYLLABLE = st.lists(st.tuples(PHONES, st.sampled_from((0.0, 0.4, 1.4, 2.0))), min_size=1, max_size=2).map(tuple)
SAID = st.lists(st.lists(SYLLABLE, min_size=1, max_size=3), min_size=1, max_size=4)
LIMITS = st.lists(st.tuples(st.sampled_from((0.0, 0.28)), st.sampled_from((0.5, 1.5, 1e-9))), min_size=1, max_size=2)
OTHER_TABLES = [(1.5, array("d", [1.0]), COSTS[2]), (1.5, COSTS[1], array("d", [1.0]))]


def cheapest(one: str, other: str, first: float) -> float:
    """The cost of the cheapest way to make one of the other, by definition."""
    _, changed, lost = COSTS
    number = [ord(phone) if ord(phone) < 128 else 0 for phone in one + other]
    ones, others = number[: len(one)], number[len(one) :]

    def least(at: int, place: int) -> float:
        if at == place == 0:
            return 0.0
        ways = []
        if at:
            ways.append(least(at - 1, place) + lost[ones[at - 1]] * (first if at == 1 and not place else 1.0))
        if place:
            ways.append(least(at, place - 1) + lost[others[place - 1]] * (first if place == 1 and not at else 1.0))
        if at and place:
            both_known = max(ord(one[at - 1]), ord(other[place - 1])) < 128
            change = changed[ones[at - 1] * 128 + others[place - 1] if both_known else 0]
            same = one[at - 1] == other[place - 1]
            ways.append(least(at - 1, place - 1) + (0.0 if same else change) * (first if at == place == 1 else 1.0))
        return min(ways)

    return least(len(one), len(other))


@pytest.mark.parametrize("functions", EITHER)
@given(one=PHONES, other=PHONES, is_first=st.booleans())
@example(one="é", other="京", is_first=True)
@example(one="", other="", is_first=False)
def test_each_beginning_costs_what_the_cheapest_way_does(functions: Any, one: str, other: str, is_first: bool) -> None:
    found = functions.distances(one, other, is_first, COSTS)
    assert found == pure.distances(one, other, is_first, COSTS)
    if len(one) + len(other) <= 8:
        first = COSTS[0] if is_first else 1.0
        assert found == pytest.approx([cheapest(one[:end], other, first) for end in range(len(one) + 1)])


@pytest.mark.parametrize("functions", EITHER)
@given(phones=PHONES, said=SAID, limits=LIMITS)
def test_syllables_and_ways_that_fit_are_the_same_in_both(
    functions: Any, phones: str, said: Any, limits: list[tuple[float, float]]
) -> None:
    kept = functions.fitting_syllables(phones, said, limits, COSTS)
    ways = list(functions.fitting_ways(phones, said, limits, COSTS))
    assert kept == pure.fitting_syllables(phones, said, limits, COSTS)
    assert ways == list(pure.fitting_ways(phones, said, limits, COSTS))
    assert ways == [way for way in product(*map(range, map(len, said))) if way in set(ways)]
    assert all(number in some for way in ways for number, some in zip(way, kept, strict=True))


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize(
    ("said", "limits", "problem"),
    [
        ([], [(0.0, 1.0)], "1 to 64 pieces"),
        ([[(("a", 1.0),)]] * 65, [(0.0, 1.0)], "1 to 64 pieces"),
        ([[]], [(0.0, 1.0)], "has a list of syllables"),
        ([[(("a", 1.0),)]], [], "1 to 4 limits"),
        ([[(("a", 1.0),)]], [(0.0, 1.0)] * 5, "1 to 4 limits"),
    ],
)
def test_names_without_pieces_syllables_or_limits_are_refused(
    functions: Any, said: Any, limits: Any, problem: str
) -> None:
    for function in (functions.fitting_syllables, functions.fitting_ways):
        with pytest.raises(ValueError, match=problem):
            function("a", said, limits, COSTS)


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize("costs", OTHER_TABLES)
def test_costs_of_another_number_of_phones_are_refused(functions: Any, costs: Any) -> None:
    with pytest.raises(ValueError, match="each pair of 128 phones"):
        functions.distances("a", "b", True, costs)
    with pytest.raises(ValueError, match="each pair of 128 phones"):
        functions.fitting_ways("a", [[(("a", 1.0),)]], [(0.0, 1.0)], costs)
