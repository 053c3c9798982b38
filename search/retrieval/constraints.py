"""Tests whether an episode can meet, and a window does meet, the condition of a query; where its speakers are not
heard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.token_stream import Region
from search.query.filters import EpisodeTest, Voice
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Some
from search.retrieval.resolved import ResolvedTerm
from search.retrieval.windows import Hit, length_of

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class View(NamedTuple):
    """A window as seen by conditions. `passes` tells whether its episode passes a test; `hits` and `at` (milliseconds)
    are parallel; `around` is the same extended a little to both sides, for what must be absent (None: the window
    itself)."""

    passes: Callable[[EpisodeTest], bool]
    terms: Sequence[ResolvedTerm]
    hits: Sequence[Hit]
    at: Sequence[int]
    around: View | None = None

    @property
    def present(self) -> frozenset[int]:
        return frozenset(hit[1] for hit in self.hits)


def possible(
    need: Need, terms: Sequence[ResolvedTerm], episode: int, passes: Callable[[EpisodeTest, int], bool]
) -> bool:
    """False if no window of the episode can meet the need; `passes` tells whether an episode passes a test."""
    match need:
        case Has(wanted):
            return any(episode in terms[n].counts for n in wanted)
        case Every(needs):
            return all(possible(inner, terms, episode, passes) for inner in needs)
        case Some(needs):
            return any(possible(inner, terms, episode, passes) for inner in needs)
        case HasNear(left, right):
            return possible(left, terms, episode, passes) and possible(right, terms, episode, passes)
        case Passes(test):
            return passes(test, episode)
        case Lacks(Passes(test)):
            return not passes(test, episode)
        case Lacks():
            return True


def required(need: Need) -> list[tuple[int, ...]]:
    """Groups of terms; every window that meets the need contains a term of each group.

    >>> required(Every((Has((0, 3)), HasNear(Has((1,)), Has((2,)), 8.0, False), Lacks(Has((4,))))))
    [(0, 3), (1,), (2,)]
    """
    match need:
        case Has(terms):
            return [terms]
        case Every(needs):
            return [group for inner in needs for group in required(inner)]
        case HasNear(left, right):
            return [*required(left), *required(right)]
        case Some() | Lacks() | Passes():
            return []


def meets(need: Need, view: View) -> bool:
    """True if the window meets the need."""
    match need:
        case Has(terms):
            return not view.present.isdisjoint(terms)
        case Every(needs):
            return all(meets(inner, view) for inner in needs)
        case Some(needs):
            return any(meets(inner, view) for inner in needs)
        case HasNear():
            return next(_near_pairs(need, view), None) is not None
        case Passes(test):
            return view.passes(test)
        case Lacks(inner):
            return not meets(inner, view.around or view)


def bearing(need: Need, view: View) -> frozenset[Hit]:
    """The hits by which a window meets the need: for NEAR those within the distance, else all hits of its terms."""
    match need:
        case Has(terms):
            return frozenset(hit for hit in view.hits if hit[1] in terms)
        case Every(needs):
            return frozenset().union(*(bearing(inner, view) for inner in needs))
        case Some(needs):
            return frozenset().union(*(bearing(inner, view) for inner in needs if meets(inner, view)))
        case HasNear():
            return frozenset(hit for pair in _near_pairs(need, view) for hit in pair)
        case Lacks() | Passes():
            return frozenset()


def near_needs(need: Need | None) -> Iterator[HasNear]:
    """The NEARs in a need; a window must be able to span their distances."""
    match need:
        case HasNear(left, right):
            yield need
            yield from near_needs(left)
            yield from near_needs(right)
        case Every(needs) | Some(needs):
            for inner in needs:
                yield from near_needs(inner)
        case Lacks(inner):
            yield from near_needs(inner)
        case _:
            return


def _near_pairs(need: HasNear, view: View) -> Iterator[tuple[Hit, Hit]]:
    times = dict(zip(view.hits, view.at, strict=True))
    left, right = bearing(need.left, view), bearing(need.right, view)
    for one in left:
        for other in right:
            if one == other:
                continue
            if need.seconds:
                distance: float = abs(times[one] - times[other]) / 1000
            else:
                distance = _gap(one, other, view.terms)
            if distance <= need.distance:
                yield one, other


def _gap(one: Hit, other: Hit, terms: Sequence[ResolvedTerm]) -> int:
    """The atoms between the nearest ends of two hits; 0 if they touch or overlap."""
    first, second = sorted((one, other))
    return max(0, second[0] - (first[0] + length_of(first, terms)))


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


def outside(hits: Sequence[Hit], regions: Sequence[Region]) -> list[Hit]:
    """The hits that begin in none of the regions, which are in order."""
    begins = [begin for begin, _ in regions]
    return [hit for hit in hits if not _holds(regions, bisect_right(begins, hit[0]) - 1, hit[0])]


def _holds(regions: Sequence[Region], at: int, position: int) -> bool:
    return at >= 0 and position < regions[at][1]
