"""The vectors of an index in memory: how near in meaning each segment is to a question.

The files stay mapped; the numbers of a few hundred segments at a time are widened to floats and multiplied. numpy is
imported here, so this module is imported only by a search that compares meanings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy

from indexer.core.mapped_files import AnyPath
from indexer.core.named_tuples import NamedTuple
from indexer.store.vectors import OpenVectors, VectorEntry, VectorList, key_of, open_vectors
from search.retrieval.meaning.quantizing import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.backends.snapshot import Snapshot

_AT_ONCE = 1024
"""Segments multiplied at a time: their floats fit into the cache of a processor (4096 take twenty times as long)."""
_BEST = 3
"""An episode is as near as its so many nearest segments are on average."""


class NearSegment(NamedTuple):
    """A segment near a question: its atoms [first, end) of an episode, and how near it is (`Nearness.segment`)."""

    episode: int
    first: int
    end: int
    nearness: float


class Space:
    """The segments with vectors of one commit; immutable, except that `forget_views` closes it."""

    def __init__(self, snapshot: Snapshot, listed: VectorList, parts: Mapping[str, OpenVectors]) -> None:
        self.listed = listed
        self.parts = parts
        begins, total = {}, 0
        for name, part in parts.items():
            begins[name], total = total, total + part.rows
        fitting = _fitting(snapshot, listed.entries)
        self._snapshot = snapshot
        self._entries = dict(fitting)
        self._fits: dict[int, bool] = {}
        self._episodes = numpy.array([number for number, _ in fitting], numpy.int64)
        self._rows = _joined([numpy.arange(e.first, e.first + e.rows) + begins[e.part] for _, e in fitting])
        amounts = [entry.rows for _, entry in fitting]
        self._starts = numpy.cumsum([0, *amounts])
        self._of_row: NDArray[Any] = numpy.repeat(self._episodes, amounts)
        self._place = {number: at for at, (number, _) in enumerate(fitting)}
        columns = [[numpy.frombuffer(c, "<u4") for c in (part.first, part.end)] for part in parts.values()]
        self._first, self._end = (_joined([pair[n] for pair in columns])[self._rows] for n in (0, 1))

    def __len__(self) -> int:
        """The number of segments."""
        return len(self._rows)

    def place(self, episode: int) -> int | None:
        """The place of an episode among those that have vectors of their present transcript; None for another."""
        at = self._place.get(episode)
        if at is None:
            return None
        fits = self._fits.get(episode)
        if fits is None:  # decoding all episodes would cost more than everything else here
            fits = self._fits[episode] = self._entries[episode].key == key_of(self._snapshot.episode(episode))
        return at if fits else None

    def likeness(self, vector: Any) -> NDArray[Any]:
        """The cosine of each segment and a vector of length 1."""
        pieces = []
        for part in self.parts.values():
            vectors = numpy.frombuffer(part.vectors, numpy.int8).reshape(part.rows, self.listed.dimensions)
            for begin in range(0, part.rows, _AT_ONCE):
                pieces.append(vectors[begin : begin + _AT_ONCE].astype(numpy.float32) @ vector)
        scale = _joined([numpy.frombuffer(part.scale, "<f4") for part in self.parts.values()])
        found: NDArray[Any] = (_joined(pieces) * scale)[self._rows]
        return found

    def nearness(self, vector: Any) -> Nearness:
        """How near all segments are to a vector."""
        return Nearness(self, self.likeness(unit(vector)))

    def middle(self, episode: int, first: int = 0, end: int | None = None) -> NDArray[Any] | None:
        """The mean direction of an episode's segments that begin in the atoms [first, end), of length 1; None if it has
        none."""
        at = self.place(episode)
        if at is None:
            return None
        rows = range(self._starts[at], self._starts[at + 1])
        chosen = [row for row in rows if self._end[row] > first and (end is None or self._first[row] < end)]
        if not chosen:
            return None
        return unit(self._vectors([int(self._rows[row]) for row in chosen]).sum(axis=0))

    def segments(self, episode: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """The first atom of each segment of an episode, and the vectors, each of length 1. Raises KeyError for an
        episode that has none."""
        at = self.place(episode)
        if at is None:
            raise KeyError(episode)
        begin, end = int(self._starts[at]), int(self._starts[at + 1])
        return self._first[begin:end], self._vectors(self._rows[begin:end].tolist())

    def _vectors(self, rows: Sequence[int]) -> NDArray[Any]:
        """Some vectors, each of length 1, by their rows in all files."""
        found, begin = [], 0
        for part in self.parts.values():
            inside = [row - begin for row in rows if begin <= row < begin + part.rows]
            vectors = numpy.frombuffer(part.vectors, numpy.int8).reshape(part.rows, self.listed.dimensions)
            scale = numpy.frombuffer(part.scale, "<f4")
            found.append(vectors[inside].astype(numpy.float32) * scale[inside][:, None])
            begin += part.rows
        return numpy.concatenate(found)


class Nearness:
    """How near the segments of an index are to one vector, in standard deviations from the mean of all, so that a score
    means the same for every question and model."""

    def __init__(self, space: Space, likeness: NDArray[Any]) -> None:
        self._space = space
        self._segments = _standard(likeness)
        self._of_episodes = _standard(_best_of_each(likeness, space._starts)) if len(space) else likeness

    def best(self, most: int, only: Collection[int] | None = None) -> list[NearSegment]:
        """The nearest segments, nearest first; of these episodes, if some are named."""
        space, near = self._space, self._segments
        if only is not None:
            near = numpy.where(numpy.isin(space._of_row, list(only)), near, -numpy.inf)
        taken = most
        while True:  # until enough of them are of present transcripts
            rows = numpy.argsort(-near, kind="stable") if len(near) <= taken else _largest(near, taken)
            wanted = [int(row) for row in rows if near[row] > -numpy.inf]
            fitting = [row for row in wanted if space.place(int(space._of_row[row])) is not None]
            if len(fitting) >= most or len(wanted) < taken:
                return [self._segment(row) for row in fitting[:most]]
            taken *= 4

    def _segment(self, row: int) -> NearSegment:
        space = self._space
        first, end = int(space._first[row]), int(space._end[row])
        return NearSegment(int(space._of_row[row]), first, end, float(self._segments[row]))

    def segment(self, episode: int, first: int, end: int) -> float | None:
        """How near the nearest segment is that has some of the atoms [first, end); None if none has."""
        at = self._space.place(episode)
        if at is None:
            return None
        begin, until = self._space._starts[at], self._space._starts[at + 1]
        low = begin + numpy.searchsorted(self._space._end[begin:until], first, side="right")
        high = begin + numpy.searchsorted(self._space._first[begin:until], end)
        return float(self._segments[low:high].max()) if low < high else None

    def episode(self, episode: int) -> float | None:
        """How near an episode is; None if it has no vectors."""
        at = self._space.place(episode)
        return None if at is None else float(self._of_episodes[at])


def _largest(near: NDArray[Any], most: int) -> NDArray[Any]:
    rows = numpy.argpartition(-near, most)[:most]
    ordered: NDArray[Any] = rows[numpy.lexsort((rows, -near[rows]))]
    return ordered


def _best_of_each(likeness: NDArray[Any], starts: NDArray[Any]) -> NDArray[Any]:
    """The mean of the highest values of each episode."""
    left = likeness.astype(numpy.float64)
    highest: list[NDArray[Any]] = []
    amounts = numpy.diff(starts)
    for taken in range(_BEST):
        most = numpy.maximum.reduceat(left, starts[:-1])
        highest.append(numpy.where(amounts > taken, most, highest[-1] if highest else 0.0))
        # Equal values count once; they are the same words.
        left = numpy.where(left == numpy.repeat(most, amounts), -numpy.inf, left)
    least = highest[0]
    kept = [numpy.where(numpy.isfinite(one), one, least) for one in highest]
    mean: NDArray[Any] = sum(kept) / len(kept)
    return mean


def _standard(values: NDArray[Any]) -> NDArray[Any]:
    """The values in standard deviations from their mean."""
    if not len(values):
        return values
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else numpy.zeros_like(values)


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return numpy.concatenate(arrays) if arrays else numpy.zeros(0, numpy.int64)


def _fitting(snapshot: Snapshot, entries: Sequence[VectorEntry]) -> list[tuple[int, VectorEntry]]:
    """The episodes that have vectors of a transcript as long as theirs, in order, with the entry of each."""
    by_id = {entry.episode: entry for entry in entries if entry.rows}
    listed = ((number, by_id.get(name)) for number, name in enumerate(snapshot.ids))
    return [(number, entry) for number, entry in listed if entry and entry.atoms == snapshot.atoms(number)]


def open_space(snapshot: Snapshot, folder: AnyPath, known: Space | None = None) -> Space | None:
    """The vectors beside an index; None if there are none. Takes files that are already open from `known`. Raises
    IndexProblem."""
    found = open_vectors(folder, known.parts if known is not None else None)
    return None if found is None else Space(snapshot, *found)
