"""Writes episodes to the Whoosh index: a single writer, and atomic commits.

Within `indexer.store`, Whoosh is imported by this file, `schema`, `mending`, `durable_storage` (files),
`segments.postings_writer` (postings) and `segments.whoosh_private` (what Whoosh does not publish); nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from indexer.core.errors import IndexBusy, IndexProblem, placed, system_reason
from indexer.core.files.atomic_write import make_folder, remove_stale
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.store import schema
from indexer.store.prepared import PreparedEpisode
from indexer.store.repair.mending import mend
from indexer.store.seal import seal
from indexer.store.segments import NOTHING, Segment, newest_generation, open_segments
from indexer.store.segments.corruption import unreadable
from indexer.store.segments.merge_policy import to_merge
from indexer.store.segments.segment import TERMS


class IndexWriter:
    """The single writer of an index folder; creates the index if there is none.

    `complaints` report what was repaired; `is_sealed` is False if part of the index had no checksums.
    """

    def __init__(self, folder: Path, mending: bool = False) -> None:
        """Acquires the writer lock. Raises IndexBusy if another process holds it, and IndexProblem if the index is
        damaged, unless `mending` repairs it (`indexer.store.repair.mending`)."""
        from whoosh.index import EmptyIndexError, FileIndex

        from indexer.store.durable_storage import DurableStorage

        self.folder = folder
        try:
            make_folder(folder)
        except OSError as error:
            raise IndexProblem(
                _("{folder}: cannot be made ({reason}): name another folder with --index").format(
                    folder=folder, reason=system_reason(error)
                )
            ) from None
        self._storage = DurableStorage(folder, self._seal)
        self._lock = self._storage.lock(schema.LOCK)
        self._acquire()
        remove_stale(folder)
        try:
            self.complaints: list[Complaint] = mend(folder, self._storage) if mending else []
            self.is_sealed = self._check()
            try:
                self._index = FileIndex(self._storage)
            except EmptyIndexError:
                self._index = FileIndex.create(self._storage, schema.make_schema(), "MAIN")
        except IndexProblem:
            self._lock.release()
            raise
        except Exception as error:
            self._lock.release()
            if isinstance(error, OSError) and error.errno is not None:
                raise placed(error, folder) from error
            raise unreadable(folder, error) from error

    def _acquire(self) -> None:
        """Takes the lock. Raises IndexBusy if another process holds it, IndexProblem if it cannot be made."""
        try:
            free = self._lock.acquire(blocking=False)
        except OSError as error:
            raise IndexProblem(
                _("{folder}: cannot be written ({reason}): name another with --index").format(
                    folder=self.folder, reason=system_reason(error)
                )
            ) from None
        if not free:
            cure = _("wait until it has finished, then run this again")
            raise IndexBusy(
                _("{folder}: another podseek is writing to this index: {cure}").format(folder=self.folder, cure=cure)
            )

    def _check(self) -> bool:
        """Verifies the files that Whoosh reads before it writes. Raises IndexProblem if one is damaged; returns False
        if part of the index has no checksums."""
        if newest_generation(self.folder) == NOTHING:
            if any(self.folder.glob("MAIN_*.col")):
                raise unreadable(self.folder, ValueError(_("it has no table of contents")))
            return True
        contents = open_segments(self.folder)
        try:
            for problem in (problem for segment in contents.segments for problem in segment.check(TERMS)):
                raise problem
            return all(segment.entry.sums is not None for segment in contents.segments)
        finally:
            contents.close()

    def _seal(self, _: Sequence[Path], toc: Path) -> None:
        def create(name: str, data: bytes) -> None:
            with closing(self._storage.create_file(name)) as file:
                file.write(data)

        seal(self.folder, toc, create)

    def close(self) -> None:
        self._lock.release()

    def records(self) -> list[dict[str, Any]]:
        """The stored record of every episode."""
        return stored_records(self.folder)

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Yields a set of changes that is committed at the end of the block, or cancelled if it raises."""
        try:
            batch = Batch(self.folder, self._index)
            try:
                yield batch
            except BaseException:
                batch.cancel()
                raise
            batch.commit()
        except OSError as error:
            raise placed(error, self.folder) from error


def stored_records(folder: Path) -> list[dict[str, Any]]:
    """The stored record of every episode in the last commit of an index. Raises IndexProblem."""
    contents = open_segments(folder)
    try:
        return [
            dict(segment.stored(number)[schema.RECORD])
            for segment in contents.segments
            for number in range(segment.doc_count_all)
            if number not in segment.deleted
        ]
    finally:
        contents.close()


class Batch:
    """The additions and deletions of one commit."""

    def __init__(self, folder: Path, index: Any) -> None:
        from indexer.store.segments.postings_pool import Pool
        from indexer.store.segments.postings_writer import BulkCodec

        self._folder = folder
        # Opening a compound segment would copy it into memory.
        self._writer = index.writer(compound=False, codec=BulkCodec(), timeout=10)
        self._pool = self._writer.pool = Pool(folder)

    def add(self, episode: PreparedEpisode) -> None:
        """Adds an episode. An existing one with the same id must be removed first."""
        number = self._add_document(
            {
                schema.ID: episode.id,
                schema.RECORD: dict(episode.record),
                schema.ATOMS: episode.atoms,
                **{name: episode.columns[name] for name in schema.BYTES},
            }
        )
        for name, counts in ((schema.WORDS, episode.words), (schema.CHARS, episode.chars)):
            self._pool.add_document(name, counts, number, episode.peaks)

    def _add_document(self, fields: Mapping[str, object]) -> int:
        number: int = self._writer.docnum
        self._writer.add_document(**fields)
        return number

    def remove(self, episode_id: str) -> None:
        self._writer.delete_by_term(schema.ID, episode_id)

    def commit(self) -> None:
        self._writer.commit(mergetype=self._merge)

    def cancel(self) -> None:
        self._writer.cancel()

    def _merge(self, _: object, segments: Sequence[Any]) -> list[Any]:
        """The merge policy passed to Whoosh: rewrites the episodes of some segments from their stored form and returns
        the remaining segments. Segments without episodes are dropped."""
        merged = to_merge(segments)
        if merged:
            contents = open_segments(self._folder)
            try:
                by_name = {segment.entry.name: segment for segment in contents.segments}
                for one in merged:
                    segment = by_name[one.segment_id()]
                    self._add_segment(segment, one.is_deleted)
                    segment.close()  # before the next one: pages read from mapped files count as memory of the process
            finally:
                contents.close()
        return [segment for segment in segments if segment not in merged and segment.doc_count()]

    def _add_segment(self, segment: Segment, is_removed: Callable[[int], bool]) -> None:
        """Adds the episodes of a segment with their postings."""
        numbers: dict[int, int] = {}
        for old in range(segment.doc_count_all):
            if not is_removed(old):
                values = {name: segment.column(name)[old] for name in schema.BYTES}
                numbers[old] = self._add_document({**segment.stored(old), schema.ATOMS: segment.atoms[old], **values})
        # Numbers ascend, so the postings of a term stay in order.
        renumbered = [numbers.get(old, -1) for old in range(segment.doc_count_all)]
        for name in (schema.WORDS, schema.CHARS):
            for term, (documents, counts, peaks) in segment.all_postings(name):
                several = [renumbered[old] for old in documents], counts, peaks
                self._pool.add_term(name, term.decode(), [one for one in zip(*several, strict=True) if one[0] >= 0])
