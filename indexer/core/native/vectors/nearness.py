"""Compares a question's vector with those of segments. Values are doubles in bytes, as this machine has them."""

from __future__ import annotations

import sys
from array import array
from bisect import insort
from collections.abc import Sequence
from heapq import nsmallest
from itertools import pairwise
from math import sqrt
from operator import mul

_AT_ONCE = 1024
"""Rows that numpy widens at a time: their numbers fit into the cache of a processor."""


def products(vectors: bytes | memoryview, scale: bytes | memoryview, question: bytes) -> bytes:
    """Returns the scalar product of each of the `vectors` (a signed byte a number, one vector after the other) and the
    `question` (two signed bytes a number), times the vector's own `scale` (little-endian floats of four bytes). Raises
    ValueError if they do not fit each other, or if 128 times the numbers of the question add up to 2 ** 31 or more."""
    wanted, scales = array("h", bytes(question)), array("f", bytes(scale))
    if sys.byteorder == "big":
        scales.byteswap()
    if not wanted or len(vectors) != len(wanted) * len(scales):
        raise ValueError("vectors, scale and question do not fit each other")
    if 128 * sum(map(abs, wanted)) >= 1 << 31:
        raise ValueError("the numbers of the question are too large")
    return array("d", map(mul, _sums(memoryview(vectors), wanted), scales)).tobytes()


def _sums(vectors: memoryview, wanted: array[int]) -> list[int]:
    size = len(wanted)
    try:
        import numpy
    except ImportError:
        rows = vectors.cast("B").cast("b")
        return [sum(map(mul, rows[at : at + size], wanted)) for at in range(0, len(rows), size)]
    numbers = numpy.frombuffer(vectors, numpy.int8).reshape(-1, size)
    column, found = numpy.array(wanted, numpy.float64), list[int]()
    for at in range(0, len(numbers), _AT_ONCE):  # doubles hold such sums without a loss
        found += (numbers[at : at + _AT_ONCE].astype(numpy.float64) @ column).astype(numpy.int64).tolist()
    return found


def standardized(values: bytes | memoryview) -> bytes:
    """Returns the values in standard deviations from their mean; zeros if all are equal."""
    numbers = array("d", bytes(values))
    if not numbers:
        return b""
    mean = sum_of(numbers) / len(numbers)
    spread = sqrt(sum_of([(value - mean) * (value - mean) for value in numbers]) / len(numbers))
    return array("d", ((value - mean) / spread if spread > 0 else 0.0 for value in numbers)).tobytes()


def sum_of(numbers: Sequence[float]) -> float:
    """The sum as C adds it up; `sum` of Python 3.12 corrects what is lost by rounding."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def best_means(values: bytes | memoryview, starts: Sequence[int]) -> bytes:
    """Returns the mean of the three highest different values of each stretch between two `starts`; where there are
    fewer, the least counts again. Raises ValueError for starts that do not ascend within the values."""
    numbers, found = array("d", bytes(values)), array("d")
    for begin, end in pairwise(starts):
        if not 0 <= begin < end <= len(numbers):
            raise ValueError("the starts do not fit the values")
        best: list[float] = []
        for value in set(numbers[begin:end]):
            insort(best, -value)
            del best[3:]
        first, second, third = (-best[min(place, len(best) - 1)] for place in range(3))
        found.append((first + second + third) / 3)
    return found.tobytes()


def largest(values: bytes | memoryview, begin: int, end: int, most: int) -> list[int]:
    """Returns the places in [begin, end) of the `most` largest values, largest first; of equal ones the first comes
    first. Raises ValueError for places that there are not."""
    numbers = array("d", bytes(values))
    if not (0 <= begin <= end <= len(numbers) and most >= 0):
        raise ValueError("there are no such values")
    return nsmallest(most, range(begin, end), key=lambda place: (-numbers[place], place))
