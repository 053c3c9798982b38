"""Upper bounds of the window scores of an episode for a query of many terms, for all blocks of the episode at once.

Speech is divided into blocks of BLOCK_MS. The weights of the terms that may be in a window which begins in a block are
added up for all blocks (`indexer.core.native.block_totals`), as integers. So an episode takes one pass over the
positions and a few operations per term, whereas sliding a window takes many per position.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import mul

from indexer.core import native
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region

BLOCK_MS = 5500
"""Length of a block. A window of 22 s extends over the four blocks after its own."""
_UNITS = 1 << 30
"""The sum of all values, as an integer; rounding up adds at most one per value, so it stays below 2**32."""
_SPARSE = 1000
"""Maximum number of blocks in excess of the number of cues: long gaps in the times would create empty ones."""


class Blocks:
    """The blocks of an episode. Raises ValueError if times decrease, differ inside a cue, or have long gaps."""

    def __init__(self, times: Times, reach_ms: int) -> None:
        """`reach_ms` is the length of a window in milliseconds."""
        if times.looks_inside or not times.is_ordered:
            raise ValueError("times inside cues, or out of order")
        numbers = [start // BLOCK_MS for start in times.starts]
        origin = numbers[0] if numbers else 0
        self._cues = [number - origin for number in numbers] if origin else numbers
        self._size = numbers[-1] - origin + 1 if numbers else 0
        if self._size > len(numbers) + _SPARSE:
            raise ValueError("long gaps")
        self._behind = -(-reach_ms // BLOCK_MS)
        self._first = times.first

    def totals(self, terms: Sequence[tuple[float, float, Sequence[Sequence[int]]]]) -> tuple[list[float], list[float]]:
        """Returns upper bounds, for each block, of the sums of the weights and of the gains of the terms that a window
        may hold which begins there, exact but for rounding. Each of `terms` is a weight, a gain, and lists of
        positions."""
        units = [sum(term[0] for term in terms) / _UNITS or 1.0, sum(term[1] for term in terms) / _UNITS or 1.0]
        rows = [(int(weight / units[0]) + 1, int(gain / units[1]) + 1, places) for weight, gain, places in terms]
        sums = native.block_totals(self._first, self._cues, self._size, self._behind, rows)
        weights, gains = ([amount * unit for amount in added] for added, unit in zip(sums, units, strict=True))
        return weights, gains

    def regions(self, numbers: Iterable[int], gap: int) -> list[Region]:
        """Returns the atoms of all windows that begin in the blocks (`numbers`, ascending); merges regions less than
        `gap` atoms apart."""
        regions: list[Region] = []
        for number in numbers:
            begin, end = self._first_of(number), self._first_of(number + self._behind + 1)
            if regions and begin <= regions[-1][1] + gap:
                regions[-1] = (regions[-1][0], max(end, regions[-1][1]))
            elif end > begin:
                regions.append((begin, end))
        return regions

    def _first_of(self, number: int) -> int:
        """The first atom of a block; of an empty one, that of the next."""
        return self._first[bisect_left(self._cues, number)]


def worth_of_blocks(blocks: Blocks, terms: Sequence[tuple[float, float, Sequence[Sequence[int]]]]) -> list[float]:
    """Returns for each block an upper bound of total weight times total gain of a window that begins there. Each of
    `terms` is a weight, the maximum gain of a window by the term, and a superset of the term's positions, in lists."""
    weights, gains = blocks.totals(terms)
    return list(map(mul, weights, gains))
