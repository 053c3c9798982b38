"""Upper bounds of the window scores of an episode for a query of many terms, for all blocks of the episode at once.

Speech is divided into blocks of BLOCK_MS. A term is a big integer with a lane of bits per block, which is 1 if a window
that begins in the block may contain the term. The sum of these integers, each multiplied by the weight of its term, has
in each lane the total weight of the terms that may occur together. So an episode takes one pass over the positions and
a few operations per term, whereas sliding a window takes many per position.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice, repeat
from operator import le, sub
from sys import byteorder

from indexer.core.timeline import Times
from indexer.core.token_stream import Region

BLOCK_MS = 5500
"""Length of a block. A window of 22 s extends over the four blocks after its own."""
_LANE = 4
"""Bytes per lane."""
_UNITS = 1 << 30
"""The sum of all values, in units of a lane; rounding up adds at most one per value, so no lane overflows."""
_SPARSE = 1000
"""Maximum number of blocks in excess of the number of cues; long gaps in the times would create empty lanes."""


class Blocks:
    """The blocks of an episode. Raises ValueError if times decrease, differ inside a cue, or have long gaps."""

    def __init__(self, times: Times, reach_ms: int) -> None:
        """`reach_ms` is the length of a window in milliseconds."""
        starts, first = times.starts, times.first
        if times.looks_inside or not all(map(le, starts, islice(starts, 1, None))):
            raise ValueError("times inside cues, or out of order")
        self._behind = -(-reach_ms // BLOCK_MS)
        numbers = [start // BLOCK_MS for start in starts]
        origin = numbers[0] if numbers else 0
        lanes = [(number - origin) * _LANE for number in numbers]
        self._size = lanes[-1] // _LANE + 1 if lanes else 0
        if self._size > len(lanes) + _SPARSE:
            raise ValueError("long gaps")
        self._lanes = list(chain.from_iterable(map(repeat, lanes, map(sub, islice(first, 1, None), first))))
        self._first = [0] * (self._size + 1)
        self._first[-1] = first[-1]
        at = self._size
        for cue in range(len(lanes) - 1, -1, -1):  # the first atom of each block, of an empty one that of the next
            number = lanes[cue] // _LANE
            while at > number + 1:
                at -= 1
                self._first[at] = self._first[at + 1]
            at = number
            self._first[at] = first[cue]

    def holding(self, places: Iterable[int]) -> int:
        """Returns the lanes of a term at these positions: 1 in each block where a window with one of them may begin."""
        row, lanes = bytearray(self._size * _LANE), self._lanes
        for place in places:
            row[lanes[place]] = 1
        held = one = int.from_bytes(row, "little")
        for _ in range(self._behind):
            one >>= 8 * _LANE
            held |= one
        return held

    def sums(self, held: Sequence[tuple[int, float]]) -> list[float]:
        """Returns an upper bound, for each block, of the sum of the values whose lanes are set, exact but for
        rounding."""
        unit = sum(value for _, value in held) / _UNITS or 1.0
        added = sum(lanes * (int(value / unit) + 1) for lanes, value in held)
        sums = array("I", added.to_bytes(self._size * _LANE, "little"))
        if byteorder == "big":
            sums.byteswap()
        return [units * unit for units in sums]

    def regions(self, numbers: Iterable[int], gap: int) -> list[Region]:
        """Returns the atoms of all windows that begin in the blocks (`numbers`, ascending); merges regions less than
        `gap` atoms apart."""
        regions: list[Region] = []
        for number in numbers:
            begin, end = self._first[number], self._first[min(number + self._behind + 1, self._size)]
            if regions and begin <= regions[-1][1] + gap:
                regions[-1] = (regions[-1][0], max(end, regions[-1][1]))
            elif end > begin:
                regions.append((begin, end))
        return regions


def likely_blocks(blocks: Blocks, terms: Iterable[tuple[float, float, Iterable[int]]], least: float) -> list[int]:
    """Returns the blocks in which a window may begin whose total weight times total gain exceeds `least`. Each of
    `terms` is a weight, the maximum gain of a window by the term, and a superset of the term's positions."""
    held = [(blocks.holding(places), weight, gain) for weight, gain, places in terms]
    weights = blocks.sums([(lanes, weight) for lanes, weight, _ in held])
    gains = blocks.sums([(lanes, gain) for lanes, _, gain in held])
    return [number for number, weight in enumerate(weights) if weight * gains[number] > least]
