"""Borders are chosen by what may be expected of them over all partings: probabilities and worth against naive sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, combinations, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.exploration.chapters.border_choice import (
    NEAR,
    OWN,
    SPACING,
    SURENESS,
    TELLING,
    _Splits,
    _Worth,
    most_often_right,
    probabilities,
)
from search.exploration.chapters.topic_segmentation import Speech

spoken = st.lists(st.frozensets(st.integers(1, 5), max_size=4), min_size=1, max_size=7)


def speech(stretches: Sequence[frozenset[int]], shortest: int = 1) -> Speech:
    """Every word as usual as another; long sections lose a little, none may be shorter than so many."""
    return Speech(
        stretches,
        dict.fromkeys(range(1, 6), 0.1),
        lambda begin, end: -0.01 * (end - begin) ** 2 if end - begin >= shortest else -math.inf,
    )


@given(stretches=spoken, shortest=st.integers(1, 3), data=st.data())
def test_a_border_is_as_probable_as_the_partings_that_have_it(
    stretches: list[frozenset[int]], shortest: int, data: st.DataObject
) -> None:
    made, size = speech(stretches, shortest), len(stretches)
    gains = data.draw(st.lists(st.floats(-20, 20), min_size=size, max_size=size))
    price = data.draw(st.floats(-3, 3))

    def likely(borders: Sequence[int]) -> float:
        sections = [*pairwise([0, *borders, size])]
        if any(end - begin < shortest for begin, end in sections):
            return 0.0
        said = sum(made._likelihood(begin, end) - 0.01 * (end - begin) ** 2 for begin, end in sections)
        return math.exp(SURENESS * (said + sum(gains[border] for border in borders)) - price * len(borders))

    partings = {borders: likely(borders) for count in range(size) for borders in combinations(range(1, size), count)}
    whole = sum(partings.values())
    probable = _Splits(made.sections(), gains).borders(price)
    for at in range(size):
        with_it = sum(worth for borders, worth in partings.items() if at in borders)
        assert probable[at] == pytest.approx(with_it / whole if whole else 0.0, abs=1e-9)


@given(
    stretches=st.lists(st.frozensets(st.integers(1, 5), max_size=4), min_size=20, max_size=40), number=st.integers(1, 6)
)
def test_about_as_many_borders_are_expected_as_are_wanted(stretches: list[frozenset[int]], number: int) -> None:
    expected = sum(probabilities(speech(stretches).sections(), [0.0] * len(stretches), number))
    assert 0.8 * number < expected < 1.25 * number


def test_between_places_of_equal_odds_a_border_is_proposed_and_none_twice_near_another() -> None:
    # Twice as probable as any other is the place at 600 s; but those around 300 s are more together.
    seconds = [5.0 * n for n in range(240)]
    probable = [0.0] * 239
    probable[120] = 0.2
    for at in (56, 60, 64):
        probable[at] = 0.1
    assert most_often_right(seconds, probable, 1, [], 45.0) == [60]
    chosen = most_often_right(seconds, probable, 9, [], 45.0)
    assert chosen == [60, 120]


def test_given_borders_come_first_and_keep_others_away() -> None:
    seconds = [5.0 * n for n in range(240)]
    probable = [0.01] * 239
    probable[60] = 0.9
    assert most_often_right(seconds, probable, 1, [100, 62], 45.0) == [62, 100]
    chosen = most_often_right(seconds, probable, 5, [62], 45.0)
    assert 62 in chosen and 60 not in chosen and len(chosen) == 5
    assert all(seconds[b] - seconds[a] >= SPACING for a, b in pairwise(chosen))


@given(
    lengths=st.lists(st.floats(5, 40), min_size=4, max_size=40),
    number=st.integers(1, 5),
    data=st.data(),
)
def test_what_a_border_adds_is_what_pairs_and_borders_found_would_change(
    lengths: list[float], number: int, data: st.DataObject
) -> None:
    seconds = [*accumulate(lengths, initial=0.0)]
    size = len(lengths)
    probable = [0.0, *data.draw(st.lists(st.floats(0, 0.3), min_size=size - 1, max_size=size - 1))]
    worth = _Worth(seconds, probable, number)
    *chosen, border = data.draw(st.lists(st.integers(1, size - 1), min_size=1, max_size=3, unique=True))

    def told_right(borders: Sequence[int], step: float = 0.02) -> float:
        """The sum over pairs, by numerical integration, of what a border in them is worth."""
        right = 0.0
        for n in range(int(seconds[-1] / step)):
            begin = (n + 0.5) * step
            if any(begin < seconds[at] <= begin + worth.apart for at in borders):
                inside = (probable[at] for at in range(size) if begin < seconds[at] <= begin + worth.apart)
                right += step * (2 * min(1.0, sum(inside)) - 1)
        return right

    # A border 30 s away counts or does not, as the last bit of a difference has it.
    assume(all(abs(abs(seconds[at] - seconds[border]) - NEAR) > 1e-6 for at in range(size)))
    near = sum(p for at, p in enumerate(probable) if -NEAR < seconds[at] - seconds[border] <= NEAR)
    pairs = told_right([*chosen, border]) - told_right(chosen)
    expected = (min(1.0, near) + OWN * probable[border]) / number
    expected += TELLING * pairs / max(1.0, seconds[-1] - worth.apart)
    assert worth.of(border, sorted(chosen)) == pytest.approx(expected, abs=0.02)
