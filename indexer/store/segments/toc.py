"""The table of contents of a commit: its segments and their deleted documents.

A commit writes `_MAIN_<generation>.toc` under a temporary name, renames it, and then removes the files of earlier
commits. The highest generation is the current one.

| bytes            | value                                                       |
|------------------|-------------------------------------------------------------|
| 3 varints        | 4, 8, 4: sizes of the writer's int, long and float          |
| int              | -12345, to detect the wrong byte order                      |
| int              | -111, the version of the format                             |
| 3 varints        | the version of Whoosh                                       |
| varint, bytes    | the pickled schema, which is skipped                        |
| int, int         | the generation, 0                                           |
| pickle           | a list of W3Segment objects                                 |
| the rest         | the seal (`segments.checksums`); none before format 7       |

A varint holds seven bits per byte, the lowest first; the high bit is set in all bytes but the last.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from struct import Struct
from typing import Any

from indexer.core.files import mapped_files
from indexer.core.files.mapped_files import AnyPath
from indexer.core.named_tuples import NamedTuple
from indexer.store.segments.checksums import split_seal
from indexer.store.segments.safe_pickle import PlainUnpickler, Watched

_BEFORE, _AFTER = "_MAIN_", ".toc"
_HEADER = bytes((4, 8, 4)) + Struct("!ii").pack(-12345, -111)
_GENERATION = Struct("!ii")


class SegmentEntry(NamedTuple):
    """A segment in the table of contents. Its file names begin with `name`; `sums` is the CRC-32 of its checksum file,
    None if there is none."""

    name: str
    documents: int
    deleted: frozenset[int]
    sums: int | None = None


NOTHING = -1
"""The generation of a folder without an index."""


def newest_generation(folder: AnyPath) -> int:
    """The newest generation in a folder, or NOTHING. Reads the folder's entries only."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except FileNotFoundError:
        return NOTHING
    inner = [name[len(_BEFORE) : -len(_AFTER)] for name in names if name.startswith(_BEFORE) and name.endswith(_AFTER)]
    return max((int(number) for number in inner if number.isdecimal()), default=NOTHING)


def written_at(folder: AnyPath, generation: int) -> int:
    """The modification time of a commit's table of contents, in nanoseconds. Generations of an index that is removed
    and made again restart, so the number alone does not identify a commit."""
    return mapped_files.written_at(folder, _name(generation))


class Toc(NamedTuple):
    """A table of contents. `identity` identifies the index; empty before format 7."""

    generation: int
    entries: tuple[SegmentEntry, ...]
    identity: str


def read_toc(folder: AnyPath, generation: int) -> Toc:
    """Reads the table of contents of a commit. Raises OSError, or one of `corruption.FAILURES` if damaged."""
    toc = parse_toc(mapped_files.read_file(folder, _name(generation)))
    if toc.generation != generation:
        raise ValueError(f"its table of contents {generation} says that it is {toc.generation}")
    return toc


def parse_toc(data: bytes) -> Toc:
    """Decodes a table of contents. Raises ValueError or another of `corruption.FAILURES` if damaged."""
    contents, seal = split_seal(data)
    stream = Watched(contents)
    if stream.read(len(_HEADER)) != _HEADER:
        raise ValueError("its table of contents has an unknown format")
    for _ in range(3):
        _varint(stream)
    stream.seek(_varint(stream), os.SEEK_CUR)
    found, _ = _GENERATION.unpack(stream.read(_GENERATION.size))
    entries = tuple(_entry(segment) for segment in _SegmentUnpickler(stream).load())
    if stream.read(1):
        raise ValueError("its table of contents is damaged")
    if seal is None:
        return Toc(found, entries, "")
    checked = tuple(entry._replace(sums=one) for entry, one in zip(entries, seal.sums, strict=True))
    return Toc(found, checked, seal.identity.hex())


def _name(generation: int) -> str:
    return f"{_BEFORE}{generation}{_AFTER}"


def _varint(stream: Watched) -> int:
    number = shift = 0
    while True:
        byte = stream.read(1)[0]
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number


class _Stub:
    """Replaces a Whoosh object; accepts any attributes."""

    def __init__(self, *_: object) -> None:
        pass


class _SegmentUnpickler(PlainUnpickler):
    def find_class(self, module: str, name: str) -> Any:
        known = _KNOWN.get((module, name))
        return known or super().find_class(module, name)


def _lengths(_: object = None) -> dict[str, int]:
    """Replaces the table of field lengths, which is not needed."""
    return {}


_KNOWN: dict[tuple[str, str], Callable[..., object]] = {
    ("whoosh.codec.whoosh3", "W3Segment"): _Stub,
    ("whoosh.codec.whoosh3", "W3Codec"): _Stub,
    ("collections", "defaultdict"): _lengths,
    ("builtins", "int"): _Stub,
    ("builtins", "set"): set,
}


def _entry(segment: Any) -> SegmentEntry:
    if segment.compound:
        raise ValueError("it has compound segments")
    if not segment.segid.isalnum():  # it becomes part of a path
        raise ValueError(f"it has a segment of the name {segment.segid!r}")
    documents = int(segment._doccount)
    deleted = frozenset(segment._deleted or ())
    if deleted and not 0 <= min(deleted) <= max(deleted) < documents:
        raise ValueError("it has removed documents that were never there")
    return SegmentEntry(f"MAIN_{segment.segid}", documents, deleted)
