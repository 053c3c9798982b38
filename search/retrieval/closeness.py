"""The closeness of a group of hits: its exact value, and what an upper bound that needs no positions must know
(`indexer.core.native.group_bounds`).

Terms are identified by rank: 0 has the greatest weight, so the lesser weight of a pair is that of the higher rank. The
result lacks the factor `Weights.closeness`, and may differ from `search.scoring.closeness_score` in the last digits,
because they are summed in another order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from indexer.core import native


def closeness_of(places: Sequence[int], ranks: Sequence[int], weights: Sequence[float], half: float) -> float:
    """Returns the closeness of hits at ascending positions: each pair of different terms adds the lesser weight, halved
    at a distance of `half` atoms.

    >>> closeness_of([0, 8, 30], [1, 0, 0], [2.0, 1.0], 8.0)
    0.5
    """
    return sum(native.close_gains(places, ranks, weights, half))


def hits_at_one_place(runs: Iterable[Sequence[str]]) -> int:
    """Returns the maximum number of these runs of atoms that can begin at one position: each must be a prefix of all
    longer ones. An empty one is of a pattern whose atoms are not known: it may be anywhere.

    >>> hits_at_one_place([("一", "个"), ("一",), ("一", "下"), ("两",)])
    2
    """
    counts = Counter(map(tuple, runs))
    anywhere = counts.pop((), 0)
    chains = (sum(counts[run[:size]] for size in range(1, len(run) + 1)) for run in counts)
    return max(1, anywhere + max(list(chains), default=0))
