"""The closeness of a group of hits: its exact value, and an upper bound that needs no positions.

Terms are identified by rank: 0 has the greatest weight, so the lesser weight of a pair is that of the higher rank. Both
results lack the factor `Weights.closeness`, and may differ from `search.scoring.closeness_score` in the last digits,
because they are summed in another order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def closeness_of(places: Iterable[int], ranks: Iterable[int], weights: Sequence[float], half: float) -> float:
    """Returns the closeness of hits at ascending positions: each pair of different terms adds the lesser weight, halved
    at a distance of `half` atoms.

    >>> closeness_of([0, 8, 30], [1, 0, 0], [2.0, 1.0], 8.0)
    0.5
    """
    size = len(weights)
    last: dict[int, int] = {}  # rank -> its last position; the term that came last is last
    nearest: dict[int, int] = {}
    for place, rank in zip(places, ranks, strict=True):
        before = last.pop(rank, -1)
        for other in reversed(last):
            at = last[other]
            if at <= before:
                break  # this term was closer to all that remain where it occurred before
            pair = rank * size + other if rank > other else other * size + rank
            known = nearest.get(pair)
            if known is None or place - at < known:
                nearest[pair] = place - at
        last[rank] = place
    return sum([weights[pair // size] / (1.0 + distance / half) for pair, distance in nearest.items()])


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


def hits_at_one_place(runs: Iterable[Sequence[str]]) -> int:
    """Returns the maximum number of these runs of atoms that can begin at one position: each must be a prefix of all
    longer ones.

    >>> hits_at_one_place([("一", "个"), ("一",), ("一", "下"), ("两",)])
    2
    """
    counts = Counter(map(tuple, runs))
    chains = (sum(counts[run[:size]] for size in range(1, len(run) + 1)) for run in counts)
    return max(list(chains), default=1)
