"""The private names of Whoosh that writing relies on. No other file uses any; whoosh3 and Whoosh 2.7.4 have them all.

Whoosh has no public way to add a complete posting list, or to make a segment of files that exist already. Reading needs
none of these: it parses the files itself. The attributes of the pickled segments that `toc` reads (`_doccount`,
`_deleted`) are part of the file format.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment

_BUCKETS = 256
"""Hash tables of a file of terms."""


class FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Whoosh's writer of terms and postings, with access to its files."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._tindex.buckets = [_Bucket() for _ in range(_BUCKETS)]

    def close(self) -> None:
        super().close()
        self._tindex.buckets = []  # a writer is part of a cycle, and the collector of cycles may be off

    @property
    def field_number(self) -> int:
        """The number of the field that was started last; part of the key of its terms."""
        number: int = self._fieldid
        return number

    @property
    def term_table(self) -> Any:
        """The ordered hash file of the terms."""
        return self._tindex

    @property
    def postings_file(self) -> Any:
        return self._postfile


class _Bucket:
    """(hash, position) of the terms of one hash table: 12 bytes a term, where Whoosh's list of tuples takes 130."""

    def __init__(self) -> None:
        self._hashes, self._positions = array("I"), array("Q")

    def append(self, entry: tuple[int, int]) -> None:
        self._hashes.append(entry[0])
        self._positions.append(entry[1])

    def __len__(self) -> int:
        return len(self._hashes)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._hashes, self._positions, strict=True)


def existing_segment(identifier: str, documents: int, deleted: Collection[int]) -> Any:
    """Whoosh's object for a segment whose files exist, without field lengths: no field of ours records any."""
    segment = W3Segment(W3Codec(), "MAIN", documents, identifier, set(deleted) or None)
    segment._fieldlengths = defaultdict(int)
    return segment
