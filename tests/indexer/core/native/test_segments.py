"""What is read of segments is verified and unpacked as in Python."""

from __future__ import annotations

import random
from array import array
from itertools import accumulate
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built, needs_compiled

from indexer.core import native
from indexer.core.native import pure

pytestmark = needs_compiled


def alike(name: str, *arguments: Any) -> None:
    """The same result, to the last digit."""
    assert getattr(built, name)(*arguments) == getattr(pure, name)(*arguments)


@given(st.integers(0, 700), st.sampled_from((1, 7, 16, 64, 79, 128, 300)), st.none() | st.integers(0, 699), st.data())
def test_damaged_blocks(length: int, size: int, damaged: int | None, data: st.DataObject) -> None:
    content = random.Random(length).randbytes(length)
    blocks = [content[at : at + size] for at in range(0, length, size)]
    sums = array("I", map(crc32, blocks))
    damaged = damaged if damaged is not None and damaged < length else None
    if damaged is not None:
        content = content[:damaged] + bytes([content[damaged] ^ 64]) + content[damaged + 1 :]
    seen = data.draw(st.sets(st.integers(0, len(blocks)), max_size=4))
    unseen = bytearray(at not in seen for at in range(len(blocks)))
    first, last = sorted((data.draw(st.integers(0, len(blocks))), data.draw(st.integers(0, len(blocks)))))
    left = [unseen, bytearray(unseen)]
    arguments = [(content, size, sums, mine, first, last) for mine in left]
    found = pure.damaged_block(*arguments[0])
    assert built and built.damaged_block(*arguments[1]) == found
    assert left[0] == left[1]
    wrong = [at for at in range(first, last) if at not in seen and damaged is not None and at == damaged // size]
    assert found == (wrong[0] if wrong else -1)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9), st.sampled_from((1, 7, 16)), st.data())
def test_damaged_values(lengths: list[int], size: int, data: st.DataObject) -> None:
    starts = array("q", accumulate(lengths, initial=0))
    content = random.Random(size).randbytes(starts[-1])
    sums = array("I", (crc32(content[at : at + size]) for at in range(0, len(content), size)))
    damaged = data.draw(st.none() | st.sampled_from(range(len(sums)))) if sums else None
    if damaged is not None:
        sums[damaged] ^= 1
    numbers = data.draw(st.lists(st.sampled_from(range(len(lengths))), max_size=5))
    left = [bytearray(b"\1") * len(sums) for _ in range(2)]
    found = pure.damaged_value(content, size, sums, left[0], starts, numbers)
    assert built and built.damaged_value(content, size, sums, left[1], starts, numbers) == found
    assert left[0] == left[1]
    blocks = {at for number in numbers for at in range(starts[number] // size, -(-starts[number + 1] // size))}
    assert found[0] == (damaged if damaged in blocks else -1)
    assert found[1] == left[0].count(0)
    if found[0] < 0:
        assert {at for at, unseen in enumerate(left[0]) if not unseen} == blocks


@given(
    st.lists(st.integers(0, 99), max_size=30),
    st.lists(st.integers(0, 30), max_size=30).flatmap(
        lambda counts: st.tuples(st.just(tuple(map(float, counts))), st.just(counts[::-1]), st.booleans())
    ),
)
def test_blocks_of_postings(differences: list[int], counts: tuple[tuple[float, ...], list[int], bool]) -> None:
    weights, peaks, alone = counts
    alike("unpacked_block", differences, weights, weights if alone else peaks)
    documents, _, _ = native.unpacked_block(iter(differences), (), ())
    assert list(array("I", documents)) == list(accumulate(differences))


@given(st.lists(st.tuples(st.binary(min_size=2, max_size=6), st.integers(0, (1 << 32) - 1), st.binary(max_size=3))))
def test_keys_with_a_number_of_each_value(several: list[tuple[bytes, int, bytes]]) -> None:
    values = [after[:2].ljust(2) + number.to_bytes(4, "big") + after for _, number, after in several]
    records = [
        len(key).to_bytes(4, "big") + len(value).to_bytes(4, "big") + key + value
        for (key, _, _), value in zip(several, values, strict=True)
    ]
    places = array("q", accumulate(map(len, records), initial=4))[:-1]
    data = b"HSH3" + b"".join(records)
    alike("keyed_numbers", data, places, 2, 2)
    assert native.keyed_numbers(data, places, 2, 2) == [(key[2:], number) for key, number, _ in several]


@given(st.lists(st.integers(-3, 3), max_size=6))
def test_whether_numbers_ascend(numbers: list[int]) -> None:
    alike("ascends", numbers)
    for one in (numbers, tuple(numbers), array("q", numbers), memoryview(array("h", numbers))):
        assert native.ascends(one) == (sorted(numbers) == numbers)


@given(
    st.dictionaries(st.integers(0, 30), st.integers(0, 900), max_size=8),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 9), st.dictionaries(st.integers(0, 40), st.integers(1, 50)))),
    st.sampled_from((0.0, 7.5, 120.0)),
)
def test_the_relevance_of_episodes(
    lengths: dict[int, int], terms: list[tuple[float, float, dict[int, int]]], average: float
) -> None:
    episodes, sizes = list(lengths), list(lengths.values())
    alike("relevances", episodes, sizes, average, 1.2, 0.75, tuple(terms))


@pytest.mark.parametrize("module", [built, pure])
@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("unpacked_block", ([9, 9, -1], (1, 1, 1), (1, 1, 1)), OverflowError),  # documents that do not ascend
        ("keyed_numbers", (b"", [], 0, -1), ValueError),
        ("damaged_value", (b"abcd", 2, array("I", [0, 0]), bytearray(2), [0, 4], [0, 1]), IndexError),  # none verified
        ("damaged_value", (b"abcd", 2, array("I", [0, 0]), bytearray(2), [4, 0], [0]), IndexError),
    ],
)
def test_what_cannot_be_is_refused_alike(module: Any, name: str, arguments: Any, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        getattr(module, name)(*arguments)
