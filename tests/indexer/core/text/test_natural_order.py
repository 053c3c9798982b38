"""Names are sorted as people count."""

from __future__ import annotations

from itertools import permutations

import pytest
from support.library import Tools, spaced

from indexer.core.text.natural_order import natural


@pytest.mark.parametrize(
    "ordered",
    [
        ("第3期", "第12期", "第123期"),
        ("1", "01 b", "2", "a1b2", "a1b10", "a10b1", "第"),
        ("", "0", "00 a", "1" * 5000, "a"),
    ],
)
def test_numbers_come_by_value(ordered: tuple[str, ...]) -> None:
    for mixed in list(permutations(ordered))[:50]:
        assert tuple(sorted(mixed, key=natural)) == ordered


def test_episodes_without_a_date_are_listed_by_their_numbers(tools: Tools) -> None:
    with tools.library({f"第{number}期": spaced(["喝茶"]) for number in (12, 3, 101)}) as library:
        assert [episode.title for episode in library.episodes()] == ["第3期", "第12期", "第101期"]
