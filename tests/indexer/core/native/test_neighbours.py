"""The neighbours of words are listed alike, compiled and in Python, and as defined."""

from __future__ import annotations

from array import array
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import EITHER, built

from indexer.core.native import pure

numbers = st.lists(st.integers(0, 5) | st.integers(0, 2**32 - 1), max_size=40).map(lambda found: array("I", found))
wanted = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=6)


def listed(packed: bytes) -> list[tuple[int, int]]:
    return [divmod(pair, 1 << 32) for pair in memoryview(packed).cast("Q")]


@pytest.mark.parametrize("module", EITHER)
def test_each_pair_counts_once(module: ModuleType) -> None:
    before, after = array("q", [0, 0, 2, 1]), array("q", [0, 0, 9, 1])
    found = module.neighbours(array("I", [2, 7, 3, 2, 7, 2, 3]), before, after)
    assert list(map(listed, found)) == [[(2, 0), (2, 3), (2, 7), (3, 2), (3, 7)], [(2, 3), (2, 7), (3, 0), (3, 2)]]
    assert (list(before), list(after)) == ([0, 0, -1, -1], [0, 0, 7, -1])
    found = module.neighbours(array("I", [2, 7, 3, 2]), before, after)
    assert list(map(listed, found)) == [[], []], "enough are known on one side"
    assert module.neighbours(array("I"), before, after) == (b"", b"")


@given(numbers, wanted)
def test_neighbours_are_those_of_words_that_are_wanted(run: array[int], sides: list[tuple[int, int]]) -> None:
    results = []
    for module in filter(None, (pure, built)):
        before, after = (array("q", [side[which] for side in sides]) for which in (0, 1))
        found = tuple(map(listed, module.neighbours(run, before, after)))
        results.append((found, before, after))
    assert all(result == results[0] for result in results)
    around = [0, *run, 0]
    here = [at for at, word in enumerate(run, 1) if word < len(sides) and min(sides[word]) > 0]
    (ahead, behind), before, _ = results[0]
    assert ahead == sorted({(around[at], around[at - 1]) for at in here})
    assert behind == sorted({(around[at], around[at + 1]) for at in here})
    for word, (left, _) in enumerate(sides):
        assert before[word] == left - sum(one == word for one, _ in ahead)


@pytest.mark.parametrize("module", EITHER)
def test_each_word_has_two_sides(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="two sides"):
        module.neighbours(array("I", [1]), array("q", [0, 1]), array("q", [0]))
