"""Writes episodes into the Whoosh index: one writer at a time, changes that become visible at once or not at all.

Whoosh is known here and in `indexer.bulk`, which hands it the postings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import schema
from indexer.errors import IndexProblem

SMALL_SEGMENT = 64
"""Documents. Segments below this size are merged as soon as there are `SMALL_SEGMENTS` of them."""
SMALL_SEGMENTS = 8
MOST_DELETED = 0.25
"""A segment with a larger share of removed documents is rewritten without them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An episode ready to be written; everything is packed, so it travels cheaply between processes.

    `words` maps a word to its count, `chars` a character to its count.
    """

    id: str
    record: Mapping[str, object]
    atoms: int
    words: Mapping[str, int]
    chars: Mapping[str, int]
    stream: bytes
    sounds: bytes
    times: bytes
    text: bytes


class IndexWriter:
    """The single writer of an index folder; creates the index if there is none."""

    def __init__(self, folder: Path) -> None:
        from whoosh.filedb.filestore import FileStorage
        from whoosh.index import EmptyIndexError, FileIndex

        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexProblem(
                f"{folder}: cannot be made ({error.strerror}): name another folder with --index"
            ) from None
        self._storage = FileStorage(str(folder))
        self._lock = self._storage.lock("podseek_writing")
        try:
            free = self._lock.acquire(blocking=False)
        except OSError as error:
            raise IndexProblem(f"{folder}: cannot be written ({error.strerror}): name another with --index") from None
        if not free:
            cure = "wait until it has finished, then run this again"
            raise IndexProblem(f"{folder}: another podseek is writing to this index: {cure}")
        try:
            try:
                self._index = FileIndex(self._storage)
            except EmptyIndexError:
                self._index = FileIndex.create(self._storage, schema.make_schema(), "MAIN")
        except Exception as error:
            self._lock.release()
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> IndexProblem:
        return IndexProblem(
            f"{self.folder}: the index cannot be used ({error}): index again into a new folder with --index"
        )

    def close(self) -> None:
        self._lock.release()

    def records(self) -> list[dict[str, Any]]:
        """The stored record of every episode."""
        try:
            reader = self._index.reader()
            try:
                return [dict(stored[schema.RECORD]) for _, stored in reader.iter_docs()]
            finally:
                reader.close()
        except Exception as error:  # a damaged file can fail in any way
            raise self._unusable(error) from error

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """A set of changes that becomes visible at once at its end, or not at all when it fails."""
        batch = Batch(self._index)
        try:
            yield batch
        except BaseException:
            batch.cancel()
            raise
        batch.commit()


class Batch:
    """Additions and removals of one commit."""

    def __init__(self, index: Any) -> None:
        from indexer.bulk import BulkCodec, Pool

        # A compound segment would be copied whole into memory on opening.
        self._writer = index.writer(compound=False, codec=BulkCodec(), timeout=10)
        self._pool = self._writer.pool = Pool()

    def add(self, episode: Prepared) -> None:
        """Adds an episode. One of the same id that is already in the index must be removed first."""
        writer = self._writer
        number = writer.docnum
        writer.add_document(
            **{
                schema.ID: episode.id,
                schema.RECORD: dict(episode.record),
                schema.ATOMS: episode.atoms,
                schema.STREAM: episode.stream,
                schema.SOUNDS: episode.sounds,
                schema.TIMES: episode.times,
                schema.TEXT: episode.text,
            }
        )
        for field, counts in ((schema.WORDS, episode.words), (schema.CHARS, episode.chars)):
            self._pool.add_document(field, {term.encode(): count for term, count in counts.items()}, number)

    def remove(self, episode_id: str) -> None:
        self._writer.delete_by_term(schema.ID, episode_id)

    def commit(self) -> None:
        self._writer.commit(mergetype=_merge_small)

    def cancel(self) -> None:
        self._writer.cancel()


def _merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy for us: gathers small segments when many have come together, rewrites those with
    much that was removed, and drops those with nothing left."""
    from whoosh.reading import SegmentReader

    living = [segment for segment in segments if segment.doc_count()]
    small = [segment for segment in living if segment.doc_count() < SMALL_SEGMENT]
    merged = small if len(small) >= SMALL_SEGMENTS else []
    merged += [s for s in living if s not in merged and s.deleted_count() > MOST_DELETED * s.doc_count_all()]
    for segment in merged:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in living if segment not in merged]
