"""The closeness of a group of hits, and upper bounds of the score of a group, for which its positions need not be
compared (`indexer.core.native.group_bounds`).

Terms are identified by rank: 0 has the greatest weight, so the lesser weight of a pair is that of the higher rank. The
result lacks the factor `Weights.closeness`, and may differ from `search.scoring.closeness_score` in the last digits,
because they are summed in another order.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from search.retrieval.scorer import Scorer

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

    def __init__(self, scorer: Scorer, terms: Iterable[int]) -> None:
        """`terms` are the numbers of those that hits may be of."""
        self._scorer = scorer
        by_weight = sorted(terms, key=lambda number: -scorer.term_weights[number])
        self.ranks = {number: rank for rank, number in enumerate(by_weight)}
        self.weights = [scorer.term_weights[number] for number in by_weight]
        """The weights by rank, falling."""
        ways = (way for number in by_weight for way in scorer.plan.terms[number].alternatives)
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
        weights = self._scorer.weights
        of = self._of(ranks, ends, around)
        return native.group_mosts(of, weights.closeness, weights.context, context, besides)

    def _of(self, ranks: Sequence[int], ends: Sequence[int], around: Sequence[int]) -> Groups:
        """The arguments of `native.group_bounds`."""
        scorer = self._scorer
        half = scorer.weights.closeness_atoms
        return ranks, ends, around, self.weights, scorer.saturation, scorer.total, self._together, half


class HitGroup(NamedTuple):
    """Hits [begin, end) of an episode. `most` is an upper bound of the score of their window; of that, `close` is for
    terms that are close, and `around` for the wider context. `terms` counts the different terms outside longer ones."""

    most: float
    episode: int
    begin: int
    end: int
    close: float
    around: float
    terms: int


class EpisodeGroups(NamedTuple):
    """The groups of an episode before any is looked at: where they end, and their bounds as `native.group_mosts` packs
    them. Few of hundreds of thousands of groups become a `HitGroup`, so that is what is kept of most."""

    episode: int
    ends: Sequence[int]
    packed: bytes

    def by_bound(self) -> Iterator[HitGroup]:
        """The groups by falling bound, equals as they come."""
        less = memoryview(self.packed).cast("d")[::4].tolist()
        return map(self._group, sorted(range(len(self.ends)), key=less.__getitem__))

    def of_terms(self, fewest: int) -> Iterator[HitGroup]:
        """The groups with at least so many different terms."""
        terms = memoryview(self.packed).cast("d")[3::4].tolist()
        return map(self._group, (number for number, amount in enumerate(terms) if amount >= fewest))

    def _group(self, number: int) -> HitGroup:
        less, close, around, terms = memoryview(self.packed).cast("d")[4 * number : 4 * number + 4]
        begin = self.ends[number - 1] if number else 0
        return HitGroup(-less, self.episode, begin, self.ends[number], close, around, int(terms))


def by_bound(episodes: Sequence[tuple[float, EpisodeGroups]]) -> Iterator[HitGroup]:
    """The groups of all episodes by falling bound, equals by episode and place. The number of an episode is the least
    of its bounds, negated: until it comes, none of its groups is looked at."""
    ahead: list[tuple[float, int, HitGroup | None, Iterator[HitGroup]]]
    ahead = [(less, one.episode, None, one.by_bound()) for less, one in episodes]
    heapq.heapify(ahead)
    while ahead:
        _, episode, group, rest = ahead[0]
        yield next(rest) if group is None else group
        after = next(rest, None)
        if after is None:
            heapq.heappop(ahead)
        else:
            heapq.heapreplace(ahead, (-after.most, episode, after, rest))
