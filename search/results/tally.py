"""Counts the moments of a query, and the matches in them, without building them.

Scores only decide which of several overlapping windows is shown whole. Most windows overlap no other, and of most pairs
that do, the same cues are shown whichever is better: all of these are counted without scores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, permutations
from typing import TYPE_CHECKING

from indexer.core.types import Episode
from search.api import Margin
from search.query.deadline import Deadline
from search.results.overlapping_windows import OverlappingWindows
from search.results.snippets import SURELY, Shown, shown_hits, spans_of, with_bearing
from search.retrieval.rerank import Found
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.unranked import EpisodeWindows, in_order, unranked_windows
from search.retrieval.windows import Hit, length_of, outermost

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_TRIED = 2
"""So many windows that meet are tried in every order, which takes less time than to score them."""


def tallied(plan: ResolvedPlan, snapshot: Snapshot, margin: Margin, deadline: Deadline) -> Iterator[tuple[int, int]]:
    """Yields each episode with its number of moments, until the deadline, for a plan that can be unranked."""
    for windows in unranked_windows(plan, snapshot, deadline):
        yield windows.episode, sum(map(len, _parts(windows, OverlappingWindows(windows, snapshot, margin), len)))


def tallied_matches(
    plan: ResolvedPlan, snapshot: Snapshot, margin: Margin, deadline: Deadline
) -> Iterator[tuple[Episode, int, int]]:
    """Yields each episode with its numbers of moments and of matches, likewise."""
    for windows in unranked_windows(plan, snapshot, deadline):
        first = snapshot.times(windows.episode).first
        spans = [
            span for part in _parts(windows, OverlappingWindows(windows, snapshot, margin), _cues) for span in part
        ]
        matches = _matches(windows.hits(), plan)
        amount = sum(matches(first[span.first], first[span.last + 1]) for span in spans)
        yield snapshot.episode(windows.episode), len(spans), amount


def _cues(spans: Sequence[Shown]) -> object:
    return [span[1:3] for span in spans]


def _parts(
    windows: EpisodeWindows, overlapping: OverlappingWindows, same: Callable[[Sequence[Shown]], object]
) -> Iterator[Sequence[Shown]]:
    """Yields the cues of the moments of an episode, those that could meet together. Two orders of windows are equal if
    `same` is of their cues."""
    for begin, end in overlapping.parts():
        if end - begin == 1:
            yield overlapping.alone(begin)
            continue
        if end - begin <= _TRIED:
            ways = list(map(overlapping.settled, permutations(range(begin, end))))
            if all(same(one) == same(ways[0]) for one in ways):
                yield ways[0]
                continue
        yield overlapping.settled([number for _, number in in_order(windows, range(begin, end))])


def _matches(hits: Sequence[Hit], plan: ResolvedPlan) -> Callable[[int, int], int]:
    """Returns a function that counts the hits within the atoms [begin, end) that are not inside a longer one there."""
    terms = plan.terms
    ordered = sorted((hit[0], -length_of(hit, terms)) for hit in hits)
    places = [place for place, _ in ordered]
    until = [place - less for place, less in ordered]
    reached = list(accumulate(until, max, initial=-1))  # before each of them, by all before it
    kept = list(accumulate(map(int.__gt__, until, reached), initial=0))

    def amount(begin: int, end: int) -> int:
        low = bisect_left(places, begin)
        high = bisect_left(places, end, low)
        if reached[low] <= begin and reached[high] <= end:
            return kept[high] - kept[low]
        # Of what crosses an end nothing counts, nor hides it what is inside.
        amount, last = 0, -1
        for stop in until[low:high]:
            if last < stop <= end:
                amount, last = amount + 1, stop
        return amount

    return amount


def episodes_of_contexts(
    found: Iterable[Found], plan: ResolvedPlan, snapshot: Snapshot, margin: Margin, deadline: Deadline
) -> list[int]:
    """Returns the episode of each moment that `search.results.snippets.contexts` yields without a limit."""
    return [span.episode for span, _ in spans_of(deadline.surely(found, SURELY), plan, snapshot, margin, None)]


def count_matches(
    found: Iterable[Found],
    plan: ResolvedPlan,
    snapshot: Snapshot,
    margin: Margin,
    deadline: Deadline,
    by_speaker: bool = False,
) -> Iterator[tuple[Episode, int, Iterable[str]]]:
    """Yields the episode and the number of matches of each of these moments, and, for counting `by_speaker`, who says
    them. Else it reads no cue text."""
    found, bearing = with_bearing(deadline.surely(found, SURELY), plan, None)
    for span, _ in deadline.surely(spans_of(found, plan, snapshot, margin, None), SURELY):
        hits = outermost(shown_hits(span, plan, snapshot, bearing), plan.terms)
        yield snapshot.episode(span.episode), len(hits), _speakers(hits, span, plan, snapshot) if by_speaker else ()


def _speakers(hits: Sequence[Hit], span: Shown, plan: ResolvedPlan, snapshot: Snapshot) -> frozenset[str]:
    """Who says a hit, or a part of one, as `search.results.counts.speakers_of` tells by what is highlighted; those whom
    the facts name if no cue of the episode has a speaker."""
    episode = snapshot.episode(span.episode)
    if not episode.voices:
        return frozenset(episode.speakers)
    times, speakers = snapshot.times(span.episode), snapshot.text(span.episode)[1]
    touched = {times.cue_at(at) for hit in hits for at in range(hit[0], hit[0] + length_of(hit, plan.terms))}
    return frozenset(speakers[cue] for cue in touched) - {""}
