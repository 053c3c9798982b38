"""How much of one meaning a section is, by the vectors of its segments. Imports numpy, so it is imported only where an
index has vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.space import Space

WEIGHT = 20.0
"""Nats for each half minute of a section whose segments all point the same way; docs/design/exploration.md."""
_LONGEST_STRETCH = 60.0


class Coherence:
    """The coherence of the sections of an episode: the length of the sum of their vectors, each of which counts for the
    seconds it covers. Vectors are taken relative to their mean over the episode, which they all share."""

    def __init__(self, space: Space, snapshot: Snapshot, episode: int, seconds: Sequence[float]) -> None:
        """`seconds` are the starts of the stretches, and the end of the last. Raises KeyError for an episode without
        vectors."""
        first, vectors = space.segments(episode)
        times = snapshot.times(episode)
        begins = numpy.array([times.at(int(atom)) / 1000 for atom in first])
        vectors = vectors - vectors.mean(axis=0)
        lengths = numpy.sqrt((vectors**2).sum(axis=1, keepdims=True))
        vectors = vectors / numpy.where(lengths > 0, lengths, 1.0)
        edges = numpy.asarray(seconds)
        middles, spans = (edges[1:] + edges[:-1]) / 2, numpy.clip(edges[1:] - edges[:-1], 0, _LONGEST_STRETCH) / 30
        nearest = numpy.clip(numpy.searchsorted(begins, middles, side="right") - 1, 0, len(vectors) - 1)
        summed = numpy.cumsum(vectors[nearest] * spans[:, None], axis=0)
        self._sums = numpy.vstack([numpy.zeros(vectors.shape[1]), summed])

    def of(self, begin: int, end: int) -> float:
        """The coherence of the section of the stretches [begin, end), in nats."""
        return self.grown(begin, end - begin)[-1]

    def grown(self, begin: int, amount: int) -> list[float]:
        """The coherence of the sections of one stretch from `begin`, of two, and so on to `amount`, in nats."""
        across = self._sums[begin + 1 : begin + 1 + amount] - self._sums[begin]
        found: list[float] = (WEIGHT * numpy.sqrt((across**2).sum(axis=1))).tolist()
        return found
