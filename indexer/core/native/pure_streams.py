"""Finds a run of atoms in a token stream, or in many, in Python: the twins of streams.c, dense.c and of `find`.

A stream is named by its place: (data, begin, end, width, signature), its units of `width` bytes being data[begin:end].
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, repeat
from mmap import mmap
from typing import AnyStr, TypeAlias

SignedUnits: TypeAlias = "tuple[mmap | bytes, int, int, int, bytes | None]"
"""The data of a stream, where its units begin and end in it, their width, and its signature, None without one."""

_ROW_BITS = 12
_BLOCK = 1024
"""Atoms."""
_PAIRS = 8
"""Pairs of a run that are looked up."""


def sign(data: mmap | bytes, begin: int, end: int, width: int) -> bytes:
    """Returns the signature of a stream: a row of bits for each hash of two neighbouring atoms, a bit for each block of
    1,024 atoms, 1 where a run that begins in the block may have two such atoms among its first nine."""
    said = array("H" if width == 2 else "I", data[begin:end])
    size = (-(-len(said) // _BLOCK) + 7) // 8
    rows = bytearray(size << _ROW_BITS)
    for at, (one, other) in enumerate(pairwise(said)):
        row = ((one * 2654435761 + other * 2246822519 & 0xFFFFFFFF) >> (32 - _ROW_BITS)) * size
        block, offset = divmod(at, _BLOCK)
        rows[row + (block >> 3)] |= 1 << (block & 7)
        if block and offset < _PAIRS - 1:  # of a run that begins in the block before
            rows[row + (block - 1 >> 3)] |= 1 << (block - 1 & 7)
    return bytes(rows)


def find(
    data: mmap | bytes, begin: int, end: int, width: int, needle: bytes, regions: Iterable[tuple[int, int]] | None
) -> list[int]:
    """Returns the positions at which the needle begins in the units of `width` bytes in data[begin:end], overlaps
    included. `regions` (disjoint, ascending; None: everywhere) are those in which it may begin."""
    look, last, found = looking_for(needle), len(needle), list[int]()
    for first, after in ((0, (end - begin) // width),) if regions is None else regions:
        stop = min(begin + (after - 1) * width + last, end)
        found += [
            at // width
            for match in look(data, begin + first * width, stop)
            if not (at := match.start() - begin) % width  # else the match straddles two units
        ]
    return found


@lru_cache(1024)
def looking_for(run: AnyStr) -> Callable[..., Iterator[re.Match[AnyStr]]]:
    """A compiled `finditer(data, start, end)` for a string, faster than `mmap.find`. One that can overlap itself is
    matched with a lookahead."""
    overlaps = any(run.startswith(run[-size:]) for size in range(1, len(run)))
    first, rest = re.escape(run[:1]), re.escape(run[1:])
    ahead, end = ("(?=", ")") if isinstance(run, str) else (b"(?=", b")")
    return re.compile(first + ahead + rest + end if overlaps else first + rest).finditer


def find_in_all(streams: Iterable[SignedUnits], narrow: bytes, wide: bytes) -> list[tuple[int, list[int]]]:
    """Returns (number, positions) of each of the numbered streams in which a run of atoms occurs, which is `narrow` in
    units of two bytes, `wide` in units of four. Signatures only save time, and here none."""
    needles = {2: narrow, 4: wide}
    found = (find(data, begin, end, width, needles[width], None) for data, begin, end, width, _ in streams)
    return [(number, at) for number, at in enumerate(found) if at]


def dense_groups(
    places: Sequence[int],
    first: Sequence[int],
    starts: Sequence[int],
    apart_ms: int,
    apart_atoms: int,
    ms: int,
    atoms: int,
    least: int,
) -> list[tuple[int, int, int]]:
    """Returns (most, begin, end) for each group of the ascending positions that has at least `least` of them in one
    window: a group ends before the first position that is `apart_ms` or more from its first one, or more than
    `apart_atoms`; a window extends over so many `ms` and `atoms`. The time of a position is the start of its cue, as in
    `times_at`."""
    at = [starts[cue - 1] for cue in map(bisect_right, repeat(first), places)]
    groups, begin, size = [], 0, len(places)
    for end in range(1, size + 1):
        near = end < size and places[end] - places[begin] <= apart_atoms
        if near and abs(at[end] - at[begin]) < apart_ms:
            continue
        most = _densest(places, at, begin, end, ms, atoms) if end - begin >= least else 0
        if most and most >= least:
            groups.append((most, begin, end))
        begin = end
    return groups


def _densest(places: Sequence[int], at: Sequence[int], begin: int, end: int, ms: int, atoms: int) -> int:
    """The most positions of [begin, end) in one window."""
    most, reached = 0, begin
    for one in range(begin, end):
        reached = max(reached, one + 1)
        while reached < end and places[reached] <= places[one] + atoms and at[reached] <= at[one] + ms:
            reached += 1
        most = max(most, reached - one)
    return most


def least(one: dict[int, int], other: dict[int, int]) -> dict[int, int]:
    """Returns the lesser value of each key that both have, in the order of the first."""
    return {key: min(value, other[key]) for key, value in one.items() if key in other}
