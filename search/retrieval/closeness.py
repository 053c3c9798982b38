"""The closeness of a group of hits, and upper bounds of the score of a group, for which its positions need not be
compared (`indexer.core.native.group_bounds`).

Terms are identified by rank: 0 has the greatest weight, so the lesser weight of a pair is that of the higher rank. The
result lacks the factor `Weights.closeness`, and may differ from `search.scoring.closeness_score` in the last digits,
because they are summed in another order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from indexer.core import native
from search.retrieval.query_weights import Model

Groups: TypeAlias = tuple[
    Sequence[int], Sequence[int], Sequence[int], Sequence[float], Sequence[float], float, int, float
]
"""The arguments of `native.group_bounds`."""

BESIDE = 1e-9
"""How far a score may be above its bound: floating-point sums depend on their order."""


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


class GroupBounds:
    """The most that groups of hits of a query can score."""

    def __init__(self, model: Model, terms: Iterable[int]) -> None:
        """`terms` are the numbers of those that hits may be of."""
        self._model = model
        by_weight = sorted(terms, key=lambda number: -model.term_weights[number])
        self.ranks = {number: rank for rank, number in enumerate(by_weight)}
        self.weights = [model.term_weights[number] for number in by_weight]
        """The weights by rank, falling."""
        ways = (way for number in by_weight for way in model.plan.terms[number].alternatives)
        self._together = hits_at_one_place(way.atoms for way in ways)

    def of_groups(self, ranks: Sequence[int], ends: Sequence[int]) -> list[tuple[float, float, float, int]]:
        """The bounds of consecutive groups of hits whose terms have these `ranks`; `native.group_bounds` says what
        `ends` and the results are."""
        return native.group_bounds(*self._of(ranks, ends, ()))

    def mosts(
        self, ranks: Sequence[int], ends: Sequence[int], around: Sequence[int], context: float, besides: float
    ) -> tuple[float, bytes]:
        """The most that each of such groups can score, negated, and of all of them; `native.group_mosts` says what
        `around`, `context`, `besides` and the results are."""
        weights = self._model.weights
        of = self._of(ranks, ends, around)
        return native.group_mosts(of, weights.closeness, weights.context, context, besides)

    def _of(self, ranks: Sequence[int], ends: Sequence[int], around: Sequence[int]) -> Groups:
        """The arguments of `native.group_bounds`."""
        model = self._model
        half = model.weights.closeness_atoms
        return ranks, ends, around, self.weights, model.saturation, model.total, self._together, half
