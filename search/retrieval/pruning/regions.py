"""Finds the regions of an episode in which a window could still be among the best, without reading most of its text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from indexer.core import native
from indexer.core.positions.intervals import around, union
from indexer.core.positions.token_stream import WIDTHS, Region, Stream, encoded_plainly
from search.matching.sources import MANY, RunSource, WordSource
from search.retrieval.scorer import Scorer

if TYPE_CHECKING:
    from indexer.core.native.bounds.episodes import Form, Gains
    from indexer.core.native.windows.competing import Episode as Asked
    from indexer.core.native.windows.competing import Term
    from search.matching.position_source import PositionSource
    from search.retrieval.resolved_plan import ResolvedTerm

BESIDE = 4e-10
"""Less than half a unit of the ninth digit, to which scores are rounded, because sums of floating point numbers depend
on their order. A score that is greater after rounding was greater by more than this before; an equal one was not."""

_NARROWING = 8
"""After so many terms, further ones hardly narrow the regions."""

_Spot: TypeAlias = tuple[int, int, float, float]
"""The first and last atom of windows that may compete, then the weight of the terms found there so far, and the most
that these score. A bare tuple, as there are many."""


def competing(scorer: Scorer, episode: int, floor: float, seeds: Sequence[int] = ()) -> list[Region]:
    """The regions of an episode in which a window may score more than `floor`; every such window is inside one. If
    `seeds` are given, only windows that hold one of these positions count.

    Terms are looked up from the heaviest on. Once the remaining ones cannot reach the floor by themselves, they are
    looked up only near what was found.
    """
    least = (floor + BESIDE) * scorer.total
    if len(scorer.forms) > MANY:
        return scorer.likely.regions(episode, least)
    groups = _bounds_in(scorer, episode)
    weights, gains = sum(weight for weight, _, _ in groups), sum(gain for _, gain, _ in groups)
    rest, most, size, reach = weights, gains, scorer.snapshot.atoms(episode), scorer.span.atoms
    spots: list[_Spot] = [(seed - reach, seed + reach, 0.0, 0.0) for seed in seeds]
    for looked, (weight, gain, sources) in enumerate(groups):
        if looked >= _NARROWING and 2 * sum(end - first for first, end in _regions(spots)) > size:
            return scorer.likely.regions(episode, least)  # most of the episode may compete: spots do not help
        leads = not seeds and rest * most > least
        regions = _regions(spots)
        rest, most = rest - weight, most - gain
        if leads or 2 * sum(end - first for first, end in regions) > size:
            regions = [(0, size)]
        places = sources[0].perhaps(episode, regions)
        if len(sources) > 1:
            places = sorted(chain(places, *(source.perhaps(episode, regions) for source in sources[1:])))
        fewest = 0
        if (weights - weight) * (gains - gain) <= least:  # no window does without it
            fewest = max(1, bisect_right(scorer.saturation, (least / weights - gains + gain) / weight))
        if leads:
            led = _around(places, max(1, fewest), reach)
            spots = sorted((*spots, *led)) if spots else led
        kept = []
        for low, high, covered, score in spots:
            there = bisect_right(places, high) - bisect_left(places, low)
            if there >= fewest:
                if there:
                    covered, score = covered + weight, score + min(weight * scorer.saturated(there), gain)
                if (covered + rest) * (score + most) > least:
                    kept.append((low, high, covered, score))
        spots = kept
        if not spots:
            break
    return _regions(spots)


def pruning(scorer: Scorer, episodes: Sequence[int]) -> Pruning:
    """The pruning of a query whose episodes are visited in this order."""
    if native.is_compiled and len(scorer.forms) <= MANY:
        return Ahead(scorer, episodes)
    return Pruning(scorer, episodes)


class Pruning:
    """The regions of episodes in which windows may compete, found one episode at a time."""

    def __init__(self, scorer: Scorer, episodes: Sequence[int]) -> None:
        """`episodes` are in the order in which they are visited."""
        self._scorer = scorer
        self._episodes = episodes

    def regions(self, rank: int, floor: float, holding: Set[int] = frozenset()) -> Sequence[Region] | None:
        """The regions (None: everywhere) with every window of the episode of this rank that scores more than `floor`,
        and with what decides whether its hits count. If terms are given in `holding`, only windows with one of them
        matter. `floor` must not fall from call to call."""
        episode = self._episodes[rank]
        seeds = self._seeds(holding, episode) if holding else ()
        if holding and not seeds:
            return []
        if floor > 0.0:
            return self._with_deciding(competing(self._scorer, episode, floor, seeds))
        return self._with_deciding(around(seeds, self._scorer.span.atoms)) if holding else None

    def following(self, rank: int) -> int:
        """The rank after this one of the next episode that may have regions."""
        return rank + 1

    def _with_deciding(self, regions: list[Region]) -> list[Region]:
        """The regions; if the plan has expansions, also what is near them, which decides whether these count."""
        if not self._scorer.plan.stand_ins:
            return regions
        reach = self._scorer.span.atoms
        return union([(max(0, first - reach), end + reach) for first, end in regions])

    def _seeds(self, terms: Set[int], episode: int, regions: Sequence[Region] | None = None) -> list[int]:
        """The positions of terms in an episode, or in some regions of it."""
        return sorted({hit[0] for hit in self._scorer.hits(terms, episode, regions)})


_AT_ONCE = 32
"""Episodes for which one call finds the regions. With more of them, the floor would rise less often."""


class Ahead(Pruning):
    """Finds the regions of several episodes at a time, by a window that slides over all places of all terms, however
    they are cut. Only for few terms, and only compiled."""

    def __init__(self, scorer: Scorer, episodes: Sequence[int]) -> None:
        super().__init__(scorer, episodes)
        forms = sorted(scorer.forms, key=lambda form: -max(scorer.term_weights[number] for number in form))
        self._forms = tuple(map(self._form, forms))  # the rarest first
        self._slack = 1e-9 * sum(max(scorer.term_weights[number] for number in form) for form in forms) ** 2
        """More than the rounding errors of a sum of products."""
        self._known: dict[int, list[Region]] = {}

    def regions(self, rank: int, floor: float, holding: Set[int] = frozenset()) -> Sequence[Region] | None:
        if floor <= 0.0:
            return super().regions(rank, floor, holding)
        regions = self._ahead(rank, floor)
        if not holding or not regions:
            return regions
        seeds = self._seeds(holding, self._episodes[rank], regions)
        return [region for region in regions if bisect_left(seeds, region[0]) < bisect_left(seeds, region[1])]

    def following(self, rank: int) -> int:
        known = self._known
        rank += 1
        while rank in known and not known[rank]:
            rank += 1
        return rank

    def _ahead(self, rank: int, floor: float) -> list[Region]:
        if rank not in self._known:
            self._known = dict(enumerate(self._found(self._episodes[rank : rank + _AT_ONCE], floor), rank))
        regions = self._known[rank]
        if not regions:
            return regions
        size = self._scorer.snapshot.atoms(self._episodes[rank])
        regions = self._with_deciding(regions)
        return regions if 2 * sum(end - first for first, end in regions) <= size else [(0, size)]

    def _found(self, episodes: Sequence[int], floor: float) -> list[list[Region]]:
        asked = native.terms_in(episodes, self._scorer.snapshot.units(episodes), self._forms)
        found = self._competing(asked, floor)
        # Times are read only for the few episodes in which windows may compete by their atoms alone.
        timed = {
            at: one for at, regions in enumerate(found) if regions and (one := self._timed(asked[at], episodes[at]))
        }
        for at, regions in zip(timed, self._competing(list(timed.values()), floor), strict=True):
            found[at] = regions
        return found

    def _competing(self, asked: Sequence[Asked], floor: float) -> list[list[Region]]:
        scorer = self._scorer
        least = (floor + BESIDE) * scorer.total - self._slack
        return native.competing_regions(asked, scorer.saturation, *scorer.span, least)

    def _form(self, numbers: Sequence[int]) -> Form:
        """A term with its expansions, for `native.terms_in`."""
        scorer, first = self._scorer, numbers[0]
        if len(numbers) == 1 and (runs := _runs(scorer.sources_of(first))):
            return scorer.term_weights[first], scorer.most_gains(first), *runs
        return partial(
            self._term_in, [(scorer.term_weights[n], scorer.most_gains(n), scorer.plan.terms[n]) for n in numbers]
        )

    def _term_in(self, several: Sequence[tuple[float, Gains, ResolvedTerm]], episode: int) -> Term | None:
        """A term with its expansions in an episode."""
        weight = gain = 0.0
        ways: list[bytes | Sequence[int]] = []
        for own, gains, term in several:
            if most := gains.get(episode):
                weight, gain = max(weight, own), max(gain, most)
                ways += _ways(term.present(episode), self._scorer.snapshot.stream(episode), episode)
        return (weight, gain, ways) if ways else None

    def _timed(self, asked: Asked, episode: int) -> Asked | None:
        """The episode with its times; None if a position may be said later than its cue begins."""
        times = self._scorer.snapshot.bounding_times(episode)
        if times.looks_inside:
            return None
        units, _, _, terms = asked
        return units, times.first, times.starts, terms


def _runs(sources: Sequence[PositionSource]) -> tuple[list[bytes], list[bytes]] | None:
    """The atoms of a term with a single source, as encoded in every stream of two, and of four, bytes a unit; None for
    other terms."""
    (source,) = sources if len(sources) == 1 else (None,)
    if not isinstance(source, WordSource | RunSource):
        return None
    narrow, wide = (encoded_plainly(source.atoms, width) for width in WIDTHS)
    return ([narrow], [wide]) if narrow and wide else None


def _ways(
    present: Iterable[tuple[int, PositionSource]], stream: Stream, episode: int
) -> Iterator[bytes | Sequence[int]]:
    """Each of the sources that may be in an episode: its atoms as encoded there, or its positions."""
    for _, source in present:
        if isinstance(source, WordSource | RunSource):
            if run := stream.encoded(source.atoms):
                yield run
        elif places := source.positions(episode):
            yield places


def _bounds_in(scorer: Scorer, episode: int) -> list[tuple[float, float, Sequence[PositionSource]]]:
    """(weight, the most it adds to a window, sources) of each term of the query that the episode has, exactly or as an
    expansion; the heaviest first."""
    groups: list[tuple[float, float, Sequence[PositionSource]]] = []
    for numbers in scorer.forms:
        gains = {number: gain for number in numbers if (gain := scorer.most_gains(number).get(episode))}
        if gains:
            weight, gain = max(scorer.term_weights[number] for number in gains), max(gains.values())
            groups.append((weight, gain, [source for number in gains for source in scorer.sources(number, episode)]))
    groups.sort(key=itemgetter(0), reverse=True)
    return groups


def _around(places: Sequence[int], fewest: int, reach: int) -> list[_Spot]:
    """Where windows with at least `fewest` of the positions may be."""
    together = zip(places, places[fewest - 1 :], strict=False)
    return [(last - reach, first + reach, 0.0, 0.0) for first, last in together if last - first <= reach]


def _regions(spots: Sequence[_Spot]) -> list[Region]:
    """Merges spots, which are in order, to disjoint regions."""
    return union([(low if low > 0 else 0, high + 1) for low, high, _, _ in spots])
