"""The cues of the windows of one episode: which windows meet, and what is shown of those that do.

Ranking decides only which of several windows that meet is shown whole.
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


class Meeting:
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
        """Yields (begin, end) of the windows that may meet each other, and no others."""
        return meeting(self._spans, self._starts, self._apart_ms)

    def settled(self, order: Iterable[int]) -> list[Shown]:
        """Returns the cues of the moments of a part, whose windows are given in order of rank; the `order` of a span is
        the rank of its best window among them."""
        taken: list[int] = []
        placed: list[Shown] = []
        for rank, number in enumerate(order):
            if self._apart_ms and not is_apart(taken, self._starts[number], self._apart_ms):
                continue
            if not is_shown(placed, self._cores[number]):
                placed = with_span(placed, self._spans[number]._replace(order=rank), self._cores[number], self._times)
        return placed

    def alone(self, number: int) -> list[Shown]:
        """Returns the cues of the moment of a window that meets no other."""
        return [self._spans[number]]


def meeting(spans: Sequence[Shown], starts: Sequence[int], apart_ms: int) -> Iterator[tuple[int, int]]:
    """Yields (begin, end) of the windows that may meet each other, and no others: by cues, or as one begins too soon
    after another. `spans` are their cues, `starts` the times at which they begin, in milliseconds."""
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
