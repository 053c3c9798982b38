"""All moments of a query in rank order, each made when it is its turn.

The first needs no score of most others: those windows that may meet are scored together, when the most that one of them
can score is the greatest of what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.paused_collection import collection_paused
from search.api import Margin, Moment
from search.query.deadline import Deadline
from search.results.meeting import Meeting
from search.results.snippets import SURELY, Bearing, Shown, make_moment
from search.retrieval.closeness import BESIDE
from search.retrieval.moments import Found
from search.retrieval.resolved import ResolvedPlan
from search.retrieval.unranked import Unranked, in_order, unranked_windows

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_Key: TypeAlias = "tuple[float, int, tuple[int, ...]]"
"""The score, negated, the episode, and the first hit; of windows that are not scored yet the most they can score."""
_Part: TypeAlias = Callable[[], Iterator[tuple[_Key, Shown, Found]]]
"""Scores the windows of a part."""


def moments_in_order(plan: ResolvedPlan, snapshot: Snapshot, margin: Margin, deadline: Deadline) -> Iterator[Moment]:
    """Yields what `search.results.snippets.contexts` yields without a limit, for a plan that can be unranked.

    Once the deadline is over, only the best of what was found become moments."""
    hits: dict[int, Callable[[], Sequence[tuple[int, int, int]]]] = {}
    waiting: list[tuple[_Key, int, _Part | tuple[Shown, Found]]] = []
    with collection_paused():
        for windows in unranked_windows(plan, snapshot, deadline):
            meeting = Meeting(windows, snapshot, margin)
            hits[windows.episode] = windows.hits
            most = windows.most()
            for begin, end in meeting.parts():
                bound = max(most[begin:end]) + BESIDE
                waiting.append(((-bound, -1, ()), len(waiting), _part(windows, meeting, range(begin, end))))
        heapify(waiting)
    # Of other plans the hits are looked up where they are shown: in few cues, and of more terms.
    bearing: Bearing | None = (lambda episode: hits[episode]()) if plan.is_exhaustive else None
    rank, number = 0, len(waiting)
    while waiting:
        *_, one = heappop(waiting)
        if callable(one):
            for key, span, best in one():
                heappush(waiting, (key, number, (span, best)))
                number += 1
            continue
        if rank >= SURELY and deadline.is_over():
            return
        rank += 1
        yield make_moment(rank, *one, plan, snapshot, bearing)


def _part(windows: Unranked, meeting: Meeting, numbers: Sequence[int]) -> _Part:
    def scored() -> Iterator[tuple[_Key, Shown, Found]]:
        if len(numbers) == 1:
            ranked = [(windows.score(numbers[0]), numbers[0])]
            spans = meeting.alone(numbers[0])
        else:
            ranked = in_order(windows, numbers)
            spans = meeting.settled([number for _, number in ranked])
        for span in spans:
            best, number = ranked[span.order]
            yield (-best.score, windows.episode, best.window.hits[0]), span, Found(best, windows.starts[number])

    return scored
