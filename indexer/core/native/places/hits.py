"""Lists of hits: merged from the positions of several terms, with their times, and without the parts of longer terms.

A hit is (position, term, alternative).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice, repeat
from operator import add, le, sub
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


def ascends(numbers: Sequence[int]) -> bool:
    """Returns True if no number is less than the one before it."""
    return all(map(le, numbers, islice(numbers, 1, None)))


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
    parts, wholes = kinds_of(bytes(kinds))
    covers = longest([(place, lengths[number]) for place, number, _ in hits if number in wholes])
    if not covers:
        return list(range(len(hits)))
    inside = covered(covers, {lengths[number] for _, number, _ in hits if number in parts})
    nowhere = dict[int, int]()
    hidden = {number: inside[lengths[number]] if number in parts else nowhere for _, number, _ in hits}
    return [index for index, (place, number, _) in enumerate(hits) if place not in hidden[number]]


@lru_cache(64)
def kinds_of(kinds: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the terms that are parts, and of those that are longer ones."""
    parts, wholes = ([number for number, kind in enumerate(kinds) if kind & one] for one in (PART, WHOLE))
    return frozenset(parts), frozenset(wholes)


def longest(wholes: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The greatest of the lengths at each place, from (place, length)."""
    return dict(sorted(wholes))


def covered(covers: Mapping[int, int], sizes: Iterable[int]) -> dict[int, dict[int, int]]:
    """For each of the sizes: the places where a part of that size is inside a longer term, with the place of the
    nearest such term. `covers` has the length of the longest term at each place."""
    by_length: dict[int, list[int]] = {}
    for place, length in covers.items():
        by_length.setdefault(length, []).append(place)
    inside: dict[int, dict[int, int]] = {}
    for size in sizes:
        known = inside[size] = {}
        for offset in range(max(by_length) - size, -1, -1):  # the nearest is noted last
            for length, places in by_length.items():
                if length > size and length >= size + offset:
                    known.update(zip(map(add, places, repeat(offset)), places, strict=False))
    return inside
