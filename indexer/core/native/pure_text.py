"""Searching text in Python: the twins of text.c; that of `find` is in pure_streams."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from mmap import mmap

from indexer.core.native.pure_streams import find

_SEVERAL = 4
"""So many needles pay for decoding the text: a character is passed over in half the time of its two bytes."""
_ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}


def find_each(data: mmap | bytes, begin: int, end: int, width: int, needles: Sequence[bytes]) -> list[list[int]]:
    """Returns the positions of each needle (`find`); all of them take one pass, compiled. `width` is 2 or 4."""
    said = _decoded(data[begin:end], width) if len(needles) >= _SEVERAL else None
    looks = None if said is None else [_looking_for(needle, width) for needle in needles]
    if said is None or looks is None or None in looks:
        return [find(data, begin, end, width, needle, None) for needle in needles]
    return [[match.start() for match in look(said)] for look in looks if look]


def _decoded(data: bytes, width: int) -> str | None:
    """The text of units, a character each; None if they are not."""
    try:
        said = data.decode(_ENCODINGS[width], "surrogatepass")
    except UnicodeDecodeError:
        return None
    return said if len(said) * width == len(data) else None  # a pair of surrogates is one character


@lru_cache(1024)
def _looking_for(needle: bytes, width: int) -> Callable[[str], Iterator[re.Match[str]]] | None:
    """As `pure_streams.looking_for`, for the text of units."""
    run = _decoded(needle, width)
    if not run:
        return None
    overlaps = any(run.startswith(run[-size:]) for size in range(1, len(run)))
    first, rest = re.escape(run[:1]), re.escape(run[1:])
    return re.compile(f"{first}(?={rest})" if overlaps else first + rest).finditer


def unbroken(places: Sequence[int], size: int, bits: bytes, count: int) -> tuple[list[int], list[int]]:
    """Returns the positions of a run of `size` atoms with no word boundary inside, and those of them that are a whole
    word. `bits` has a bit for each of `count` atoms, 1 where a word begins, padded with zeros at its front."""
    begins, inside = _unpacked(bits, count), "0" * (size - 1)
    whole = [at for at in places if begins[at + 1 : at + size] == inside]
    return whole, [at for at in whole if begins[at] == "1" and begins[at + size : at + size + 1] != "0"]


@lru_cache(1024)
def _unpacked(bits: bytes, count: int) -> str:
    return format(int.from_bytes(bits, "big"), f"0{count}b")
