"""Vectors of questions as numbers that `native.products` takes, and the mean of several: without numpy."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from math import isfinite, sqrt
from operator import mul

from indexer.core.embedding.embedder import NoMeaning
from indexer.core.messages import N_, _

NO_DIRECTION = N_("the model gives vectors that are no direction: use another model")
_LARGEST = (1 << 15) - 1
_LARGEST_SUM = (1 << 24) - 1
"""Of the numbers of a question, without their signs: 128 times as much fits into 32 bits."""


def unit(vector: Iterable[float]) -> list[float]:
    """A vector of length 1. Raises NoMeaning if it has no direction."""
    numbers = list(map(float, vector))
    peak = max(map(abs, numbers), default=0.0)
    if not (peak and all(map(isfinite, numbers))):
        raise NoMeaning(_(NO_DIRECTION))
    numbers = [number / peak for number in numbers]
    length = sqrt(sum(map(mul, numbers, numbers)))
    return [number / length for number in numbers]


def as_question(vector: Iterable[float]) -> bytes:
    """The direction of a vector in numbers of two bytes, as large as `native.products` takes them. Raises NoMeaning if
    it has none."""
    numbers = unit(vector)
    peak, whole = max(map(abs, numbers)), sum(map(abs, numbers))
    factor = min(_LARGEST / peak, (_LARGEST_SUM - len(numbers)) / whole)
    return array("h", (round(number * factor) for number in numbers)).tobytes()


def mean_direction(vectors: memoryview, scale: memoryview, size: int) -> list[float] | None:
    """The mean of vectors of `size` numbers, as they are stored (`quantizing`), of length 1; None if they cancel each
    other out."""
    numbers, scales = vectors.cast("B").cast("b"), array("f", bytes(scale))
    if sys.byteorder == "big":
        scales.byteswap()
    total = [0.0] * size
    for row, factor in enumerate(scales):
        said = numbers[row * size : (row + 1) * size]
        total = [sum_ + factor * number for sum_, number in zip(total, said, strict=True)]
    return unit(total) if any(total) else None
