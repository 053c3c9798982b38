"""All moments of a query in rank order, each built when its turn comes.

The first moment needs no scores of most others: windows that may overlap are scored together, once the upper bound of
one of them is the greatest of what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.memory.paused_collection import collection_paused
from search.api import Margin, Moment
from search.query.deadline import Deadline
from search.results.overlapping_windows import OverlappingWindows
from search.results.snippets import SURELY, Bearing, Maker, Shown
from search.retrieval.pruning.closeness import BESIDE
from search.retrieval.rerank import Found
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.unranked import EpisodeWindows, in_order, unranked_windows

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_Ranked: TypeAlias = "tuple[float, int, tuple[int, ...], int, Shown, Found]"
"""A moment: the score, negated, the episode, the first hit and the number of its window, then the moment itself."""
_Part: TypeAlias = "tuple[float, int, EpisodeWindows, OverlappingWindows, int, int]"
"""Windows that may meet, [begin, end) of an episode: the most that one of them can score, a number of their own, the
windows, and how they meet."""


def moments_in_order(plan: ResolvedPlan, snapshot: Snapshot, margin: Margin, deadline: Deadline) -> Iterator[Moment]:
    """Yields what `search.results.snippets.contexts` yields without a limit, for a plan that can be unranked.

    Once the deadline is over, only the best of what was found become moments.
    """
    hits: dict[int, Callable[[], Sequence[tuple[int, int, int]]]] = {}
    left: list[_Part] = []
    with collection_paused():
        for windows in unranked_windows(plan, snapshot, deadline):
            overlapping = OverlappingWindows(windows, snapshot, margin)
            hits[windows.episode] = windows.hits
            mosts = windows.mosts()
            for begin, end in overlapping.parts():
                bound = mosts[begin] if end - begin == 1 else max(mosts[begin:end])
                left.append((bound + BESIDE, len(left), windows, overlapping, begin, end))
        left.sort()
    # Of other plans the hits are looked up where they are shown: in few cues, and of more terms.
    bearing: Bearing | None = (lambda episode: hits[episode]()) if plan.is_exhaustive else None
    make, rank, waiting = Maker(plan, snapshot, bearing).make, 0, list[_Ranked]()
    while left or waiting:
        while left and (not waiting or left[-1][0] >= -waiting[0][0]):
            for one in _scored(left.pop()):
                heappush(waiting, one)
        if not waiting:
            return
        if rank >= SURELY and deadline.is_over():
            return
        rank += 1
        *_, span, best = heappop(waiting)
        yield make(rank, span, best)


def _scored(part: _Part) -> Iterator[_Ranked]:
    """Yields the moments of windows that may meet."""
    _, _, windows, overlapping, begin, end = part
    if end - begin == 1:
        ranked = [(windows.score(begin), begin)]
        spans = overlapping.alone(begin)
    else:
        ranked = in_order(windows, range(begin, end))
        spans = overlapping.settled([number for _, number in ranked])
    for span in spans:
        best, number = ranked[span.order]
        yield -best.score, windows.episode, best.window.hits[0], number, span, Found(best, windows.starts[number])
