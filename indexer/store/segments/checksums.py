"""Checksums: every byte read from a segment is verified first.

The file `<segment>.sums` holds the length of each segment file and the CRC-32 of each of its blocks. A block is
verified on first access, so a search pays only for what it reads. The table of contents ends with a seal: the CRC-32 of
each checksum file and of itself.

| bytes         | value                                                                                  |
|---------------|----------------------------------------------------------------------------------------|
| 8             | `podsums1`                                                                             |
| unsigned      | the CRC-32 of all that follows                                                         |
| unsigned      | the length of the JSON                                                                 |
| JSON          | `documents`: how many; `files`: [name without the segment's, length], in order         |
| unsigned ints | the CRC-32 of each block of the first file, then of the next, ...                      |
| the rest      | deflated JSON: [id, path] of each document, to find its transcript when its record is  |
|               | damaged                                                                                |

The seal consists of `podsums1`, the eight-byte identity of the index, the CRC-32 of each segment's checksum file, their
number, and the CRC-32 of everything before. Integers are big-endian. Indexes of format 6 have no checksums and are read
unverified.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from struct import Struct
from typing import TYPE_CHECKING, Any, TypeAlias

from indexer.core import native
from indexer.core.errors import IndexProblem
from indexer.core.files.inflate import inflate
from indexer.core.files.mapped_files import AnyPath, Data, release_pages
from indexer.core.named_tuples import NamedTuple
from indexer.store.segments.corruption import unreadable

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = "sums"
BLOCK = 8192
"""In bytes. Small, because a term is a few bytes anywhere in its file; not smaller, because each block costs four bytes
and a call."""
_MOST_RESIDENT = 512
"""How many blocks of a file are verified before the process releases the pages: mapped pages count as its memory, and
an exploration reads all text of an index once."""
_MOST_OF_VALUES = 2048
"""The same for values that a search reads in the order of falling bounds: one page fault maps several of them, which
are read later."""

IDENTITY = 8
"""The length of an identity in bytes."""
_MAGIC = b"podsums1"
_HEAD = Struct("!II")
_END = Struct("!II")
_LONGEST_PATHS = 1 << 28

Check: TypeAlias = Callable[[int, int], None]
"""Verifies the bytes from the first offset to before the second. Raises IndexProblem if they are damaged."""


class Sums(NamedTuple):
    """The contents of a checksum file: for each segment file, by name, its length and the CRC-32 of its blocks."""

    documents: int
    lengths: Mapping[str, int]
    blocks: Mapping[str, Sequence[int]]
    packed_paths: bytes

    def paths(self) -> list[tuple[str, str]]:
        """The id and path of each document. Raises ValueError if they cannot be read."""
        listed = json.loads(inflate(self.packed_paths, _LONGEST_PATHS))
        return [(str(name), str(path)) for name, path in listed]


class Guard:
    """Verifies the blocks of one file on first access."""

    __slots__ = ("_blocks", "_data", "_folder", "_name", "_resident", "_unseen")

    def __init__(self, folder: AnyPath, name: str, data: Data, length: int, blocks: Sequence[int]) -> None:
        """Raises IndexProblem if the file has another length."""
        self._folder, self._name, self._data = folder, name, data
        self._blocks = blocks
        self._unseen = bytearray(b"\1") * len(blocks)
        self._resident = 0
        """Blocks verified since the process last let go of the file's pages."""
        if len(data) != length:
            raise self._damaged(f"has {len(data):,} bytes instead of {length:,}")

    def __call__(self, begin: int, end: int) -> None:
        """Verifies the bytes from `begin` to before `end`. Raises IndexProblem if they are damaged."""
        first, last = begin // BLOCK, (end + BLOCK - 1) // BLOCK
        at = self._unseen.find(1, first, last) if begin >= 0 else -1
        if at >= 0:
            self._check_blocks(at, min(last, len(self._blocks)))

    def _check_blocks(self, first: int, last: int) -> None:
        while first < last:
            until = min(last, first + max(1, _MOST_RESIDENT - self._resident))
            number = native.damaged_block(self._data, BLOCK, self._blocks, self._unseen, first, until)
            if number >= 0:
                raise self._damaged_block(number)
            self._resident += until - first
            if self._resident >= _MOST_RESIDENT:
                self._release_pages()
            first = until

    def check_values(self, starts: Sequence[int], numbers: Sequence[int]) -> None:
        """Verifies the numbered values, of which value n is from starts[n] to before starts[n + 1]. Raises IndexProblem
        if one is damaged. Their pages are kept for a caller that reads them next."""
        if self._resident >= _MOST_OF_VALUES:
            self._release_pages()
        number, verified = native.damaged_value(self._data, BLOCK, self._blocks, self._unseen, starts, numbers)
        if number >= 0:
            raise self._damaged_block(number)
        self._resident += verified

    def _release_pages(self) -> None:
        self._resident = 0
        release_pages(self._data)

    def _damaged_block(self, number: int) -> IndexProblem:
        return self._damaged(f"is damaged, at byte {number * BLOCK:,} or up to {BLOCK:,} later")

    def _damaged(self, what: str) -> IndexProblem:
        return unreadable(self._folder, ValueError(f"{self._name} {what}"))


