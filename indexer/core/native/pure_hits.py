"""Hits in Python: the twins of hits.c. A hit is (position, term, alternative)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, islice, repeat
from operator import sub
from typing import TypeAlias

Hit: TypeAlias = tuple[int, int, int]


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
    return times_at([hit[0] for hit in hits], first, starts)


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
    end_of, kept = covers.get, []
    for index, (place, number, _) in enumerate(hits):
        if kinds[number] & PART:
            size = lengths[number]
            end = place + size
            for begin in range(end - reach, place + 1):
                covered = end_of(begin, 0)
                if covered >= end and covered - begin > size:
                    break
            else:
                kept.append(index)
        else:
            kept.append(index)
    return kept


def counted(
    codes: Sequence[int],
    bits: int,
    ranks: Sequence[int],
    ends: Sequence[int],
    around: Sequence[int],
    first: Sequence[int],
    lengths: Sequence[int],
    kinds: Sequence[int],
) -> tuple[list[int], list[int], list[int]]:
    """Leaves out of some groups of hits those that count in no part of the episode which begins with a group or a cue:
    each is inside a longer term that begins in the same group and the same cue. Returns the ranks of the others, and
    `ends` and `around` as indices of these.

    `codes` are the hits in order, their places shifted by `bits`; `ends` and `around` are as in `group_bounds`, `first`
    as in `hit_times`, `lengths` (in atoms) and `kinds` (PART, WHOLE) by rank.
    """
    covers: dict[int, int] = {}
    for code, rank in zip(codes, ranks, strict=True):
        if kinds[rank] & WHOLE:
            place = code >> bits
            covers[place] = max(covers.get(place, 0), place + lengths[rank])
    if not covers:
        return list(ranks), list(ends), list(around)
    reach = max(length for length, kind in zip(lengths, kinds, strict=True) if kind & WHOLE)
    end_of, kept, before = covers.get, list[int](), list[int]()
    low = 0
    for high in ends:
        begin = codes[low] >> bits if low < high else 0
        for index in range(low, high):
            before.append(len(kept))
            rank = ranks[index]
            if kinds[rank] & PART:
                place, size = codes[index] >> bits, lengths[rank]
                least = max(begin, place + size - reach, first[bisect_right(first, place) - 1])
                if any(end_of(at, 0) >= max(place + size, at + size + 1) for at in range(least, place + 1)):
                    continue
            kept.append(rank)
        low = high
    before.append(len(kept))
    return kept, [before[end] for end in ends], [before[at] for at in around]
