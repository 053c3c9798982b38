"""Passes complete posting lists to Whoosh's segment writer.

Whoosh takes postings one by one, sorts them and checks each. Ours arrive grouped by term and sorted, so a term costs
one call. The bytes written are in Whoosh's own format, which `terms` and `postings_reader` describe.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator
from operator import sub
from pickle import dumps
from typing import Any

from whoosh.codec.whoosh3 import W3Codec

from indexer.store.segments.postings_pool import Terms
from indexer.store.segments.postings_reader import LENGTH, MAGIC
from indexer.store.segments.terms import EXTENT, FIELD, INFO
from indexer.store.segments.whoosh_private import FieldWriter

_BLOCK = 1024
"""Postings per block. A query reads whole posting lists, and long blocks compress better than Whoosh's 128."""
_INLINE = 8
"""Shorter posting lists are inlined in the term's entry: half of all words occur in one episode only."""
_LEVEL, _WORTH_DEFLATING = 6, 80
"""The deflate level, and the size in bytes from which deflating a block pays off."""


class BulkCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with a bulk interface; its output is readable by Whoosh's own."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=_LEVEL, inlinelimit=_INLINE)

    def __reduce__(self) -> tuple[type, tuple[int, int, int]]:
        # Each segment stores its codec: pickled as Whoosh's, so that no class of ours becomes part of the format.
        return W3Codec, (_BLOCK, _LEVEL, _INLINE)

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)


class _FieldWriter(FieldWriter):
    def add_postings(self, schema: Any, lengths: Any, items: Iterable[tuple[str, Terms]]) -> None:
        for field, terms in items:
            self.start_field(field, schema[field])
            number = FIELD.pack(self.field_number)
            for term, postings in terms:
                self._add_term(number + term.encode(), postings[::3], postings[1::3], postings[2::3])
            self.finish_field()

    def _add_term(self, key: bytes, documents: array[int], counts: array[int], peaks: array[int]) -> None:
        """Writes the entry of a term: its counts, then either its postings or where they are in the postings file."""
        is_inline = len(documents) < _INLINE
        # Document lengths are 0: these fields do not record them.
        info = INFO.pack(is_inline, sum(counts), len(documents), 0, 0, max(counts), documents[0], documents[-1])
        if is_inline:
            # Written here because Whoosh's own code for inlining calls a method that does not exist.
            values = () if peaks == counts else tuple(peaks)
            where = dumps((tuple(documents), tuple(counts), values), 2)
        else:
            written = b"".join(_blocks(documents, counts, peaks))
            file = self.postings_file
            where = EXTENT.pack(file.tell(), len(written))
            file.write(written)
        self.term_table.add(key, info + where)


def _blocks(documents: array[int], counts: array[int], peaks: array[int]) -> Iterator[bytes]:
    """Encodes a term's postings in Whoosh's blocks; the length of the last block is negative."""
    yield MAGIC
    for start in range(0, len(documents), _BLOCK):
        block = slice(start, start + _BLOCK)
        content = _content(documents[block], counts[block], peaks[block])
        is_last = start + _BLOCK >= len(documents)
        yield LENGTH.pack(-len(content) if is_last else len(content)) + content


def _content(documents: array[int], counts: array[int], peaks: array[int]) -> bytes:
    most = max(counts)
    weights: tuple[int, ...] | float | None = None if most == 1 else float(most)
    if most > min(counts):
        weights = tuple(counts)  # integers instead of Whoosh's floats: they pickle to a quarter of the size
    # Fields of this kind have no values, and Whoosh does not read any, so the peaks take their place.
    values = None if peaks == counts else tuple(peaks)
    steps = (documents[0], *map(sub, documents[1:], documents))
    data = dumps((steps, weights, values), 2)
    level = _LEVEL if len(data) >= _WORTH_DEFLATING else 0
    if level:
        data = zlib.compress(data, level)
    return dumps((len(documents), documents[-1], most, level, 0, 0), 2) + data
