"""Upper bounds of the windows of an episode for a query of many terms, and the regions that may hold a good window.

A bound counts every place of a term's atoms, however the text is cut into words. Compiled code slides a window over the
text. In Python that would take a step for each of some hundred thousand positions, so blocks of the episode are bounded
instead (`block_bounds`): the bound is looser, the best windows are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from indexer.core import native
from indexer.core.positions.token_stream import Region
from search.matching.many_sources import Together

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.pruning.block_bounds import Blocks
    from search.retrieval.resolved_plan import ResolvedTerm
    from search.retrieval.windows import Span

Form: TypeAlias = "tuple[ResolvedTerm, float, Mapping[int, float]]"
"""A term, its weight, and the most that it adds to a window of each episode that has it."""


class Likely:
    """The bounds of the windows of one query."""

    def __init__(
        self,
        snapshot: Snapshot,
        forms: Sequence[Sequence[Form]],
        candidates: Sequence[int],
        span: Span,
        saturation: Sequence[float],
    ) -> None:
        """`forms` are those of each term: itself and what stands for it. `saturation` is the value of each count of a
        term; a window extends over `span`."""
        self._snapshot = snapshot
        ways = [
            (group, way.source)
            for group, several in enumerate(forms)
            for term, _, _ in several
            for way in term.alternatives
        ]
        self._groups = [group for group, _ in ways]
        self._amount = len(forms)
        self._together = Together([source for _, source in ways], snapshot)
        self._weights, self._gains = _weighed(forms, candidates)
        self._span = span
        self._saturation = saturation
        self._slack = 1e-9 * sum(max(weight for _, weight, _ in several) for several in forms) ** 2
        """More than the rounding errors of a sum of products."""
        self._blocks: dict[int, tuple[Blocks, list[float]] | None] = {}

    def best(self, episode: int) -> float:
        """An upper bound of the score of the windows of an episode, times the weight of the query."""
        if native.is_compiled:
            return self._slid(episode, float("inf"))[0] + self._slack
        blocks = self._bounded(episode)
        return max(blocks[1], default=0.0) if blocks else float("inf")

    def regions(self, episode: int, least: float) -> list[Region]:
        """The regions of an episode with all windows whose score, times the weight of the query, is more than `least`.
        The whole episode if they are most of it, since looking at many parts takes longer."""
        everything = [(0, self._snapshot.atoms(episode))]
        if native.is_compiled:
            regions = self._slid(episode, least - self._slack)[1]
        else:
            blocks = self._bounded(episode)
            if blocks is None:
                return everything
            numbers = [number for number, worth in enumerate(blocks[1]) if worth > least]
            regions = blocks[0].regions(numbers, self._span.atoms)
        return regions if 2 * sum(end - first for first, end in regions) <= everything[0][1] else everything

    def _slid(self, episode: int, least: float) -> tuple[float, list[Region]]:
        times, groups = self._snapshot.bounding_times(episode), self._groups
        if not times.is_ordered:
            return float("inf"), [(0, self._snapshot.atoms(episode))]
        # A time inside a cue is no earlier than its start and no later than its end.
        inside = max(0, *times.durations) if times.looks_inside else 0
        needles = [(groups[number], run) for number, run in zip(*self._together.needles(episode), strict=True)]
        others = [(groups[number], places) for number, places in self._together.others(episode)]
        return native.likely_regions(
            *self._snapshot.stream(episode).packed_units,
            needles,
            others,
            self._weights[episode],
            self._gains[episode],
            self._saturation,
            times.first,
            times.starts,
            self._span.milliseconds + inside,
            self._span.atoms,
            least,
        )

    def _bounded(self, episode: int) -> tuple[Blocks, list[float]] | None:
        """The blocks of an episode, with the bound of each; None if its times do not allow any."""
        if episode not in self._blocks:
            from search.retrieval.pruning.block_bounds import Blocks, worth_of_blocks

            try:
                blocks = Blocks(self._snapshot.bounding_times(episode), self._span.milliseconds)
            except ValueError:
                self._blocks[episode] = None
                return None
            places: list[list[Sequence[int]]] = [[] for _ in range(self._amount)]
            for number, spotted in self._together.spotted(episode).items():
                places[self._groups[number]].append(spotted)
            rows = zip(self._weights[episode], self._gains[episode], places, strict=True)
            terms = [(weight, gain, several) for weight, gain, several in rows if gain and several]
            self._blocks[episode] = blocks, worth_of_blocks(blocks, terms)
        return self._blocks[episode]


def _weighed(
    forms: Sequence[Sequence[Form]], candidates: Sequence[int]
) -> tuple[dict[int, list[float]], dict[int, list[float]]]:
    """By episode: what the terms that occur weigh, and the most that each adds to a window."""
    weights = {episode: [0.0] * len(forms) for episode in candidates}
    gains = {episode: [0.0] * len(forms) for episode in candidates}
    for group, several in enumerate(forms):
        for _, own, most_gains in several:
            for episode, gain in most_gains.items():
                if episode in weights and gain:
                    weights[episode][group] = max(weights[episode][group], own)
                    gains[episode][group] = max(gains[episode][group], gain)
    return weights, gains
