"""Whoosh's ordered hash file: values by key, and keys in order.

| bytes                     | value                                                            |
|---------------------------|------------------------------------------------------------------|
| 4, 1, 8                   | `HSH3`, the kind of hash (0: MD5, 1: CRC-32), unused             |
| records                   | each an int length of key and of value, the key, the value       |
| 256 tables                | slots of an unsigned hash and a long record position; 0 is free  |
| 256 of long, int          | where each table begins, and its number of slots                 |
| pickle                    | a dictionary of extras: `indextype`, `indexlen` and more         |
| `indexlen` integers       | the position of each record, in the order of the keys            |
| int                       | the length of the pickle and the positions together              |

The last byte of a key's hash chooses the table; the rest, modulo the number of slots, the slot to begin
with; a key that finds its slot taken is in one of the next.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5
from struct import Struct
from typing import Any

from search.segments.mapped import Data
from search.segments.plain import unpickle

_MAGIC = b"HSH3"
_INT = Struct("!i")
_LENGTHS = Struct("!ii")
_SLOT = Struct("!Iq")
_TABLE = Struct("!qi")
_TABLES = 256


def _md5(key: bytes) -> int:
    return int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")


_HASHES: tuple[Callable[[bytes], int], ...] = (_md5, zlib.crc32)


@dataclass(frozen=True, slots=True)
class HashFile:
    """`tables` and `index` are where the tables' directory and the positions of the `count` keys begin."""

    data: Data
    extras: Mapping[str, Any]
    hash: Callable[[bytes], int]
    tables: int
    index: int
    code: str
    count: int

    @classmethod
    def parse(cls, data: Data) -> HashFile:
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("a table of terms has an unknown format")
        (length,) = _INT.unpack(data[-_INT.size :])
        end = len(data) - _INT.size
        extras = unpickle(data[end - length : end])
        code, count = extras["indextype"], extras["indexlen"]
        found = cls(
            data=data,
            extras=extras,
            hash=_HASHES[data[len(_MAGIC)]],
            tables=end - length - _TABLES * _TABLE.size,
            index=end - count * Struct(code).size,
            code=code,
            count=count,
        )
        if not (0 < found.tables < end - length <= found.index <= end):
            raise ValueError("a table of terms is cut off")
        return found

    def find(self, key: bytes) -> bytes | None:
        """The value of a key, None when there is no such key."""
        data, hashed = self.data, self.hash(key)
        table, slots = _TABLE.unpack_from(data, self.tables + (hashed & 0xFF) * _TABLE.size)
        first = (hashed >> 8) % slots if slots else 0
        for step in range(slots):
            found, record = _SLOT.unpack_from(data, table + (first + step) % slots * _SLOT.size)
            if not record:
                return None
            if found == hashed and self._key(record) == key:
                start = record + _LENGTHS.size + len(key)
                return data[start : start + _LENGTHS.unpack_from(data, record)[1]]
        return None

    def keys(self, prefix: bytes, skip: int = 0) -> Iterator[bytes]:
        """The keys that begin with `prefix`, in order, each without its first `skip` bytes."""
        data, length, head = self.data, _INT.unpack_from, _LENGTHS.size
        skip += head
        for record in self._records(self._rank(prefix), self._rank(_after(prefix))):
            yield data[record + skip : record + head + length(data, record)[0]]

    def _key(self, record: int) -> bytes:
        start = record + _LENGTHS.size
        return self.data[start : start + _INT.unpack_from(self.data, record)[0]]

    def _records(self, first: int, last: int) -> array[int]:
        """The positions of the keys from `first` to before `last` in order."""
        records = array(self.code)
        records.frombytes(self.data[self.index + first * records.itemsize : self.index + last * records.itemsize])
        if sys.byteorder == "little":
            records.byteswap()
        return records

    def _rank(self, key: bytes) -> int:
        """How many keys come before this one, be it here or not."""
        return bisect_left(range(self.count), key, key=lambda place: self._key(self._records(place, place + 1)[0]))


def _after(prefix: bytes) -> bytes:
    """The first key in order after all that begin with `prefix`, of which a byte is not the highest."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes((kept[-1] + 1,))
