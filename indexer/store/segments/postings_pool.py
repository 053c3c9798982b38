"""Collects the postings of a segment by field and term, in bounded memory: what exceeds it is spilled to disk.

A spill writes all postings held so far as a run: its fields in order, the terms of a field in order, the postings of a
term as one flat array. At the end the runs and the rest are merged term by term. Documents come in ascending order, so
the postings of a term are those of its runs, one run after the other.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile
from typing import BinaryIO, TypeAlias

Terms: TypeAlias = "Iterator[tuple[str, array[int]]]"
"""Terms in order, each with its postings: document number, frequency and peak (`indexer.store.impacts`) interleaved in
one flat array, in document order."""

MOST_HELD = 32_000_000
"""Bytes of postings in memory; an episode is added whole, so this is exceeded by at most one episode."""
_TERM, _POSTING = 250, 13
"""Bytes of a term with its array and dictionary entry, and of a posting in an array that grows by appending."""

_HEAD = Struct("<HI")
"""The header of a term in a run: its length in bytes, and the number of integers in its postings."""
_BUFFER = 1 << 16


class Pool:
    """Postings of one segment. Whoosh's writer calls `add`, `iter_postings` and `cleanup` as those of its own pool.

    Runs are unnamed files in `folder`. Methods raise OSError when they cannot be written.
    """

    def __init__(self, folder: Path, most: int | None = None) -> None:
        self._folder = folder
        self._most = MOST_HELD if most is None else most
        self._fields = _no_fields()
        self._runs: list[_Run] = []
        self.held = 0
        """Estimated bytes of the postings in memory."""

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Adds one posting as Whoosh's writer passes it: field, term, document, weight, value."""
        field, term, document, weight, _ = item
        self.add_document(field, {term.decode(): int(weight)}, document, {})

    def add_document(self, field: str, counts: Mapping[str, int], document: int, peaks: Mapping[str, int]) -> None:
        """Adds the frequencies of a document's terms, and their peaks where lower. Documents must come in ascending
        order."""
        terms, peak = self._fields[field], peaks.get
        before = len(terms)
        for term, count in counts.items():
            postings = terms[term]
            postings.append(document)
            postings.append(count)
            postings.append(peak(term, count))
        self._note(len(counts), len(terms) - before)

    def add_term(self, field: str, term: str, postings: Sequence[tuple[int, int, int]]) -> None:
        """Adds postings of one term: (document, frequency, peak), ascending and after those that the term has."""
        if postings:
            terms = self._fields[field]
            before = len(terms)
            terms[term].extend(chain.from_iterable(postings))
            self._note(len(postings), len(terms) - before)

    def _note(self, postings: int, terms: int) -> None:
        """Counts what was added, and spills if that is too much."""
        self.held += _POSTING * postings + _TERM * terms
        if self.held > self._most:
            self._spill()

    def iter_postings(self) -> Iterator[tuple[str, Terms]]:
        """Yields each field in order, with all its postings; its terms must be read before the next field."""
        for field in sorted({*self._fields, *(name for run in self._runs for name in run.fields)}):
            held = iter(sorted(self._fields.get(field, {}).items()))
            yield field, _merged([*(run.terms(field) for run in self._runs), held]) if self._runs else held

    def cleanup(self) -> None:
        """Forgets all postings."""
        self._forget_held()
        for run in self._runs:
            run.close()
        self._runs.clear()

    def _spill(self) -> None:
        self._runs.append(_Run(self._folder, self._fields))
        self._forget_held()

    def _forget_held(self) -> None:
        self._fields = _no_fields()
        self.held = 0


class _Run:
    """Sorted postings in an unnamed file, read once in the order they were written."""

    def __init__(self, folder: Path, fields: Mapping[str, Mapping[str, array[int]]]) -> None:
        self._file: BinaryIO = TemporaryFile(dir=folder, buffering=_BUFFER)  # type: ignore[assignment]  # noqa: SIM115 (closed by `close`)
        self.fields = {field: len(fields[field]) for field in sorted(fields)}
        write = self._file.write
        try:
            for field in self.fields:
                for term, postings in sorted(fields[field].items()):
                    name = term.encode()
                    write(_HEAD.pack(len(name), len(postings)) + name)
                    write(postings)
            self._file.seek(0)
        except BaseException:
            self._file.close()
            raise

    def terms(self, field: str) -> Terms:
        read = self._file.read
        for _ in range(self.fields.get(field, 0)):
            length, count = _HEAD.unpack(read(_HEAD.size))
            name, postings = read(length).decode(), array("I")
            postings.frombytes(read(count * postings.itemsize))
            yield name, postings

    def close(self) -> None:
        self._file.close()


def _merged(parts: list[Terms]) -> Terms:
    """One posting list a term: those of the parts, in their order."""
    for term, several in groupby(merge(*parts, key=itemgetter(0)), key=itemgetter(0)):
        (_, whole), *rest = several
        for _, postings in rest:
            whole.extend(postings)
        yield term, whole


def _no_fields() -> defaultdict[str, defaultdict[str, array[int]]]:
    return defaultdict(_no_postings)


def _no_postings() -> defaultdict[str, array[int]]:
    return defaultdict(_empty)


def _empty() -> array[int]:
    return array("I")
