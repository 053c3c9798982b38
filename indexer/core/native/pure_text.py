"""Searching text in Python: the twins of text.c; that of `find` is in pure_streams."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from mmap import mmap

from indexer.core.native.pure_streams import find


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
