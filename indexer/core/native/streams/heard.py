"""Finds runs of several words that sound like one."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import compress

_AS_BITS = bytes.maketrans(b"01", b"\0\1")


def runs_heard(sounds: bytes, marks: bytes, size: int, keys: array[int]) -> list[int]:
    """Returns the ascending positions at which `size` atoms begin that are several whole words and sound like a key.

    `sounds` has the sound class of each atom, `marks` a bit for each, 1 where a word begins, padded with zeros at its
    front. `keys` is an ascending array("I") of the sound classes of so many atoms, the first in the highest byte. What
    follows the last atom begins a word. Raises ValueError unless there are as many marks as atoms and 2 to 4 in a run.
    """
    if len(marks) != (len(sounds) + 7) // 8:
        raise ValueError("the marks of words are cut off")
    if not 2 <= size <= 4:
        raise ValueError("a run has 2 to 4 atoms")
    begins = format(int.from_bytes(marks, "big"), f"0{len(sounds)}b") if sounds else ""
    wanted = frozenset(keys)
    starts = _starts_of_runs(begins, size)
    return [at for at in starts if int.from_bytes(sounds[at : at + size], "big") in wanted]


def _starts_of_runs(begins: str, size: int) -> Iterable[int]:
    """Where runs of `size` atoms begin that are several whole words, given "1" for each atom that begins a word.

    >>> list(_starts_of_runs("1011011", 3))
    [0, 2, 3]
    """
    bits = int(begins + "1", 2)
    inside = 0
    for offset in range(1, size):
        inside |= bits << offset
    fits = bits & (bits << size) & inside & ((1 << len(begins) + 1) - 1)
    there = format(fits, f"0{len(begins) + 1}b").encode().translate(_AS_BITS)
    return compress(range(len(there)), there)
