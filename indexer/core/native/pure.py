"""The hot loops in Python: the twins of the C functions, and what each of them means.

A hit is (position, term, alternative); positions are indices of atoms, times milliseconds. Sequences of integers may be
lists, tuples, arrays or memoryviews.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, compress, islice, repeat
from mmap import mmap
from operator import add, lt, sub
from typing import Any, TypeAlias

from indexer.core.native.pure_streams import dense_groups as dense_groups
from indexer.core.native.pure_streams import find as find
from indexer.core.native.pure_streams import find_in_all as find_in_all
from indexer.core.native.pure_streams import least as least
from indexer.core.native.pure_streams import sign as sign

Hit: TypeAlias = tuple[int, int, int]

# --- text.c ---


def find_each(data: mmap | bytes, begin: int, end: int, width: int, needles: Sequence[bytes]) -> list[list[int]]:
    """Returns the positions of each needle (`find`); all of them take one pass, compiled. `width` is 2 or 4."""
    return [find(data, begin, end, width, needle, None) for needle in needles]


def unbroken(places: Sequence[int], size: int, bits: bytes, count: int) -> tuple[list[int], list[int]]:
    """Returns the positions of a run of `size` atoms with no word boundary inside, and those of them that are a whole
    word. `bits` has a bit for each of `count` atoms, 1 where a word begins, padded with zeros at its front."""
    begins, inside = _unpacked(bits, count), "0" * (size - 1)
    whole = [at for at in places if begins[at + 1 : at + size] == inside]
    return whole, [at for at in whole if begins[at] == "1" and begins[at + size : at + size + 1] != "0"]


@lru_cache(1024)
def _unpacked(bits: bytes, count: int) -> str:
    return format(int.from_bytes(bits, "big"), f"0{count}b")


# --- hits.c ---


def merged(parts: Sequence[tuple[int, int, Sequence[int]]]) -> list[Hit]:
    """Returns the hits of some parts (term, alternative, ascending positions), in order. The parts ascend by term and
    alternative."""
    hits = [(place, term, alternative) for term, alternative, places in parts for place in places]
    hits.sort()
    return hits


def within(places: Sequence[int], regions: Iterable[tuple[int, int]]) -> list[int]:
    """Returns the ascending positions that lie in the regions."""
    return [place for first, end in regions for place in places[bisect_left(places, first) : bisect_left(places, end)]]


def hit_times(hits: Sequence[Hit], first: Sequence[int], starts: Sequence[int]) -> list[int]:
    """Returns the time of each hit: the start of its cue. The hits are in order; `first[i]` is the first atom of cue i,
    with the end of the last one as a further entry."""
    cue, at = 0, []
    for position, _, _ in hits:
        if position >= first[cue + 1]:
            cue = bisect_right(first, position, cue + 1) - 1
        at.append(starts[cue])
    return at


def times_at(places: Sequence[int], first: Sequence[int], starts: Sequence[int]) -> list[int]:
    """Returns the time of each of the ascending positions, as `hit_times`."""
    if len(places) < len(starts):
        return [starts[cue - 1] for cue in map(bisect_right, repeat(first), places)]
    before = list(map(bisect_left, repeat(places), first))
    return list(chain.from_iterable(map(repeat, starts, map(sub, islice(before, 1, None), before))))


PART, WHOLE = 1, 2
"""What a term may be, as bits: part of a longer one, or longer than another."""


def outside_wholes(hits: Sequence[Hit], lengths: Sequence[int], kinds: Sequence[int]) -> list[int]:
    """Returns the indices of the hits that are not inside one of a longer term. The hits are in order; `lengths` (in
    atoms) and `kinds` (PART, WHOLE) are by term."""
    covers: dict[int, int] = {}
    for place, number, _ in hits:
        if kinds[number] & WHOLE:
            covers[place] = max(covers.get(place, 0), place + lengths[number])
    if not covers:
        return list(range(len(hits)))
    reach = max(length for length, kind in zip(lengths, kinds, strict=True) if kind & WHOLE)
    kept = []
    for index, (place, number, _) in enumerate(hits):
        if kinds[number] & PART:
            end, size = place + lengths[number], lengths[number]
            inside = any(
                covers.get(begin, 0) >= end and covers[begin] - begin > size for begin in range(end - reach, place + 1)
            )
            if inside:
                continue
        kept.append(index)
    return kept


# --- extents.c ---


def joined_extents(*arguments: Any) -> tuple[list[int], list[int], list[int]]:
    """See `pure_extents`, which few searches need."""
    from indexer.core.native import pure_extents

    return pure_extents.joined_extents(*arguments)


# --- windows.c ---


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
    lanes = list(chain.from_iterable(map(repeat, cues, map(sub, islice(first, 1, None), first))))
    weights = gains = 0
    for weight, gain, several in terms:
        row = bytearray(size * _LANE)
        for place in chain.from_iterable(several):
            row[lanes[place] * _LANE] = 1
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


# --- groups.c ---


def group_bounds(
    ranks: Sequence[int],
    ends: Sequence[int],
    around: Sequence[int],
    weights: Sequence[float],
    saturation: Sequence[float],
    total: float,
    together: int,
    half: float,
) -> list[tuple[float, float, float, int]]:
    """Returns for each group of hits the score of a window with all of them, the most that closeness can be
    (`most_closeness`), the score of the hits around it, and the number of different terms.

    `ranks` are those of the terms of the hits, `ends` where each group ends; of every group, `around` has the first
    and the last but one of the hits around it, or is empty. `weights` are by rank, `saturation` is the value of each
    count of a term, and at most `together` pairs of hits have the same distance for each hit of a group.
    """
    rows, begin = [], 0
    for number, end in enumerate(ends):
        counts = sorted(Counter(ranks[begin:end]).items())
        close = most_closeness((rank for rank, _ in counts), weights, (end - begin) * together, half)
        beside = 0.0
        if around:
            low, high = around[2 * number : 2 * number + 2]
            beside = _score(Counter(ranks[low:high]).items(), weights, saturation, total)
        rows.append((_score(counts, weights, saturation, total), close, beside, len(counts)))
        begin = end
    return rows


def _score(
    counts: Iterable[tuple[int, int]], weights: Sequence[float], saturation: Sequence[float], total: float
) -> float:
    """The score of a window with these counts of terms, by rank."""
    score = covered = 0.0
    last = len(saturation) - 1
    for rank, count in counts:
        weight = weights[rank]
        score += weight * saturation[count if count < last else last]
        covered += weight
    return score * covered / total if total else 0.0


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


def close_gains(places: Sequence[int], ranks: Sequence[int], weights: Sequence[float], half: float) -> list[float]:
    """Returns what each pair of different terms adds to the closeness of hits at ascending positions: the lesser
    weight, halved at a distance of `half` atoms. The lesser weight is that of the higher rank.

    >>> close_gains([0, 8, 30], [1, 0, 0], [2.0, 1.0], 8.0)
    [0.5]
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
    return [weights[pair // size] / (1.0 + distance / half) for pair, distance in nearest.items()]


def shared_gains(said: str, grams: Sequence[tuple[str, float]]) -> list[float]:
    """Returns the gains of those grams (text, gain) that are in what was said."""
    return [gain for gram, gain in grams if gram in said]
