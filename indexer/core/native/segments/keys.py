"""Reads the keys of a hash file with a number of each value."""

from __future__ import annotations

from collections.abc import Sequence
from mmap import mmap
from struct import Struct

_HEAD, _NUMBER = Struct("!II"), Struct("!I")


def keyed_numbers(data: mmap | bytes, records: Sequence[int], skip: int, at: int) -> list[tuple[bytes, int]]:
    """Returns (key, number) of each of the records at these offsets, which are the length of a key and of a value, and
    both. The first `skip` bytes of a key are left out; the number is the four bytes from `at` in its value, big-endian.
    Raises ValueError if one is cut off."""
    found: list[tuple[bytes, int]] = []
    if skip < 0 or at < 0:
        raise ValueError("a table of terms is cut off")
    for record in records:
        if 0 <= record <= len(data) - _HEAD.size:
            length, size = _HEAD.unpack_from(data, record)
            begin, end = record + _HEAD.size, record + _HEAD.size + length
            if length >= skip and size >= at + _NUMBER.size and end + size <= len(data):
                found.append((bytes(data[begin + skip : end]), _NUMBER.unpack_from(data, end + at)[0]))
                continue
        raise ValueError("a table of terms is cut off")
    return found
