"""Windows over the hits of one episode: pure functions on plain lists."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.intervals import is_outside
from indexer.core.positions.timeline import LONG_MS, Times
from indexer.core.positions.token_stream import Region
from search.retrieval.resolved_plan import ResolvedTerm
from search.scoring import Weights

Hit: TypeAlias = tuple[int, int, int]
"""One occurrence: (atom position, term number, number of the alternative). A bare tuple, as there are many."""

_ENDS_AT_ONCE = 8
"""The cues whose ends are computed in one call; few cues are near a match."""


class Window(NamedTuple):
    """Hits of one episode that belong together, in order, and the score of the best stretch. `damped` if all of them
    are in loops and stock lines."""

    episode: int
    hits: tuple[Hit, ...]
    score: float
    damped: bool = False


def gather_hits(
    terms: Sequence[ResolvedTerm], numbers: Iterable[int], episode: int, regions: Sequence[Region] | None = None
) -> list[Hit]:
    """All occurrences of the numbered terms in an episode, or in regions of it, in order."""
    parts = [
        (number, alternative, source.positions(episode) if regions is None else source.within(episode, regions))
        for number in sorted(numbers)
        for alternative, source in terms[number].present(episode)
    ]
    return native.merged(parts)


def hit_times(hits: Sequence[Hit], times: Times) -> list[int]:
    """The time of each hit in milliseconds (see `Times.at`); `hits` are in order."""
    if times.looks_inside:
        return times.at_all([hit[0] for hit in hits])
    return native.hit_times(hits, times.first, times.starts)


class Span(NamedTuple):
    """The maximum length of a window in time and in atoms; the latter matters where times do not advance."""

    milliseconds: int
    atoms: int


def slide(
    hits: Sequence[Hit],
    at: Sequence[int],
    span: Span,
    term_weights: Sequence[float],
    gains: Sequence[float],
    total: float,
    floor: float = -math.inf,
) -> list[tuple[float, int, int]]:
    """(score, begin, end) of the window that begins at each hit, if it scores more than `floor`: hits[begin:end] lie
    within `span`.

    `at` are the times of the hits, `gains` come from `count_gains`, `total` is the weight of the whole query.
    The scores are those of `search.scoring.window_score`, kept up as hits come and go.
    """
    return native.slide(hits, at, *span, term_weights, gains, total, floor)


def reaches(hits: Sequence[Hit], at: Sequence[int], span: Span) -> list[int]:
    """The end of the window that begins at each hit, as in `slide`."""
    return native.reaches(hits, at, *span)


def densest(hits: Sequence[Hit], at: Sequence[int], span: Span) -> int:
    """The maximum number of hits in one window, with windows as in `slide`."""
    if hits and hits[-1][0] <= hits[0][0] + span.atoms and max(at) <= at[0] + span.milliseconds:
        return len(hits)
    most = end = 0
    for begin, hit in enumerate(hits):
        end = max(end, begin + 1)
        last_atom, last_time = hit[0] + span.atoms, at[begin] + span.milliseconds
        while end < len(hits) and hits[end][0] <= last_atom and at[end] <= last_time:
            end += 1
        most = max(most, end - begin)
    return most


def keep_apart(candidates: Iterable[tuple[int, Window]], apart_ms: int, most: int | None = None) -> list[Window]:
    """At most `most` windows of (start, window) pairs, best first, that begin far enough from every better one."""
    kept: list[Window] = []
    taken: list[int] = []
    for start, window in candidates:
        if is_apart(taken, start, apart_ms):
            kept.append(window)
            if len(kept) == most:
                break
    return kept


def is_apart(taken: list[int], start: int, apart_ms: int) -> bool:
    """True if a window that begins at `start` is far enough from those `taken`, which ascend; it is then added to
    these."""
    place = bisect_left(taken, start)
    if any(abs(start - other) < apart_ms for other in taken[max(0, place - 1) : place + 1]):
        return False
    taken.insert(place, start)
    return True


def group(hits: Sequence[Hit], at: Sequence[int], apart_ms: int, weights: Weights) -> list[tuple[int, int]]:
    """(begin, end) of groups that contain every hit once; each begins at least `apart_ms` after the one before.

    Where times do not advance, a group ends after the number of atoms usually spoken in that time.
    """
    most = group_atoms(weights)
    groups: list[tuple[int, int]] = []
    begin = 0
    for end in range(1, len(hits) + 1):
        over = end == len(hits) or hits[end][0] - hits[begin][0] > most
        if over or abs(at[end] - at[begin]) >= apart_ms:
            groups.append((begin, end))
            begin = end
    return groups


def group_atoms(weights: Weights) -> int:
    """The most atoms from the first to the last position of a group."""
    return math.ceil(weights.window_atoms * weights.apart / weights.window)


def groups_of(places: Sequence[int], at: Sequence[int], apart_ms: int, weights: Weights) -> list[int]:
    """Where the groups of `group` end; faster than that if groups have many hits. `places` are the positions of the
    hits."""
    if not native.ascends(at):
        return [end for _, end in group([(place, 0, 0) for place in places], at, apart_ms, weights)]
    most, ends, begin, size = group_atoms(weights), list[int](), 0, len(at)
    while begin < size:
        by_time = bisect_left(at, at[begin] + max(1, apart_ms), begin)
        begin = bisect_right(places, places[begin] + most, begin, by_time)
        ends.append(begin)
    return ends


def length_of(hit: Hit, terms: Sequence[ResolvedTerm]) -> int:
    """The length of a hit in atoms."""
    return terms[hit[1]].alternatives[hit[2]].source.length


def extent(window: Window, terms: Sequence[ResolvedTerm]) -> Region:
    """The atoms of a window: its first, and the one after its last."""
    return window.hits[0][0], max(hit[0] + length_of(hit, terms) for hit in window.hits)


def is_of_one_length(terms: Sequence[ResolvedTerm]) -> bool:
    """True for the terms of a query with only one way to be said: of its hits, none is inside another."""
    return len(terms) == 1 and len(terms[0].alternatives) == 1


def outermost(hits: Iterable[Hit], terms: Sequence[ResolvedTerm]) -> list[Hit]:
    """Returns the hits that are not inside a longer one (学习 inside 强化学习); `hits` are in order."""
    kept: list[Hit] = []
    reached = last = -1
    for hit in hits:
        place, number, alternative = hit
        end = place + terms[number].alternatives[alternative].source.length
        if end > reached:
            if place == last:
                kept[-1] = hit
            else:
                kept.append(hit)
            reached, last = end, place
    return kept


def whole_milliseconds(seconds: float) -> int:
    """The largest number of whole milliseconds that, divided by 1000, is not more than `seconds`."""
    most = math.floor(seconds * 1000) + 1
    while most / 1000 > seconds:
        most -= 1
    return most


def cues_around(times: Times, first: int, last: int, reach_ms: int, reach_atoms: int) -> tuple[int, int]:
    """The cues that begin within `reach_ms` before cue `first`, and those that end within it after cue `last`.

    Stops at a step back in time, and after `reach_atoms` atoms where times do not advance.
    """
    if times.surely_ascend():
        atoms, ends = times.first, times.ends()
        low = bisect_left(times.starts, times.starts[first] - reach_ms, 0, first)
        low = max(low, bisect_left(atoms, atoms[first] - reach_atoms, 0, first))
        high = bisect_right(ends, ends[last] + reach_ms, last + 1) - 1
        return low, max(last, min(high, bisect_right(atoms, atoms[last + 1] + reach_atoms, last + 1) - 2))
    low, high = first, last
    while low > 0 and 0 <= times.starts[first] - times.starts[low - 1] <= reach_ms:
        if times.starts[low - 1] > times.starts[low] or times.first[first] - times.first[low - 1] > reach_atoms:
            break
        low -= 1
    until = times.end(last) + reach_ms
    for cue, end in enumerate(_ends_from(times, last + 1), last + 1):
        is_back = times.starts[cue] < times.starts[cue - 1]
        if end > until or is_back or times.first[cue + 1] - times.first[last + 1] > reach_atoms:
            break
        high = cue
    return low, high


def _ends_from(times: Times, first: int) -> Iterator[int]:
    """Yields the end of cue `first` and of each later one, in milliseconds."""
    for at in range(first, len(times), _ENDS_AT_ONCE):
        yield from times.ends_between(at, min(at + _ENDS_AT_ONCE, len(times)))


def outside(hits: Sequence[Hit], regions: Sequence[Region]) -> list[Hit]:
    """The hits that begin in none of the regions, which are in order."""
    is_free = is_outside(regions)
    return [hit for hit in hits if is_free(hit[0])]


def pair_distances(hits: Sequence[Hit], terms: Sequence[ResolvedTerm]) -> dict[tuple[int, int], int]:
    """The minimum distance in atoms of each pair of different terms among the hits. Hits that overlap are one place and
    not near each other."""
    pairs: dict[tuple[int, int], int] = {}
    last: dict[int, tuple[int, int]] = {}
    for hit in hits:
        position, term, _ = hit
        seen = last[term][0] if term in last else -1
        for other, (before, end) in last.items():
            # Else this term was closer to it where it occurred before.
            if position >= end and (before > seen or seen < end) and other != term:
                pair = (other, term) if other < term else (term, other)
                known = pairs.get(pair)
                if known is None or position - before < known:
                    pairs[pair] = position - before
        last[term] = position, position + length_of(hit, terms)
    return pairs


EARLY_MS = 1500
"""Milliseconds before the first match at which playback starts in a long cue, since the time of the match may be
estimated."""


def play_from(times: Times, position: int) -> int:
    """Where to press play for an atom, in milliseconds: where its cue begins or, in a long one, a little before it."""
    cue = times.cue_at(position)
    start = times.starts[cue]
    return start if times.durations[cue] < LONG_MS else max(start, times.at(position) - EARLY_MS)
