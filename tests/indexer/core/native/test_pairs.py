"""Neighbours in runs of numbers are counted alike, compiled and in Python."""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import pairwise
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built

from indexer.core.native import pure

MODULES = [pure, *([built] if built else [])]
numbers = st.lists(st.integers(0, 5) | st.integers(0, 2**32 - 1), max_size=40).map(lambda found: array("I", found))


@given(st.lists(numbers, max_size=4), st.sampled_from([1, 8, 4096]), st.integers(1, 4))
def test_pairs_that_are_frequent_are_likely(runs: list[array[int]], size: int, least: int) -> None:
    results = []
    for module in MODULES:
        buckets = array("H", bytes(2 * size))
        for run in runs:
            module.tally_pairs(run, buckets)
        results.append((buckets, [module.likely_pairs(run, buckets, least) for run in runs]))
    assert all(result == results[0] for result in results)
    pairs = Counter(pair for run in runs for pair in pairwise(run) if all(pair))
    found = Counter(divmod(key, 1 << 32) for packed in results[0][1] for key in memoryview(packed).cast("Q"))
    assert {pair: found[pair] for pair, n in pairs.items() if n >= least} == {
        pair: n for pair, n in pairs.items() if n >= least
    }


@given(numbers)
def test_numbers_are_translated(run: array[int]) -> None:
    table = array("I", [0, 7, 0, 9])
    expected = array("I", [dict(enumerate(table)).get(number, 0) for number in run]).tobytes()
    assert all(module.translated(run, table) == expected for module in MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_bucket_counts_up_to_its_most(module: ModuleType) -> None:
    buckets = array("H", [0xFFFE])
    module.tally_pairs(array("I", [1, 1, 1, 1]), buckets)
    assert list(buckets) == [0xFFFF]
    assert len(module.likely_pairs(array("I", [2, 3]), buckets, 1_000_000)) == 8


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("size", [0, 3])
def test_buckets_are_a_power_of_two(module: ModuleType, size: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        module.tally_pairs(array("I", [1, 2]), array("H", bytes(2 * size)))
    with pytest.raises(ValueError, match="power of two"):
        module.likely_pairs(array("I", [1, 2]), array("H", bytes(2 * size)), 1)
