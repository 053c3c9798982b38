"""Verifies the blocks of a file by their CRC-32."""

from __future__ import annotations

from collections.abc import Sequence
from mmap import mmap
from zlib import crc32


def damaged_block(data: mmap | bytes, size: int, sums: Sequence[int], unseen: bytearray, first: int, last: int) -> int:
    """Verifies the blocks `first` to before `last` of `data`, each of `size` bytes, that are `unseen`: those with a 1,
    which becomes a 0. Returns the number of the first one whose CRC-32 is not that of `sums`, or -1. Raises IndexError
    for a block that is not there."""
    if size < 1 or first < 0 or last > len(sums) or last > len(unseen) or (last - 1) * size >= len(data):
        raise IndexError("a block that is not there")
    with memoryview(data) as view:
        for number in range(first, last):
            if unseen[number]:
                if crc32(view[number * size : (number + 1) * size]) != sums[number]:
                    return number
                unseen[number] = 0
    return -1


def damaged_value(
    data: mmap | bytes,
    size: int,
    sums: Sequence[int],
    unseen: bytearray,
    starts: Sequence[int],
    numbers: Sequence[int],
) -> tuple[int, int]:
    """Verifies the blocks of the numbered values, of which value n is data[starts[n]:starts[n + 1]], as `damaged_block`
    does. Returns the number of a damaged block, or -1, and how many blocks were verified. Raises IndexError for a value
    that is not there."""
    for number in numbers:
        if size < 1 or not 0 <= number < len(starts) - 1:
            raise IndexError("a value that is not there")
        if not 0 <= starts[number] <= starts[number + 1] <= len(data):
            raise IndexError("a value that is not there")
    before, damaged = sum(unseen), -1
    for number in numbers:
        first, last = starts[number] // size, (starts[number + 1] + size - 1) // size
        damaged = damaged_block(data, size, sums, unseen, first, last)
        if damaged >= 0:
            break
    return damaged, before - sum(unseen)
