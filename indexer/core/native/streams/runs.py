"""Finds runs of atoms in a token stream, and tells which of them are cut as one word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from mmap import mmap
from typing import AnyStr

_SEVERAL = 4
"""From so many needles on, decoding the text first pays off: skipping a character takes half the time of its two
bytes."""
_MANY = 512
"""From so many needles on, compiling them to patterns would take longer than cutting all of the text into runs."""
_ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}


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


def find_each(data: mmap | bytes, begin: int, end: int, width: int, needles: Sequence[bytes]) -> list[list[int]]:
    """Returns the positions of each needle (`find`); all of them take one pass, compiled. `width` is 2 or 4."""
    said = _decoded(data[begin:end], width) if len(needles) >= _SEVERAL else None
    runs = [] if said is None else [_run_of(needle, width) for needle in needles]
    if said is None or not all(runs):
        return [find(data, begin, end, width, needle, None) for needle in needles]
    if len(runs) >= _MANY:
        return _of_runs(said, [run for run in runs if run])
    return [[match.start() for match in looking_for(run)(said)] for run in runs if run]


def _of_runs(said: str, runs: Sequence[str]) -> list[list[int]]:
    """The positions of each run, by a look at every stretch that has the length of one."""
    found: dict[str, list[int]] = {run: [] for run in runs}
    for size in set(map(len, runs)):
        for at in range(len(said) - size + 1):
            places = found.get(said[at : at + size])
            if places is not None:
                places.append(at)
    return [found[run] for run in runs]


@lru_cache(1024)
def _run_of(needle: bytes, width: int) -> str | None:
    """A needle as text, as `_decoded`."""
    return _decoded(needle, width)


def _decoded(data: bytes, width: int) -> str | None:
    """The text of units, a character each; None if they are not."""
    try:
        said = data.decode(_ENCODINGS[width], "surrogatepass")
    except UnicodeDecodeError:
        return None
    return said if len(said) * width == len(data) else None  # a pair of surrogates is one character


def unbroken(places: Sequence[int], size: int, bits: bytes, count: int) -> tuple[list[int], list[int]]:
    """Returns the positions of a run of `size` atoms with no word boundary inside, and those of them that are a whole
    word. `bits` has a bit for each of `count` atoms, 1 where a word begins, padded with zeros at its front."""
    begins, inside = _unpacked(bits, count), "0" * (size - 1)
    whole = [at for at in places if begins[at + 1 : at + size] == inside]
    return whole, [at for at in whole if begins[at] == "1" and begins[at + size : at + size + 1] != "0"]


@lru_cache(1024)
def _unpacked(bits: bytes, count: int) -> str:
    return format(int.from_bytes(bits, "big"), f"0{count}b")
