"""The compiled comparison of vectors gives what its twin in Python gives, with numpy and without, to the last digit."""

from __future__ import annotations

import random
import struct
import sys
from array import array
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built, needs_compiled

from indexer.core import native
from indexer.core.native import pure

values = st.lists(st.sampled_from((0.0, -1.5, 0.25, 3.0, 1e9)) | st.floats(-10, 10), max_size=60)


def alike(name: str, *arguments: Any) -> Any:
    found = getattr(pure, name)(*arguments)
    assert getattr(built, name)(*arguments) == found
    return found


def drawn(rows: int, size: int) -> tuple[bytes, bytes, bytes]:
    chance = random.Random(rows * 1000 + size)
    vectors = bytes(chance.randrange(256) for _ in range(rows * size))
    scale = struct.pack(f"<{rows}f", *(chance.random() for _ in range(rows)))
    return vectors, scale, array("h", (chance.randrange(-9000, 9000) for _ in range(size))).tobytes()


@needs_compiled
@pytest.mark.parametrize("size", [1, 15, 16, 17, 384])
def test_products(size: int) -> None:
    vectors, scale, question = drawn(7, size)
    assert len(alike("products", memoryview(vectors), memoryview(scale), question)) == 7 * 8
    assert alike("products", b"", b"", question) == b""


def test_products_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    known = pure.products(*drawn(5, 33))
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert pure.products(*drawn(5, 33)) == known


@needs_compiled
def test_the_largest_numbers_do_not_overflow() -> None:
    amount, largest = 511, (1 << 15) - 1
    question = array("h", [largest] * amount).tobytes()
    found = alike("products", bytes([128] * amount), struct.pack("<f", 1.0), question)
    assert struct.unpack("d", found) == (-128.0 * amount * largest,)


@needs_compiled
@given(values)
def test_standard_deviations(numbers: list[float]) -> None:
    alike("standardized", array("d", numbers).tobytes())


@needs_compiled
@given(values, st.lists(st.integers(1, 6), max_size=9))
def test_means_of_the_best(numbers: list[float], amounts: list[int]) -> None:
    starts = [start for start in accumulate(amounts, initial=0) if start <= len(numbers)]
    alike("best_means", array("d", numbers).tobytes(), starts)


def test_equal_values_count_once_and_the_least_again_where_there_are_few() -> None:
    packed = array("d", [5.0, 5.0, 2.0, 7.0, 1.0, 2.0, 3.0, 4.0]).tobytes()
    assert array("d", native.best_means(packed, [0, 3, 4, 8])).tolist() == [3.0, 7.0, 3.0]


@needs_compiled
@given(values, st.integers(0, 70), st.data())
def test_the_largest(numbers: list[float], most: int, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(numbers)))
    end = data.draw(st.integers(begin, len(numbers)))
    found = alike("largest", array("d", numbers).tobytes(), begin, end, most)
    assert found == sorted(range(begin, end), key=lambda place: (-numbers[place], place))[:most]


REFUSED = [
    ("products", (b"\1\2\3", bytes(4), b"\1\0\1\0")),
    ("products", (b"\1", bytes(3), b"\1\0")),
    ("products", (b"", b"", b"")),
    ("products", (bytes(600), bytes(4), array("h", [-(1 << 15)] * 600).tobytes())),
    ("best_means", (bytes(16), [0, 3])),
    ("best_means", (bytes(16), [1, 1])),
    ("best_means", (bytes(16), [-1, 1])),
    ("largest", (bytes(16), 0, 3, 1)),
    ("largest", (bytes(16), 2, 1, 1)),
    ("largest", (bytes(16), 0, 1, -1)),
]


@pytest.mark.parametrize(("name", "arguments"), REFUSED)
def test_what_does_not_fit_is_refused(name: str, arguments: tuple[Any, ...]) -> None:
    for functions in filter(None, (built, pure)):
        with pytest.raises(ValueError, match=r"\w"):
            getattr(functions, name)(*arguments)
