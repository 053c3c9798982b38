"""The syllables that are looked for are those of which a text sounds enough like a name."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.expansion.similarity import sounds
from search.expansion.similarity.fitting_syllables import fitting, likeliest_ways, ways_to_fit

SYLLABLES = ("rui", "di", "si", "ti", "lei", "gou", "ma", "an", "na", "xi", "wu", "nan", "tian", "o", "qi", "da")
NAMES = ("redis", "ugudod", "nemotron", "aime", "tsylana", "onalug", "x")
"""With and without phones that a text has twice in a row, or has not at the beginning."""


def alike(name: str, text: tuple[str, ...]) -> float:
    return sounds.alike(sounds.of_letters(name), sounds.joined(map(sounds.of_syllable, text)))


@given(
    name=st.sampled_from(NAMES),
    pieces=st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4, unique=True), min_size=1, max_size=4),
    least=st.sampled_from((0.3, 0.5, 0.72, 0.8, 0.9)),
)
def test_all_texts_that_are_alike_enough_are_of_fitting_syllables(
    name: str, pieces: list[list[str]], least: float
) -> None:
    phones = sounds.of_letters(name)
    wanted = [text for text in product(*pieces) if alike(name, text) >= least]
    kept = fitting(phones, pieces, least)
    found = ways_to_fit(phones, pieces, least)
    assert [text for text in found if alike(name, text) >= least] == wanted
    assert all(alike(name, text) >= least - 1e-6 for text in found)
    assert set(wanted) <= set(product(*kept))
    assert kept or not wanted
    assert all(set(some) <= set(every) for some, every in zip(kept, pieces, strict=False))


@given(
    name=st.sampled_from(NAMES),
    pieces=st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4, unique=True), min_size=1, max_size=4),
    least=st.sampled_from((0.3, 0.72, 0.9)),
    most=st.integers(0, 20),
)
def test_of_too_many_texts_the_likeliest_are_kept(name: str, pieces: list[list[str]], least: float, most: int) -> None:
    phones = sounds.of_letters(name)
    every, kept = ways_to_fit(phones, pieces, least), likeliest_ways(phones, pieces, least, most)
    assert len(kept) <= most and set(kept) <= set(every)
    assert kept == every or len(every) > most
    left_out = [alike(name, text) for text in set(every).difference(kept)]
    assert all(alike(name, text) >= max(left_out, default=0.0) - 1e-6 for text in kept)


@pytest.mark.parametrize(
    ("least", "kept"),
    [(0.8, [["rui"], ["di", "ti"], ["si"]]), (0.3, [["rui", "ma"], ["di", "ti", "ma"], ["si"]]), (1.1, [])],
)
def test_what_costs_too_much_whatever_is_beside_it_is_left_out(least: float, kept: list[list[str]]) -> None:
    assert fitting(sounds.of_letters("redis"), [["rui", "ma"], ["di", "ti", "ma"], ["si"]], least) == kept
