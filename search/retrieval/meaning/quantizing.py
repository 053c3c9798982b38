"""Vectors as stored: one signed byte a number, which costs no measurable quality and a quarter of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.core.embedding.embedder import NoMeaning
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from search.retrieval.meaning.directions import NO_DIRECTION

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_MOST = 127


class Packed(NamedTuple):
    """Vectors as bytes: the numbers, and for each vector a float that makes it of length 1; little-endian."""

    vectors: bytes
    scale: bytes
    dimensions: int


def pack_vectors(vectors: ArrayLike) -> Packed:
    """Encodes rows of floats. Raises NoMeaning if one has no direction."""
    import numpy

    rows = numpy.atleast_2d(numpy.asarray(vectors, numpy.float32))
    peaks = numpy.abs(rows).max(axis=1, keepdims=True)
    if not (numpy.isfinite(peaks).all() and peaks.all()):
        raise NoMeaning(_(NO_DIRECTION))
    numbers = numpy.rint(rows / peaks * _MOST).astype(numpy.int8)
    lengths = numpy.sqrt((numbers.astype(numpy.float32) ** 2).sum(axis=1))
    return Packed(numbers.tobytes(), (1 / lengths).astype("<f4").tobytes(), rows.shape[1])