def unchecked(begin: int, end: int) -> None:
    """The check of a file without checksums: accepts everything."""


def pack_sums(files: Mapping[str, Path], documents: int, paths: Iterable[tuple[str, str]]) -> bytes:
    """Encodes the checksums of a segment's files; `paths` are the id and path of each document. The files are read
    block by block, since mapped ones would count as memory of the process. Raises OSError."""
    summed = {name: _sums_of(path) for name, path in files.items()}
    head = json.dumps({"documents": documents, "files": [[name, length] for name, (length, _) in summed.items()]})
    blocks = array("I", (crc for _, crcs in summed.values() for crc in crcs))
    packed = zlib.compress(json.dumps(list(paths)).encode(), 6)
    rest = len(head).to_bytes(4, "big") + head.encode() + _big_endian(blocks).tobytes() + packed
    return _MAGIC + zlib.crc32(rest).to_bytes(4, "big") + rest


def _sums_of(path: Path) -> tuple[int, array[int]]:
    """The length of a file, and the CRC-32 of each of its blocks."""
    length, crcs = 0, array("I")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            length += len(block)
            crcs.append(zlib.crc32(block))
    return length, crcs


def parse_sums(data: bytes) -> Sums:
    """Decodes a checksum file. Raises ValueError if it is damaged."""
    if not is_sums(data):
        raise ValueError("the checksums are damaged")
    at = len(_MAGIC) + _HEAD.size
    _, length = _HEAD.unpack_from(data, len(_MAGIC))
    head: dict[str, Any] = json.loads(data[at : at + length])
    at += length
    lengths: dict[str, int] = dict(head["files"])
    blocks = {}
    for name, size in lengths.items():
        end = at + 4 * len(_blocks(size))
        blocks[name] = _big_endian(array("I", data[at:end]))
        at = end
    return Sums(head["documents"], lengths, blocks, data[at:])


def is_sums(data: bytes) -> bool:
    """True for an intact checksum file of any segment."""
    head = len(_MAGIC) + 4
    return data[: len(_MAGIC)] == _MAGIC and zlib.crc32(data[head:]) == int.from_bytes(data[head - 4 : head], "big")


class Seal(NamedTuple):
    """The end of a table of contents: the identity of the index, and the CRC-32 of each segment's checksum file."""

    identity: bytes
    sums: Sequence[int]


def pack_seal(contents: bytes, identity: bytes, sums: Sequence[int]) -> bytes:
    """Encodes the seal of a table of contents."""
    sealed = _MAGIC + identity + _big_endian(array("I", sums)).tobytes() + len(sums).to_bytes(4, "big")
    return sealed + zlib.crc32(sealed, zlib.crc32(contents)).to_bytes(4, "big")


def split_seal(data: bytes) -> tuple[bytes, Seal | None]:
    """Splits a table of contents from its seal, which is None if there is none.

    Raises ValueError if the table is damaged. A damaged seal may not be recognised as one, so the parser must reject
    trailing bytes.
    """
    if len(data) < len(_MAGIC) + IDENTITY + _END.size:
        return data, None
    count, crc = _END.unpack_from(data, len(data) - _END.size)
    at = len(data) - _END.size - 4 * count - IDENTITY - len(_MAGIC)
    if at < 0 or data[at : at + len(_MAGIC)] != _MAGIC:
        return data, None
    if zlib.crc32(data[:-4]) != crc:
        raise ValueError("its table of contents is damaged")
    identity = data[at + len(_MAGIC) : at + len(_MAGIC) + IDENTITY]
    return data[:at], Seal(identity, _big_endian(array("I", data[at + len(_MAGIC) + IDENTITY : -_END.size])))


def _blocks(length: int) -> range:
    return range(0, length, BLOCK)


def _big_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
