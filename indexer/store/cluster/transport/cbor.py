"""Decodes CBOR (RFC 8949), in which OpenSearch sends stored bytes as they are: in JSON they are a third longer."""

from __future__ import annotations

import struct
from typing import Any

KIND = "application/cbor"
_DEEPEST = 64
"""Levels of maps and arrays; an answer of OpenSearch has about ten."""
MOST_VALUES = 2_000_000
"""Values of an answer, which each take up to 64 bytes of memory; the largest that a search asks for have 100,000."""
_FLOATS = {25: struct.Struct(">e"), 26: struct.Struct(">f"), 27: struct.Struct(">d")}
_SIMPLE = {20: False, 21: True, 22: None}
_INTEGER, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _OTHER = range(8)
_SHORT_BYTES, _SHORT_TEXT, _LONGER_TEXT, _OPEN_ARRAY = 0x40, 0x60, 0x78, 0x9F
"""The first bytes of values: of less than 24 bytes, of as much text and of more, of a list without a length."""
_WIDTHS = {**dict.fromkeys(range(0x40, 0x58), 0), 0x58: 1, 0x59: 2, 0x5A: 4}
"""The bytes of the length of a byte string, by its first byte."""
_OPEN = 31
"""In place of a length: what follows ends with a mark."""


class _End(Exception):
    """The mark at the end of what has no length."""


def is_cbor(kind: str) -> bool:
    """True for the content type of CBOR, also as Elasticsearch 8 names it to clients of an earlier version."""
    return kind in (KIND, "application/vnd.elasticsearch+cbor")


def decode(data: bytes) -> Any:
    """The value in `data`: maps, arrays, text, bytes and numbers. Raises ValueError for any other data."""
    reader = _Reader(data)
    try:
        value = reader.value(0)
    except (_End, IndexError, struct.error, TypeError):  # a map or an array is no key of a map
        raise ValueError("an answer is cut off or damaged") from None
    if reader.at != len(data):
        raise ValueError("an answer has more than one value")
    return value


class _Reader:
    """Reads values from `data`, from `at` on."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self._left = MOST_VALUES

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("an answer is nested too deep")
        self._count()
        first = self._data[self.at]
        self.at += 1
        if _SHORT_TEXT <= first < _LONGER_TEXT:  # most values are names
            return str(self._taken(first - _SHORT_TEXT), "utf-8")
        major, rest = first >> 5, first & 31
        if major == _TEXT:
            return str(self._bytes(rest, major), "utf-8")
        if major == _BYTES:
            return self._bytes(rest, major)
        if major == _MAP:
            return self._map(rest, depth + 1)
        if major == _ARRAY:
            return self._array(rest, depth + 1)
        if major == _INTEGER:
            return self._length(rest)
        if major == _NEGATIVE:
            return -1 - self._length(rest)
        if major == _TAG:
            self._length(rest)
            return self.value(depth + 1)
        return self._other(rest)

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ValueError("an answer has too many values")

    def _length(self, rest: int) -> int:
        """A number of the head: in it, or in the 1, 2, 4 or 8 bytes after it."""
        if rest < 24:
            return rest
        if rest > 27:
            raise ValueError("an answer has a length that CBOR does not define")
        return int.from_bytes(self._taken(1 << rest - 24), "big")

    def _taken(self, size: int) -> bytes:
        taken = self._data[self.at : self.at + size]
        if len(taken) != size:
            raise ValueError("an answer is cut off")
        self.at += size
        return taken

    def _bytes(self, rest: int, major: int) -> bytes:
        if rest != _OPEN:
            return self._taken(self._length(rest))
        parts = []
        while (first := self._taken(1)[0]) != 0xFF:
            if first >> 5 != major or first & 31 == _OPEN:
                raise ValueError("text or bytes in an answer have a part of another kind")
            self._count()
            parts.append(self._taken(self._length(first & 31)))
        return b"".join(parts)

    def _array(self, rest: int, depth: int) -> list[Any]:
        if rest != _OPEN:
            return [self.value(depth) for _ in range(self._length(rest))]
        found: list[Any] = []
        try:
            while True:
                found.append(self.value(depth))
        except _End:
            return found

    def _map(self, rest: int, depth: int) -> dict[Any, Any]:
        if rest != _OPEN:
            return {self.value(depth): self.value(depth) for _ in range(self._length(rest))}
        found: dict[Any, Any] = {}
        while self._data[self.at] != 0xFF:
            key = self.value(depth)
            found[key] = self._stored() or self.value(depth)
        self.at += 1
        return found

    def _stored(self) -> list[bytes] | None:
        """The next value, if it is a list of one byte string, as those of stored fields are: an answer has thousands.
        None for any other, which is left."""
        data, at = self._data, self.at
        if data[at] != _OPEN_ARRAY:
            return None
        head = data[at + 1]
        width = _WIDTHS.get(head)
        if width is None:
            return None
        begin = at + 2 + width
        end = begin + (int.from_bytes(data[at + 2 : begin], "big") if width else head - _SHORT_BYTES)
        if data[end] != 0xFF:
            return None
        self._left -= 2
        self.at = end + 1
        return [data[begin:end]]

    def _other(self, rest: int) -> Any:
        if rest == _OPEN:
            raise _End
        if rest in _FLOATS:
            layout = _FLOATS[rest]
            return layout.unpack(self._taken(layout.size))[0]
        if rest not in _SIMPLE:
            raise ValueError("an answer has a value that JSON does not have")
        return _SIMPLE[rest]
