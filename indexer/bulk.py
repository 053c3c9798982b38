"""Hands Whoosh's segment writer whole posting lists. With `indexer.writer` the one place here that knows Whoosh.

Whoosh takes postings one by one, sorts them, and checks each. Ours come collected by term and in order, so
a term costs one call; the bytes on disk are those of Whoosh's own blocks.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any, TypeAlias

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PostingsWriter

Terms: TypeAlias = Mapping[bytes, "array[int]"]
"""Term -> its postings: document number, occurrences and peak (`indexer.peaks`), in turns in one flat array, documents
ascending."""

_BLOCK = 1024
"""Postings. A query reads a word's postings whole, and long blocks compress better than Whoosh's 128."""
_INLINE = 8
"""Posting lists shorter than this stand in the term's own entry: half of all words are in one episode only."""


class BulkCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our way in; what it writes is read by Whoosh's own."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=6, inlinelimit=_INLINE)

    def __reduce__(self) -> tuple[type, tuple[int, int, int]]:
        # Each segment is stored with its codec: as Whoosh's own, so that no class of ours is part of the format.
        return W3Codec, (self._blocklimit, self._compression, self._inlinelimit)

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        return _PostingsWriter(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, lengths: Any, items: Mapping[str, Terms]) -> None:
        for field in sorted(items):
            self.start_field(field, schema[field])
            for term, postings in sorted(items[field].items()):
                self.start_term(term)
                self._postwriter.add_all(postings[::3], postings[1::3], postings[2::3])
                self.finish_term()
            self.finish_field()


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    def add_all(self, documents: array[int], counts: array[int], peaks: array[int]) -> None:
        """All postings of a term, instead of one call of `add_posting` for each."""
        for start in range(0, len(documents), self._blocklimit):
            if start:
                self._write_block()
            self._ids = documents[start : start + self._blocklimit]
            self._weights = counts[start : start + self._blocklimit]
            self._peaks = peaks[start : start + self._blocklimit]
            self._maxweight = max(self._weights)

    def _mini_weights(self) -> tuple[int, ...] | float | None:
        # As Whoosh's, but whole numbers, which pickle to a quarter of the bytes.
        most = max(self._weights)
        if most > min(self._weights):
            return tuple(self._weights)
        return None if most == 1 else float(most)

    def _mini_values(self) -> tuple[int, ...] | None:
        # Fields of this kind have no values, and Whoosh does not look for any: the peaks stand in their place.
        return None if self._peaks == self._weights else tuple(self._peaks)

    def finish_postings(self) -> Any:
        if self.written() or len(self) >= self._inlinelimit:
            return super().finish_postings()
        # Whoosh's own has never been able to do this: it calls a method that is not there.
        info: Any = self._terminfo  # type: ignore[has-type]
        info.add_block(self)
        info.set_inlined(self._ids, self._weights, self._mini_values() or ())
        self._terminfo = None
        return info


class Pool:
    """Collects postings by field and term, in the place of Whoosh's sorting pool."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, array[int]]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """One posting, as Whoosh's writer hands it over: field, term, document, weight and a value."""
        field, term, document, weight, _ = item
        self.add_document(field, {term: int(weight)}, document)

    def add_document(
        self, field: str, counts: Mapping[bytes, int], document: int, peaks: Mapping[bytes, int] | None = None
    ) -> None:
        """How often each term occurs in a document, and its peaks where they are lower; documents come in ascending
        order."""
        peaks = peaks or {}
        terms = self._fields.setdefault(field, {})
        for term, count in counts.items():
            postings = terms.get(term)
            if postings is None:
                postings = terms[term] = array("I")
            postings.append(document)
            postings.append(count)
            postings.append(peaks.get(term, count))

    def iter_postings(self) -> Mapping[str, Terms]:
        """All postings; the name is the one that Whoosh's writer calls."""
        return self._fields

    def cleanup(self) -> None:
        self._fields.clear()
