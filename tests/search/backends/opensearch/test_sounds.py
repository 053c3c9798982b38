"""Conditions of many sounds are asked for in parts, each with few enough clauses for one query."""

from __future__ import annotations

from itertools import product

import pytest

from search.backends.conditions import EVERY, Disjunction, HasSounds, Holds
from search.backends.opensearch import clauses, queries
from search.backends.opensearch.sounds import parts_of


def classes(*sizes: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(range(10 * at, 10 * at + size)) for at, size in enumerate(sizes))


@pytest.mark.parametrize("sizes", [(18, 15, 22, 11, 17), (18, 15, 22, 19, 17), (11, 8, 12, 14, 18, 33), (40, 30, 2)])
def test_each_part_names_its_sounds_in_their_order(sizes: tuple[int, ...]) -> None:
    whole = HasSounds(classes(*sizes))
    assert "intervals" not in str(queries.of_episodes(whole))
    parts = parts_of(whole)
    assert 1 < len(parts) <= 8
    for one in parts:
        query = queries.of_episodes(one)
        assert "intervals" in str(query)
        assert clauses.ways_to_sound(query) <= queries.MOST_ALONE


def test_all_parts_together_are_the_condition() -> None:
    whole = HasSounds(classes(3, 31, 33, 2))
    parts = parts_of(whole)
    ways = [way for one in parts if isinstance(one, HasSounds) for way in product(*one.classes)]
    assert len(parts) > 1
    assert sorted(ways) == sorted(product(*whole.classes))


def test_known_ways_are_told_apart_by_their_sound_at_one_place() -> None:
    ways = tuple((first, 10 + at, 20 + at, 30 + last) for at in range(20) for first in range(3) for last in range(9))
    whole = HasSounds(classes(3, 20, 20, 9), ways=ways)
    parts = parts_of(whole)
    assert len(parts) > 0 and all(
        clauses.ways_to_sound(queries.of_episodes(one)) <= queries.MOST_ALONE for one in parts
    )
    each = [one for part in parts if isinstance(part, Disjunction) for one in part.conditions]
    assert sorted(way for one in each if isinstance(one, HasSounds) for way in product(*one.classes)) == sorted(ways)


@pytest.mark.parametrize(
    "condition",
    [
        EVERY,
        Holds(("强", "化")),
        HasSounds(classes(5, 5, 5)),
        HasSounds(classes(60, 60)),
        HasSounds(classes(*[90] * 9)),
    ],
    ids=["no condition", "a run", "few", "of two, which are one clause", "too many"],
)
def test_other_conditions_are_asked_for_as_they_are(condition: HasSounds) -> None:
    assert parts_of(condition) == [condition]
