"""What groups of hits can score at most."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence


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
    """How often each rank occurs. A Counter would take longer for fewer than thirty."""
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
