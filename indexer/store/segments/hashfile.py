"""Whoosh's ordered hash file: lookup by key, and iteration in key order.

| bytes                     | value                                                            |
|---------------------------|------------------------------------------------------------------|
| 4, 1, 8                   | `HSH3`, the hash function (0: MD5, 1: CRC-32), unused            |
| records                   | each an int length of key and of value, the key, the value       |
| 256 tables                | slots of an unsigned hash and a long record position; 0 is free  |
| 256 of long, int          | where each table begins, and its number of slots                 |
| pickle                    | a dictionary of extras: `indextype`, `indexlen` and more         |
| `indexlen` integers       | the position of each record, in key order                        |
| int                       | the length of the pickle and the positions together              |

The low byte of a key's hash selects the table; the remaining bits, modulo the number of slots, the first slot to probe.
Collisions are resolved by linear probing.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from struct import Struct
from typing import Any

try:  # the built-in module: `hashlib` loads OpenSSL first, which takes longer than all hashing here
    from _md5 import md5  # type: ignore[import-not-found]
except ImportError:
    from hashlib import md5

from indexer.core import native
from indexer.core.files.mapped_files import Data
from indexer.store.segments.checksums import Check, unchecked
from indexer.store.segments.safe_pickle import unpickle

_MAGIC = b"HSH3"
_INT = Struct("!i")
_LENGTHS = Struct("!ii")
_SLOT = Struct("!Iq")
_TABLE = Struct("!qi")
_TABLES = 256
_MOST_EXTRAS = 1 << 16
"""In bytes. The extras are a few numbers; the positions that follow them are long and not read on opening."""


def _md5(key: bytes) -> int:
    return int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")


_HASHES: tuple[Callable[[bytes], int], ...] = (_md5, zlib.crc32)


class HashFile:
    """An open hash file; `extras` are its writer's metadata. Methods raise IndexProblem if `check` finds the bytes they
    read damaged."""

    __slots__ = ("_check", "_code", "_count", "_data", "_hash", "_index", "_tables", "extras")

    def __init__(self, data: Data, check: Check = unchecked) -> None:
        check(0, min(len(data), len(_MAGIC) + 1))
        check(max(0, len(data) - _INT.size), len(data))
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("a table of terms has an unknown format")
        (length,) = _INT.unpack(data[-_INT.size :])
        end = len(data) - _INT.size
        self._data, self._check = data, check
        self._hash = _HASHES[data[len(_MAGIC)]]
        self._tables = end - length - _TABLES * _TABLE.size
        check(max(0, end - length), min(end, end - length + _MOST_EXTRAS))
        self.extras: Mapping[str, Any] = unpickle(data[end - length : min(end, end - length + _MOST_EXTRAS)])
        self._code: str = self.extras["indextype"]
        self._count: int = self.extras["indexlen"]
        self._index = end - self._count * Struct(self._code).size
        if not (0 < self._tables < end - length <= self._index <= end):
            raise ValueError("a table of terms is cut off")

    def find(self, key: bytes) -> bytes | None:
        """The value of a key; None if it does not occur."""
        data, check, hashed = self._data, self._check, self._hash(key)
        place = self._tables + (hashed & 0xFF) * _TABLE.size
        check(place, place + _TABLE.size)
        table, slots = _TABLE.unpack_from(data, place)
        first = (hashed >> 8) % slots if slots else 0
        for step in range(slots):
            slot = table + (first + step) % slots * _SLOT.size
            check(slot, slot + _SLOT.size)
            found, record = _SLOT.unpack_from(data, slot)
            if not record:
                return None
            if found == hashed and self._key(record) == key:
                start = record + _LENGTHS.size + len(key)
                end = start + _LENGTHS.unpack_from(data, record)[1]
                check(start, end)
                return data[start:end]
        return None

    def keys(self, prefix: bytes, skip: int = 0) -> Iterator[bytes]:
        """Yields the keys that begin with `prefix`, in order, each without its first `skip` bytes."""
        data, length, head = self._data, _INT.unpack_from, _LENGTHS.size
        skip += head
        for record in self._beginning(prefix):
            yield data[record + skip : record + head + length(data, record)[0]]

    def items(self, prefix: bytes, skip: int, layout: Struct) -> Iterator[tuple[Any, ...]]:
        """Like `keys`, with the fields that `layout` unpacks from each value."""
        data, lengths, unpack, head = self._data, _INT.unpack_from, layout.unpack_from, _LENGTHS.size
        skip += head
        for record in self._beginning(prefix):
            end = record + head + lengths(data, record)[0]
            yield data[record + skip : end], *unpack(data, end)

    def numbers(self, prefix: bytes, skip: int, at: int) -> list[tuple[bytes, int]]:
        """Like `keys`, with the number of four bytes from `at` in each value."""
        return native.keyed_numbers(self._data, self._beginning(prefix), skip, at)

    def values(self, prefix: bytes, skip: int) -> Iterator[tuple[bytes, bytes]]:
        """Like `keys`, each with its value."""
        data, unpack, head = self._data, _LENGTHS.unpack_from, _LENGTHS.size
        for record in self._beginning(prefix):
            length, size = unpack(data, record)
            end = record + head + length
            yield data[record + head + skip : end], data[end : end + size]

    def _beginning(self, prefix: bytes) -> array[int]:
        """The positions of the records whose keys begin with `prefix`, in key order. Their bytes have been verified."""
        records = self._records(self._rank(prefix), self._rank(_after(prefix)))
        if records:  # records are stored in key order
            last = records[-1] + _LENGTHS.size
            self._check(records[0], last)
            self._check(last, last + sum(_LENGTHS.unpack_from(self._data, records[-1])))
        return records

    def _key(self, record: int) -> bytes:
        start = record + _LENGTHS.size
        self._check(record, start)
        end = start + _INT.unpack_from(self._data, record)[0]
        self._check(start, end)
        return self._data[start:end]

    def _records(self, first: int, last: int) -> array[int]:
        """The positions of the records `first` to before `last`, in key order."""
        records = array(self._code)
        begin, end = self._index + first * records.itemsize, self._index + last * records.itemsize
        self._check(begin, end)
        records.frombytes(self._data[begin:end])
        if sys.byteorder == "little":
            records.byteswap()
        return records

    def _rank(self, key: bytes) -> int:
        """The number of keys that sort before this one, whether or not it occurs."""
        return bisect_left(range(self._count), key, key=lambda place: self._key(self._records(place, place + 1)[0]))


def _after(prefix: bytes) -> bytes:
    """The least key greater than every key that begins with `prefix`, which must contain a byte other than 0xff."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes((kept[-1] + 1,))
