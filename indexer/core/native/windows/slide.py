"""Windows over the hits of an episode and over its blocks, and pairs of positions that are near."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, compress, islice, repeat
from operator import add, lt, sub

from indexer.core.native.places.hits import Hit


def slide(
    hits: Sequence[Hit],
    at: Sequence[int],
    milliseconds: int,
    atoms: int,
    weights: Sequence[float],
    gains: Sequence[float],
    total: float,
    floor: float,
) -> list[tuple[float, int, int]]:
    """Returns (score, begin, end) of the window that begins at each hit, where its score is above the floor:
    hits[begin:end] lie within so many milliseconds and atoms.

    `at` are the times of the hits, `weights` those of the terms, `gains` what the first, second, ... occurrence of a
    term adds, and `total` is the weight of the whole query.
    """
    most, size = len(gains) - 1, len(hits)
    counts = [0] * len(weights)
    spans = []
    end, score, covered = 0, 0.0, 0.0
    for begin, (place, term, _) in enumerate(hits):
        last_atom, last_time = place + atoms, at[begin] + milliseconds
        if end == begin:  # the window is empty: clear rounding errors
            score = covered = 0.0
        # A window holds at least its own hit: where times go backwards, only that.
        while end < size and (end == begin or (hits[end][0] <= last_atom and at[end] <= last_time)):
            added = hits[end][1]
            count = counts[added]
            score += weights[added] * gains[count if count < most else most]
            if not count:
                covered += weights[added]
            counts[added] = count + 1
            end += 1
        worth = score * covered / total if total else 0.0
        if worth > floor:
            spans.append((worth, begin, end))
        count = counts[term] = counts[term] - 1
        score -= weights[term] * gains[count if count < most else most]
        if not count:
            covered -= weights[term]
    return spans


def reaches(hits: Sequence[Hit], at: Sequence[int], milliseconds: int, atoms: int) -> list[int]:
    """Returns the end of the window that begins at each hit, as `slide`."""
    end, size, ends = 0, len(hits), []
    places = [hit[0] for hit in hits]
    for begin, (place, time) in enumerate(zip(places, at, strict=True)):
        last_atom, last_time = place + atoms, time + milliseconds
        while end < size and (end == begin or (places[end] <= last_atom and at[end] <= last_time)):
            end += 1
        ends.append(end)
    return ends


_LANE = 4
"""Bytes for each block in the big integers of `block_totals`."""


def block_totals(
    first: Sequence[int],
    cues: Sequence[int],
    size: int,
    behind: int,
    terms: Iterable[tuple[int, int, Sequence[Sequence[int]]]],
) -> tuple[list[int], list[int]]:
    """Returns for each of `size` blocks of an episode the sum of the weights, and of the gains, of the terms that a
    window may hold which begins there. Each of the terms is (weight, gain, lists of positions); `cues` has the block of
    each cue, and a window reaches over the `behind` blocks after its own. All weights together, and all gains, are
    below 2**32.

    A term is a big integer here with a lane of bits per block, shifted over the blocks from which it is in reach.
    """
    starts = [cue * _LANE for cue in cues]
    lane_at = list(chain.from_iterable(map(repeat, starts, map(sub, islice(first, 1, None), first))))
    weights = gains = 0
    for weight, gain, several in terms:
        row = bytearray(size * _LANE)
        for place in chain.from_iterable(several):
            row[lane_at[place]] = 1
        held = one = int.from_bytes(row, "little")
        for _ in range(behind):
            one >>= 8 * _LANE
            held |= one
        weights += held * weight
        gains += held * gain
    sums = [array("I", total.to_bytes(size * _LANE, "little")) for total in (weights, gains)]
    if sys.byteorder == "big":
        for one_of in sums:
            one_of.byteswap()
    return list(sums[0]), list(sums[1])


def beside(
    places: Sequence[int],
    others: Sequence[int],
    at: Sequence[int],
    others_at: Sequence[int],
    before: int,
    after: int,
    reach: int,
) -> tuple[list[int], list[int]]:
    """Returns those of `places` that have one of `others` near, and the others that are near one of them: at most
    `before` atoms before it or `after` after it, and within `reach` milliseconds. `at` and `others_at` are their times;
    all four ascend."""
    begins = list(
        map(
            max,
            map(bisect_left, repeat(others), map(sub, places, repeat(before))),
            map(bisect_left, repeat(others_at), map(sub, at, repeat(reach))),
        )
    )
    ends = list(
        map(
            min,
            map(bisect_right, repeat(others), map(add, places, repeat(after))),
            map(bisect_right, repeat(others_at), map(add, at, repeat(reach))),
        )
    )
    kept: list[int] = []
    known = 0
    for begin, end in zip(begins, ends, strict=True):
        if end > known:
            kept += others[begin if begin > known else known : end]
            known = end
    return list(compress(places, map(lt, begins, ends))), kept
