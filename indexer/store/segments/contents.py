"""Opens all segments of an index as they are after one commit."""

from __future__ import annotations

from time import sleep

from indexer.core.files.mapped_files import AnyPath
from indexer.core.named_tuples import NamedTuple
from indexer.store.segments.corruption import FAILURES, unreadable
from indexer.store.segments.segment import Segment, open_segment
from indexer.store.segments.toc import NOTHING, newest_generation, read_toc, written_at

_ATTEMPTS = 4


class Contents(NamedTuple):
    """A snapshot of an index: the segments of its commit `generation`, written at `written` (nanoseconds), those
    without documents left out. `identity` tells the index from others, empty before format 7."""

    generation: int
    written: int
    segments: tuple[Segment, ...]
    identity: str = ""

    def is_newest(self, folder: AnyPath) -> bool:
        """False when there is a later commit in the folder, or an index that was made anew. Where there is none at
        all, what is open is the newest."""
        generation = newest_generation(folder)
        return generation == NOTHING or (generation == self.generation and self.is_unwritten(folder))

    def is_unwritten(self, folder: AnyPath) -> bool:
        """False when the table of contents of this commit was written again, or is gone."""
        try:
            return written_at(folder, self.generation) == self.written
        except FileNotFoundError:  # another commit has just removed it
            return False

    def close(self) -> None:
        """Closes all files, also for contents that share segments with these: drop such instead of closing them."""
        for segment in self.segments:
            segment.close()


def open_segments(folder: AnyPath, known: Contents | None = None) -> Contents:
    """The contents of an index after its last commit; takes segments that are already open from `known`.

    A commit meanwhile may remove files between reading the table of contents and opening them; then the
    next attempt finds the new ones. Raises IndexProblem when the index cannot be read.
    """
    for attempt in range(_ATTEMPTS):
        if attempt:
            sleep(0.05 * attempt)
        try:
            return _open_once(folder, known)
        except (OSError, *FAILURES) as error:
            problem = error
    raise unreadable(folder, problem) from problem


def _open_once(folder: AnyPath, known: Contents | None) -> Contents:
    generation = newest_generation(folder)
    if generation == NOTHING:
        raise FileNotFoundError("it has no table of contents")
    written = written_at(folder, generation)
    if known and (known.generation, known.written) == (generation, written):
        return known
    shared = {segment.entry.name: segment for segment in known.segments} if known else {}
    segments: list[Segment] = []
    try:
        toc = read_toc(folder, generation)
        for entry in toc.entries:
            if entry.name in shared:
                segments.append(shared[entry.name].with_deleted(entry))
            elif entry.documents:
                segments.append(open_segment(folder, entry))
    except BaseException:
        for segment in segments:
            if segment.entry.name not in shared:
                segment.close()
        raise
    return Contents(generation, written, tuple(segments), toc.identity)
