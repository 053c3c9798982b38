"""Regions of an episode: where a query may search (not in damped speech or that of excluded speakers), and what is
near."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.core.token_stream import Region
from search.query.filters import Voice
from search.retrieval.windows import Hit

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


def outside(hits: Sequence[Hit], regions: Sequence[Region]) -> list[Hit]:
    """The hits that begin in none of the regions, which are in order."""
    begins = [begin for begin, _ in regions]
    return [hit for hit in hits if not _holds(regions, bisect_right(begins, hit[0]) - 1, hit[0])]


def _holds(regions: Sequence[Region], at: int, position: int) -> bool:
    return at >= 0 and position < regions[at][1]


def said_by_others(snapshot: Snapshot, episode: int, voices: Sequence[Voice]) -> list[Region]:
    """The regions not spoken by a speaker who passes all tests. Empty if no cue names a speaker: then the test of the
    episode decides."""
    if not voices or not snapshot.episode(episode).voices:
        return []
    speakers = snapshot.text(episode)[1]
    passing = {speaker: all(test(speaker) for test in voices) for speaker in set(speakers)}
    first = snapshot.times(episode).first
    regions = []
    for is_right, cues in groupby(range(len(speakers)), lambda cue: passing[speakers[cue]]):
        numbers = list(cues)
        if not is_right:
            regions.append((first[numbers[0]], first[numbers[-1] + 1]))
    return regions


def merged(places: Iterable[int], reach: int) -> list[Region]:
    """The regions within `reach` atoms of the positions, which are in order."""
    regions: list[Region] = []
    for place in places:
        if regions and place - reach <= regions[-1][1]:
            regions[-1] = (regions[-1][0], place + reach + 1)
        else:
            regions.append((max(0, place - reach), place + reach + 1))
    return regions


def united(regions: Sequence[Region], others: Sequence[Region]) -> list[Region]:
    """The union of both, in order.

    >>> united([(0, 4), (9, 12)], [(3, 6)])
    [(0, 6), (9, 12)]
    """
    joined: list[Region] = []
    for begin, end in sorted((*regions, *others)):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
