"""Vectors as stored: one signed byte a number, which costs no measurable quality and a quarter of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.core.embedding.embedder import NoMeaning
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST = 127


class Packed(NamedTuple):
    """Vectors as bytes: the numbers, and for each vector a float that makes it of length 1; little-endian."""

    vectors: bytes
    scale: bytes
    dimensions: int


def pack_vectors(vectors: Any) -> Packed:
    """Encodes rows of floats. Raises NoMeaning if one has no direction."""
    import numpy

    rows = numpy.atleast_2d(numpy.asarray(vectors, numpy.float32))
    peaks = numpy.abs(rows).max(axis=1, keepdims=True)
    if not (numpy.isfinite(peaks).all() and peaks.all()):
        raise NoMeaning(_("the model gives vectors that are no direction: use another model"))
    numbers = numpy.rint(rows / peaks * _MOST).astype(numpy.int8)
    lengths = numpy.sqrt((numbers.astype(numpy.float32) ** 2).sum(axis=1))
    return Packed(numbers.tobytes(), (1 / lengths).astype("<f4").tobytes(), rows.shape[1])


def unit(vector: Any) -> NDArray[Any]:
    """A vector of length 1. Raises NoMeaning if it has no direction."""
    import numpy

    found = numpy.asarray(vector, numpy.float32).ravel()
    length = float(numpy.sqrt((found**2).sum()))
    if not (numpy.isfinite(length) and length):
        raise NoMeaning(_("the model gives vectors that are no direction: use another model"))
    return found / length
