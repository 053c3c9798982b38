"""Groups of hits, and what they can score, in Python: the twins of grouped.c, groups.c and gains.c."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from indexer.core.native.pure_hits import times_at


def grouped(
    parts: Sequence[tuple[int, Sequence[int]]],
    bits: int,
    ranks: Sequence[int],
    first: Sequence[int],
    starts: Sequence[int],
    apart_ms: int,
    most: int,
) -> tuple[bytes, bytes, list[int]]:
    """Returns the places of some ways in order, each as place << bits | way, the rank of each, and the end of each
    group of them: before the first place that is `apart_ms` later than its first one, or more than `most` atoms. The
    numbers are packed as by `array("q")`.

    The parts are (way, ascending places), `ranks` are by way. A way has 1 to 20 `bits`, a place at most 42: compiled,
    others are a ValueError. The time of a place is the start of its cue, as in
    `times_at`; times must not go back.
    """
    codes = sorted(chain.from_iterable([place << bits | way for place in places] for way, places in parts))
    places = [code >> bits for code in codes]
    at = times_at(places, first, starts)
    ends, begin, size = list[int](), 0, len(codes)
    while begin < size:
        by_time = bisect_left(at, at[begin] + max(1, apart_ms), begin)
        begin = bisect_right(places, places[begin] + most, begin, by_time)
        ends.append(begin)
    mask = (1 << bits) - 1
    return array("q", codes).tobytes(), array("q", [ranks[code & mask] for code in codes]).tobytes(), ends


def group_bounds(
    ranks: Sequence[int],
    ends: Sequence[int],
    around: Sequence[int],
    weights: Sequence[float],
    saturation: Sequence[float],
    total: float,
    together: int,
    half: float,
) -> list[tuple[float, float, float, int]]:
    """Returns for each group of hits the score of a window with all of them, the most that closeness can be
    (`most_closeness`), the score of the hits around it, and the number of different terms.

    `ranks` are those of the terms of the hits, `ends` where each group ends; of every group, `around` has the first
    and the last but one of the hits around it, or is empty. `weights` are by rank, `saturation` is the value of each
    count of a term, and at most `together` pairs of hits have the same distance for each hit of a group.
    """
    rows, begin, ranks = [], 0, list(ranks)
    for number, end in enumerate(ends):
        counts = sorted(_counts(ranks[begin:end]).items())
        close = most_closeness((rank for rank, _ in counts), weights, (end - begin) * together, half)
        beside = 0.0
        if around:
            low, high = around[2 * number : 2 * number + 2]
            beside = _score(Counter(ranks[low:high]).items(), weights, saturation, total)
        rows.append((_score(counts, weights, saturation, total), close, beside, len(counts)))
        begin = end
    return rows


def _counts(ranks: Iterable[int]) -> dict[int, int]:
    """As a Counter, which takes longer for fewer than thirty."""
    counts: dict[int, int] = {}
    known = counts.get
    for rank in ranks:
        counts[rank] = known(rank, 0) + 1
    return counts


def group_mosts(
    groups: tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[float], Sequence[float], float, int, float],
    by_closeness: float,
    by_context: float,
    context: float,
    besides: float,
) -> tuple[float, bytes]:
    """Returns the least first number of all rows, infinite without any, and the rows, packed as by `array("d")`. A row
    has four numbers: the most that a window of the group can score, negated, of that what closeness adds and what the
    hits around it add, and the number of its different terms.

    `groups` are the arguments of `group_bounds`. Closeness counts `by_closeness` times, the hits around `by_context`
    times; where these are not given, they add `context`. `besides` is added to each group.
    """
    around, rows, least = groups[2], array("d"), math.inf
    for score, close, beside, terms in group_bounds(*groups):
        close *= by_closeness
        surrounding = by_context * beside if around else context
        less = -(score + surrounding + besides + close)
        least = min(least, less)
        rows.extend((less, close, surrounding, terms))
    return least, rows.tobytes()


def _score(
    counts: Iterable[tuple[int, int]], weights: Sequence[float], saturation: Sequence[float], total: float
) -> float:
    """The score of a window with these counts of terms, by rank."""
    score = covered = 0.0
    last = len(saturation) - 1
    for rank, count in counts:
        weight = weights[rank]
        score += weight * saturation[count if count < last else last]
        covered += weight
    return score * covered / total if total else 0.0


def most_closeness(ranks: Iterable[int], weights: Sequence[float], alike: int, half: float) -> float:
    """Returns an upper bound of the closeness of different terms (`ranks`, ascending) if at most `alike` pairs of hits
    have the same distance: the heaviest pairs are assumed to be the closest.

    >>> most_closeness([0, 1, 3], [4.0, 3.0, 2.0, 1.0], 1, 8.0)  # 3.0, and two pairs of 1.0 at a distance of 1
    4.777777777777778
    """
    close, pairs = 0.0, 0
    for terms, rank in enumerate(ranks):
        close += weights[rank] * terms / (1.0 + pairs // alike / half)
        pairs += terms
    return close


_FAR = 1 << 62


def close_gains(places: Sequence[int], ranks: Sequence[int], weights: Sequence[float], half: float) -> list[float]:
    """Returns what each pair of different terms adds to the closeness of hits at ascending positions: the lesser
    weight, halved at a distance of `half` atoms. The lesser weight is that of the higher rank.

    >>> close_gains([0, 8, 30], [1, 0, 0], [2.0, 1.0], 8.0)
    [0.5]
    """
    size = len(weights)
    last: dict[int, int] = {}  # rank -> its last position; the term that came last is last
    nearest: dict[int, int] = {}
    known = nearest.get
    for place, rank in zip(places, ranks, strict=True):
        before, row = last.pop(rank, -1), rank * size
        for other, at in reversed(last.items()):
            if at <= before:
                break  # this term was closer to all that remain where it occurred before
            pair = row + other if rank > other else other * size + rank
            if place - at < known(pair, _FAR):
                nearest[pair] = place - at
        last[rank] = place
    return [weights[pair // size] / (1.0 + distance / half) for pair, distance in nearest.items()]


def shared_gains(said: str, grams: Sequence[tuple[str, float]]) -> list[float]:
    """Returns the gains of those grams (text, gain) that are in what was said."""
    return [gain for gram, gain in grams if gram in said]
