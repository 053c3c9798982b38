"""Counts terms in a bounded memory: those that it cannot hold go to a sorted file, and the files are merged at the end.

A library of ten billion cues has some 36 million different words (bench/cluster_model.py).
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from typing import IO, TYPE_CHECKING

from indexer.core.errors import placed

if TYPE_CHECKING:
    from typing_extensions import Self

MOST_TERMS = 150_000
"""Different terms in memory, about 30 MB; a million cues of speech have 90,000."""
_MOST_FILES = 64
"""Files that are merged at once; with as many, they are merged into one."""
_OCCURRENCE = 1 << 32
"""A count is one number: occurrences times this, and episodes."""


class TermCounts:
    """The occurrences and episodes of words and of characters; a context, at whose end its files are gone. Raises
    OSError, with the folder of temporary files, if the disk is full."""

    def __init__(self, most: int = MOST_TERMS) -> None:
        """At most so many different terms, and those of one episode, are in memory."""
        self._most = most
        self._counts: dict[str, int] = {}
        self._files: list[IO[bytes]] = []
        self._open = ExitStack()

    def add(self, kind: str, counts: Mapping[str, int]) -> None:
        """Adds the occurrences of terms in one episode. `kind` is one letter; a term of one kind is not that of
        another."""
        known = self._counts
        for term, count in counts.items():
            key = kind + term
            known[key] = known.get(key, 0) + count * _OCCURRENCE + 1
        if len(known) >= self._most:
            self._spill()

    def totals(self) -> Iterator[tuple[str, str, int, int]]:
        """Yields (kind, term, occurrences, episodes), sorted by kind and term. Nothing can be added meanwhile."""
        for key, count in self._merged():
            yield key[0], key[1:], count // _OCCURRENCE, count % _OCCURRENCE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _spill(self) -> None:
        self._files.append(self._written(self._in_order()))
        self._counts = {}
        if len(self._files) == _MOST_FILES:
            merged = self._written(self._merged())
            for file in self._files:
                file.close()
            self._files = [merged]

    def _in_order(self) -> Iterator[tuple[str, int]]:
        """The counts in memory; only their terms are sorted, for pairs would take more than the counts."""
        for key in sorted(self._counts):
            yield key, self._counts[key]

    def _merged(self) -> Iterator[tuple[str, int]]:
        parts = [*map(_read, self._files), self._in_order()]
        for key, some in groupby(heapq.merge(*parts, key=itemgetter(0)), itemgetter(0)):
            yield key, sum(count for _, count in some)

    def _written(self, counts: Iterable[tuple[str, int]]) -> IO[bytes]:
        file = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the context
        try:
            for key, count in counts:
                file.write(f"{count} {key}\n".encode("utf-8", "surrogatepass"))
            file.flush()
        except OSError as error:
            raise placed(error, tempfile.gettempdir()) from None
        return file


def _read(file: IO[bytes]) -> Iterator[tuple[str, int]]:
    file.seek(0)
    for line in file:
        count, _, key = line[:-1].decode("utf-8", "surrogatepass").partition(" ")
        yield key, int(count)
