"""Windows of one episode that overlap: which ones do, and which cues are shown of them.

Two windows overlap if their cues do, or if one starts too soon after the other. Where windows overlap, their ranks
decide which one is shown whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.core.native import ascends
from search.api import Margin
from search.results.snippets import Shown, around, is_shown, with_span
from search.retrieval.unranked import EpisodeWindows
from search.retrieval.windows import is_apart

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class OverlappingWindows:
    """The windows of an episode by their numbers, which ascend with their places."""

    def __init__(self, windows: EpisodeWindows, snapshot: Snapshot, margin: Margin) -> None:
        self._times = times = snapshot.times(windows.episode)
        self._starts, self._apart_ms = windows.starts, windows.apart_ms
        self._cores = [
            (bisect_right(times.first, first) - 1, bisect_right(times.first, last) - 1)
            for first, last in zip(windows.firsts, windows.lasts, strict=True)
        ]
        self._spans = [
            around(windows.episode, start, core, 0, times, margin)
            for start, core in zip(windows.starts, self._cores, strict=True)
        ]

    def parts(self) -> Iterator[tuple[int, int]]:
        """Yields ranges (begin, end) of the numbers of windows that may overlap each other, and no windows outside."""
        return overlapping_parts(self._spans, self._starts, self._apart_ms)

    def settled(self, order: Iterable[int]) -> list[Shown]:
        """Returns the cues shown of one such range. `order` gives the numbers of its windows, best first; the `order`
        of a span is the rank of its best window in that list."""
        taken: list[int] = []
        placed: list[Shown] = []
        for rank, number in enumerate(order):
            if self._apart_ms and not is_apart(taken, self._starts[number], self._apart_ms):
                continue
            if not is_shown(placed, self._cores[number]):
                placed = with_span(placed, self._spans[number]._replace(order=rank), self._cores[number], self._times)
        return placed

    def alone(self, number: int) -> list[Shown]:
        """Returns the cues of the moment of a window that overlaps no other."""
        return [self._spans[number]]


def overlapping_parts(spans: Sequence[Shown], starts: Sequence[int], apart_ms: int) -> Iterator[tuple[int, int]]:
    """Yields ranges (begin, end) of the windows that may overlap each other, and no windows outside. `spans` are the
    cues of all windows, `starts` the times at which they begin, in milliseconds."""
    if not (ascends(starts) and ascends([span.first for span in spans])):
        yield 0, len(spans)
        return
    begin, reached = 0, spans[0].last
    for number, (before, after) in enumerate(pairwise(starts), 1):
        if spans[number].first > reached and after - before >= apart_ms:
            yield begin, number
            begin = number
        reached = max(reached, spans[number].last)
    yield begin, len(spans)
