"""The measures give what their formulas give by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.exploration.counting.measures import (
    contingency,
    critical,
    entropy,
    information,
    log_dice,
    log_likelihood,
    log_ratio,
)

counts = st.integers(0, 50)


def test_log_likelihood_compares_what_is_there_with_an_even_share() -> None:
    # 10 in 100 words and 5 in 100: an even share is 7.5 each.
    # 2 * (10 * ln(10 / 7.5) + 5 * ln(5 / 7.5)) = 2 * (2.876821 - 2.027326) = 1.698990
    assert log_likelihood(10, 100, 5, 100) == pytest.approx(1.698990, abs=1e-6)


def test_log_likelihood_of_a_word_that_one_corpus_lacks() -> None:
    # 4 in 100 words and none in 300: expected are 1 and 3. 2 * 4 * ln(4 / 1) = 11.090355
    assert log_likelihood(4, 100, 0, 300) == pytest.approx(11.090355, abs=1e-6)


@given(counts, counts)
def test_log_likelihood_does_not_ask_which_corpus_comes_first(one: int, other: int) -> None:
    forth, back = log_likelihood(one, 60, other, 90), log_likelihood(other, 90, one, 60)
    assert forth == pytest.approx(back) and forth >= -1e-9


def test_an_even_share_is_no_difference() -> None:
    assert log_likelihood(6, 60, 9, 90) == pytest.approx(0)
    assert log_ratio(6, 60, 9, 90) == 0


def test_contingency_adds_up_all_four_cells() -> None:
    # Of 100 words 10 are near, 20 are the word, 8 are both. Observed 8, 2, 12, 78; expected 10 * 20 / 100 = 2, then
    # 8, 18, 72. 2 * (8 ln 4 + 2 ln(2/8) + 12 ln(12/18) + 78 ln(78/72))
    # = 2 * (11.090355 - 2.772589 - 4.865581 + 6.243332) = 19.391033
    assert contingency(8, 10, 20, 100) == pytest.approx(19.391033, abs=1e-5)


def test_contingency_of_independent_events_is_nothing() -> None:
    assert contingency(2, 10, 20, 100) == pytest.approx(0)


def test_log_ratio_counts_doublings() -> None:
    assert log_ratio(8, 100, 1, 100) == 3  # eight times as often
    assert log_ratio(1, 100, 4, 100) == -2


def test_log_ratio_takes_half_an_occurrence_for_none() -> None:
    assert log_ratio(4, 100, 0, 100) == 3  # 4 / 0.5 = 8


def test_log_dice_is_14_for_words_that_are_never_apart() -> None:
    assert log_dice(5, 5, 5) == 14
    assert log_dice(5, 15, 5) == 13  # 2 * 5 / 20 is a half


def test_information_is_how_many_times_as_often_as_by_chance() -> None:
    # 8 of 64 each: by chance 1 would have both. 4 have: four times as many, two bits.
    assert information(4, 8, 8, 64) == 2


def test_entropy_is_the_number_of_even_choices() -> None:
    assert entropy([2, 1, 1]) == 1.5  # half of it one bit, two quarters of two bits
    assert entropy([]) == 0


@given(st.lists(st.integers(1, 40), min_size=1))
def test_no_entropy_is_more_than_that_of_as_many_even_choices(chosen: list[int]) -> None:
    assert 0 <= entropy(chosen) <= math.log2(len(chosen)) + 1e-9


@pytest.mark.parametrize(("chance", "g2"), [(0.05, 3.84), (0.01, 6.63), (0.001, 10.83), (0.0001, 15.13)])
def test_critical_values_are_those_of_the_tables(chance: float, g2: float) -> None:
    assert critical(chance) == pytest.approx(g2, abs=0.01)
