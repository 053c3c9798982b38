"""Groups places by what is said there, and by the word boundaries around it.

Places ascend. Bits are packed as `indexer.store.fields.word_boundaries` has them: one for each atom of an episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from mmap import mmap


def by_text(
    data: mmap | bytes, begin: int, end: int, width: int, places: Sequence[int], size: int
) -> dict[bytes, list[int]]:
    """Returns the places by the `size` units there, of `width` bytes each, in data[begin:end]: those that come first
    are first. Raises IndexError for a place beyond the end."""
    _must_hold(places, (end - begin) // width - size)
    found: dict[bytes, list[int]] = {}
    length = size * width
    for place in places:
        at = begin + place * width
        text = data[at : at + length]
        known = found.get(text)
        if known is None:
            found[text] = [place]
        else:
            known.append(place)
    return found


def by_cut(places: Sequence[int], size: int, bits: bytes, count: int) -> tuple[list[int], list[int], list[int]]:
    """Returns the places at which `size` atoms are one word, those at which they are several words, and the others: a
    bit is 1 for an atom that begins a word. Raises IndexError for a place beyond the end."""
    words: list[int] = []
    runs: list[int] = []
    inside: list[int] = []
    begins, after = _unpacked(bits, count), size + 1
    _must_hold(places, count - size)
    # What is said often has few different marks around it.
    lists: dict[str, list[int]] = {}
    for place in places:
        around = begins[place : place + after]
        into = lists.get(around)
        if into is None:
            fits = around[0] == "1" and around[size:] != "0"
            into = lists[around] = inside if not fits else runs if "1" in around[1:size] else words
        into.append(place)
    return words, runs, inside


def by_bit(places: Sequence[int], bits: bytes, count: int) -> tuple[list[int], list[int]]:
    """Returns the places whose bit is 0, and those whose bit is 1. Raises IndexError for a place beyond the end."""
    clear: list[int] = []
    marked: list[int] = []
    marks = _unpacked(bits, count)
    _must_hold(places, count - 1)
    for place in places:
        (marked if marks[place] == "1" else clear).append(place)
    return clear, marked


def _must_hold(places: Sequence[int], last: int) -> None:
    if len(places) and not 0 <= places[0] <= places[-1] <= last:
        raise IndexError("a position that is not there")


@lru_cache(4)  # several texts of one episode are looked at in turn
def _unpacked(bits: bytes, count: int) -> str:
    if count < 0 or len(bits) != (count + 7) // 8:
        raise ValueError("the marks of words are cut off")
    return format(int.from_bytes(bits, "big"), f"0{count}b") if count else ""
