"""Counts neighbours in runs of numbers.

Runs are arrays("I"); a 0 in one is no word, so that it is in no pair.
"""

from __future__ import annotations

from array import array
from itertools import pairwise

MOST = 0xFFFF
"""The most that a bucket counts."""


def tally_pairs(run: array[int], buckets: array[int]) -> None:
    """Adds 1 to the bucket of each pair of neighbours, up to MOST. `buckets` is an array("H") whose size is a power of
    two. Raises ValueError for any other size."""
    _check(buckets)
    for one, other in pairwise(run):
        if one and other:
            bucket = bucket_of(one, other, len(buckets))
            buckets[bucket] += buckets[bucket] < MOST


def likely_pairs(run: array[int], buckets: array[int], least: int) -> bytes:
    """Returns the pairs of neighbours whose bucket has counted at least `least`, or MOST, in order, as the bytes of an
    array("Q"): the first number in the high half. Those that occur as often are among them, since several pairs may
    share a bucket. Raises ValueError as `tally_pairs`."""
    _check(buckets)
    enough = min(least, MOST)
    pairs = ((one, other) for one, other in pairwise(run) if one and other)
    likely = (pair for pair in pairs if buckets[bucket_of(*pair, len(buckets))] >= enough)
    return array("Q", (one << 32 | other for one, other in likely)).tobytes()


def bucket_of(one: int, other: int, size: int) -> int:
    """Returns which of `size` buckets counts a pair."""
    hashed = one * 2654435761 + other * 2246822519 & 0xFFFFFFFF
    return (hashed ^ hashed >> 15) & (size - 1)


def _check(buckets: array[int]) -> None:
    if not buckets or len(buckets) & (len(buckets) - 1):
        raise ValueError("a power of two of buckets")


def translated(run: array[int], table: array[int]) -> bytes:
    """Returns what `table`, an array("I"), has for each number, 0 for those beyond it, as bytes of such an array."""
    return array("I", (table[number] if number < len(table) else 0 for number in run)).tobytes()
