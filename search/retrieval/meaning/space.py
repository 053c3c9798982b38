"""The vectors of an index in memory: how near in meaning each segment is to a question.

The files stay mapped. The hot loops are those of `indexer.core.native`, so that a search needs no numpy, of which the
import alone would take longer than the rest of a question.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nsmallest
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from indexer.core import native
from indexer.core.files.mapped_files import AnyPath
from indexer.core.named_tuples import NamedTuple
from indexer.store.vectors import OpenVectors, VectorEntry, VectorList, key_of, open_vectors
from search.retrieval.meaning.directions import as_question, mean_direction

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

    from search.backends.snapshot import Snapshot


class NearSegment(NamedTuple):
    """A segment near a question: its atoms [first, end) of an episode, and how near it is (`Nearness.segment`)."""

    episode: int
    first: int
    end: int
    nearness: float


class _Rows(NamedTuple):
    """The segments of an episode: rows [first, first + len(begins)) of a file, and the atoms [begins, ends) of each."""

    part: OpenVectors
    first: int
    begins: memoryview
    ends: memoryview


class Space:
    """The segments with vectors of one commit; immutable."""

    def __init__(self, snapshot: Snapshot, listed: VectorList, parts: Mapping[str, OpenVectors]) -> None:
        self.listed = listed
        self.parts = parts
        fitting = _fitting(snapshot, listed.entries)
        self._snapshot = snapshot
        self._entries = dict(fitting)
        self._fits: dict[int, bool] = {}
        self._atoms = {name: (_integers(part.first), _integers(part.end)) for name, part in parts.items()}
        self.episodes = [number for number, _ in fitting]
        """The episodes that have vectors, in order."""
        self.starts = [0, *accumulate(entry.rows for _, entry in fitting)]
        """The number of segments before each of these episodes, and that of all."""
        self._place = {number: at for at, number in enumerate(self.episodes)}

    def __len__(self) -> int:
        """The number of segments."""
        return self.starts[-1]

    def place(self, episode: int) -> int | None:
        """The place of an episode among those that have vectors of their present transcript; None for another."""
        at = self._place.get(episode)
        if at is None:
            return None
        fits = self._fits.get(episode)
        if fits is None:  # decoding all episodes would cost more than everything else here
            fits = self._fits[episode] = self._entries[episode].key == key_of(self._snapshot.episode(episode))
        return at if fits else None

    def rows(self, episode: int) -> _Rows:
        """The segments of an episode of `episodes`."""
        entry = self._entries[episode]
        begins, ends = self._atoms[entry.part]
        first, end = entry.first, entry.first + entry.rows
        return _Rows(self.parts[entry.part], first, begins[first:end], ends[first:end])

    def nearness(self, vector: Iterable[float]) -> Nearness:
        """How near all segments are to a vector. Raises NoMeaning if that has no direction."""
        question = as_question(vector)
        products = {name: native.products(part.vectors, part.scale, question) for name, part in self.parts.items()}
        pieces = []
        for episode in self.episodes:
            entry = self._entries[episode]
            pieces.append(memoryview(products[entry.part])[8 * entry.first : 8 * (entry.first + entry.rows)])
        return Nearness(self, b"".join(pieces))

    def middle(self, episode: int, first: int = 0, end: int | None = None) -> list[float] | None:
        """The mean direction of an episode's segments with some of the atoms [first, end), of length 1; None if it has
        none."""
        if self.place(episode) is None:
            return None
        rows = self.rows(episode)
        low = bisect_right(rows.ends, first)
        high = len(rows.begins) if end is None else bisect_left(rows.begins, end)
        if low >= high:
            return None
        size = self.listed.dimensions
        scale = rows.part.scale[4 * (rows.first + low) : 4 * (rows.first + high)]
        return mean_direction(rows.part.vectors[size * (rows.first + low) : size * (rows.first + high)], scale, size)

    def segments(self, episode: int) -> tuple[NDArray[int64], NDArray[float32]]:
        """The first atom of each segment of an episode, and the vectors, each of length 1, as arrays of numpy, which is
        imported. Raises KeyError for an episode that has none."""
        import numpy

        if self.place(episode) is None:
            raise KeyError(episode)
        rows, size = self.rows(episode), self.listed.dimensions
        end = rows.first + len(rows.begins)
        numbers = numpy.frombuffer(rows.part.vectors[size * rows.first : size * end], numpy.int8).reshape(-1, size)
        scale = numpy.frombuffer(rows.part.scale[4 * rows.first : 4 * end], "<f4")
        return numpy.array(rows.begins, numpy.int64), numbers.astype(numpy.float32) * scale[:, None]


class Nearness:
    """How near the segments of an index are to one vector, in standard deviations from the mean of all, so that a score
    means the same for every question and model."""

    def __init__(self, space: Space, products: bytes) -> None:
        self._space = space
        self._packed = native.standardized(products)
        self._segments = memoryview(self._packed).cast("d")
        self._of_episodes = memoryview(native.standardized(native.best_means(products, space.starts))).cast("d")

    def best(self, most: int, only: Collection[int] | None = None) -> list[NearSegment]:
        """The nearest segments, nearest first; of these episodes, if some are named."""
        taken = most
        while True:  # until enough of them are of present transcripts
            rows = self._largest(taken, only)
            fitting = [row for row in rows if self._space.place(self._episode_of(row)) is not None]
            if len(fitting) >= most or len(rows) < taken:
                return [self._segment(row) for row in fitting[:most]]
            taken *= 4

    def _largest(self, most: int, only: Collection[int] | None) -> Sequence[int]:
        starts = self._space.starts
        if only is None:
            return native.largest(self._packed, 0, starts[-1], most)
        places = (at for at, episode in enumerate(self._space.episodes) if episode in only)
        rows = chain.from_iterable(native.largest(self._packed, starts[at], starts[at + 1], most) for at in places)
        return nsmallest(most, rows, key=lambda row: (-self._segments[row], row))

    def _episode_of(self, row: int) -> int:
        return self._space.episodes[bisect_right(self._space.starts, row) - 1]

    def _segment(self, row: int) -> NearSegment:
        at = bisect_right(self._space.starts, row) - 1
        episode = self._space.episodes[at]
        rows, place = self._space.rows(episode), row - self._space.starts[at]
        return NearSegment(episode, rows.begins[place], rows.ends[place], self._segments[row])

    def segment(self, episode: int, first: int, end: int) -> float | None:
        """How near the nearest segment is that has some of the atoms [first, end); None if none has."""
        at = self._space.place(episode)
        if at is None:
            return None
        begin, rows = self._space.starts[at], self._space.rows(episode)
        low, high = bisect_right(rows.ends, first), bisect_left(rows.begins, end)
        return max(self._segments[begin + low : begin + high]) if low < high else None

    def episode(self, episode: int) -> float | None:
        """How near an episode is, by its three nearest segments; None if it has no vectors."""
        at = self._space.place(episode)
        return None if at is None else self._of_episodes[at]

    def mean(self, episode: int) -> float | None:
        """How near the segments of an episode are on average; None if it has no vectors."""
        at = self._space.place(episode)
        if at is None:
            return None
        begin, end = self._space.starts[at], self._space.starts[at + 1]
        return sum(self._segments[begin:end]) / (end - begin)


def _integers(column: memoryview) -> memoryview:
    """The unsigned integers of four bytes of a file, as this machine reads them."""
    if sys.byteorder == "big":
        numbers = array("I", bytes(column))
        numbers.byteswap()
        return memoryview(numbers)
    return column.cast("I")


def _fitting(snapshot: Snapshot, entries: Iterable[VectorEntry]) -> list[tuple[int, VectorEntry]]:
    """The episodes that have vectors of a transcript as long as theirs, in order, with the entry of each."""
    by_id = {entry.episode: entry for entry in entries if entry.rows}
    listed = ((number, by_id.get(name)) for number, name in enumerate(snapshot.ids))
    return [(number, entry) for number, entry in listed if entry and entry.atoms == snapshot.atoms(number)]


def open_space(snapshot: Snapshot, folder: AnyPath, known: Space | None = None) -> Space | None:
    """The vectors beside an index; None if there are none. Takes files that are already open from `known`. Raises
    IndexProblem."""
    found = open_vectors(folder, known.parts if known is not None else None)
    return None if found is None else Space(snapshot, *found)
