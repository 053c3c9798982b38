"""Hands Whoosh's segment writer whole posting lists. With `indexer.store.writer` the one place here that knows Whoosh.

Whoosh takes postings one by one, sorts them, and checks each. Ours come collected by term and in order, so
a term costs one call; the bytes on disk are those of Whoosh's own blocks (`indexer.store.segments.terms` and `blocks`
describe them).
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import sub
from pickle import dumps
from typing import Any, TypeAlias

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter

from indexer.store.segments.blocks import LENGTH, MAGIC
from indexer.store.segments.terms import EXTENT, FIELD, INFO

Terms: TypeAlias = Mapping[str, "array[int]"]
"""Term -> its postings: document number, occurrences and peak (`indexer.store.impacts`), in turns in one flat array,
documents ascending."""

_BLOCK = 1024
"""Postings. A query reads a word's postings whole, and long blocks compress better than Whoosh's 128."""
_INLINE = 8
"""Posting lists shorter than this stand in the term's own entry: half of all words are in one episode only."""
_LEVEL, _WORTH_DEFLATING = 6, 80
"""How hard blocks are deflated, and bytes from which on they become smaller by it."""


class BulkCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our way in; what it writes is read by Whoosh's own."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=_LEVEL, inlinelimit=_INLINE)

    def __reduce__(self) -> tuple[type, tuple[int, int, int]]:
        # Each segment is stored with its codec: as Whoosh's own, so that no class of ours is part of the format.
        return W3Codec, (self._blocklimit, self._compression, self._inlinelimit)

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, lengths: Any, items: Mapping[str, Terms]) -> None:
        for field in sorted(items):
            self.start_field(field, schema[field])
            number = FIELD.pack(self._fieldid)
            for term, postings in sorted(items[field].items()):
                self._add_term(number + term.encode(), postings[::3], postings[1::3], postings[2::3])
            self.finish_field()

    def _add_term(self, key: bytes, documents: array[int], counts: array[int], peaks: array[int]) -> None:
        """A term: how often it occurs and where, and its postings or the place in the file where they stand."""
        is_inline = len(documents) < _INLINE
        # Whoosh does not tell how long documents are: the lengths are 0.
        info = INFO.pack(is_inline, sum(counts), len(documents), 0, 0, max(counts), documents[0], documents[-1])
        if is_inline:
            # Whoosh's own has never been able to write these: it calls a method that is not there.
            values = () if peaks == counts else tuple(peaks)
            where = dumps((tuple(documents), tuple(counts), values), 2)
        else:
            written = b"".join(_blocks(documents, counts, peaks))
            where = EXTENT.pack(self._postfile.tell(), len(written))
            self._postfile.write(written)
        self._tindex.add(key, info + where)


def _blocks(documents: array[int], counts: array[int], peaks: array[int]) -> Iterator[bytes]:
    """The postings of a term as Whoosh writes them, in blocks; the length of the last one is negative."""
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
        weights = tuple(counts)  # whole numbers, where Whoosh has floats: they pickle to a quarter of the bytes
    # Fields of this kind have no values, and Whoosh does not look for any: the peaks stand in their place.
    values = None if peaks == counts else tuple(peaks)
    steps = (documents[0], *map(sub, documents[1:], documents))
    data = dumps((steps, weights, values), 2)
    level = _LEVEL if len(data) >= _WORTH_DEFLATING else 0
    if level:
        data = zlib.compress(data, level)
    return dumps((len(documents), documents[-1], most, level, 0, 0), 2) + data


class Pool:
    """Collects postings by field and term, in the place of Whoosh's sorting pool."""

    def __init__(self) -> None:
        self._fields: defaultdict[str, defaultdict[str, array[int]]] = defaultdict(_no_postings)

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """One posting, as Whoosh's writer hands it over: field, term, document, weight and a value."""
        field, term, document, weight, _ = item
        self.add_document(field, {term.decode(): int(weight)}, document, {})

    def add_document(self, field: str, counts: Mapping[str, int], document: int, peaks: Mapping[str, int]) -> None:
        """How often each term occurs in a document, and its peaks where they are lower; documents come in ascending
        order."""
        terms, peak = self._fields[field], peaks.get
        for term, count in counts.items():
            postings = terms[term]
            postings.append(document)
            postings.append(count)
            postings.append(peak(term, count))

    def iter_postings(self) -> Mapping[str, Terms]:
        """All postings; the name is the one that Whoosh's writer calls."""
        return self._fields

    def cleanup(self) -> None:
        self._fields.clear()


def _no_postings() -> defaultdict[str, array[int]]:
    return defaultdict(lambda: array("I"))
