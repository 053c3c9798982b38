"""An open index: the searcher and the explorer of its latest commit, for all threads that share it."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from indexer.core.files import mapped_files
from indexer.core.messages import _
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Protocol

    from typing_extensions import Self

    from search.backends.snapshot import Snapshot
    from search.exploration.explorer import Explorer
    from search.retrieval.meaning.asking import Meaning
    from search.retrieval.remote.open_searcher import OpenSearcher

    class Renewable(Snapshot, Protocol):
        """A snapshot of an index in a folder."""

        def newest(self) -> Renewable:
            """The last commit now, sharing what has not changed since this one. Raises IndexProblem."""


class FolderSearcher(Searcher):
    """The searcher of an index in a folder, which knows when it is out of date."""

    def __init__(self, snapshot: Renewable) -> None:
        super().__init__(snapshot)
        self._renewable = snapshot

    def is_current(self) -> bool:
        """False once there is a later commit, or a lexicon or vectors in use have changed."""
        return self.has_current_vectors() and self.snapshot.is_current() and self.has_current_lexicons()

    def reopened(self) -> FolderSearcher:
        """The searcher of the last commit now, with the lexicons as they are."""
        snapshot = self._renewable
        return FolderSearcher(snapshot if snapshot.is_current() else snapshot.newest())

    def close(self) -> None:
        """Closes nothing: the files of a commit are closed with the last result of it."""

    def cost(self) -> None:
        """None: nothing was sent to a cluster."""

    def snapshot_with(self, name: str) -> Snapshot:
        """The snapshot, which has all episodes."""
        return self.snapshot


def _meaning(searcher: OpenSearcher) -> Meaning:
    return searcher.meaning


class OpenIndex:
    """Keeps the searcher of the latest commit and of the current lexicons. Threads may share it: the first that finds a
    later commit opens it for all."""

    def __init__(self, searcher: OpenSearcher, place: str) -> None:
        """`place` is what the index was opened by: its folder, or the address of a library in a cluster."""
        self._place = place
        self._folder = mapped_files.as_text(searcher.snapshot.folder)
        self._searcher: OpenSearcher | None = searcher
        self._own_lexicons = searcher.snapshot.lexicons
        self._explorer: Explorer | None = None
        self._changing = Lock()
        """Guards replacing the attributes above; reading one of them needs no lock."""

    @property
    def _open(self) -> OpenSearcher:
        searcher = self._searcher
        if searcher is None:
            raise ValueError(_("this library is closed: open it again with open_library"))
        return searcher

    @property
    def snapshot(self) -> Snapshot:
        """The current commit."""
        return self._current().snapshot

    @property
    def generation(self) -> object:
        """An object that stays the same until there is a later commit or a lexicon has changed: a cache compares
        it to find what is out of date. A reference keeps the files of its commit open; a weak one does not."""
        return self._current()

    def is_latest(self, generation: object) -> bool:
        """Whether `generation` still answers; unlike the property, it opens nothing."""
        searcher = self._open
        return generation is searcher and searcher.is_current()

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        from pathlib import Path

        return Path(self._folder)

    @property
    def folders(self) -> Mapping[str, str]:
        """What opens the index again, by what its moments have as `library`, which is empty: its folder, or the address
        of a library in a cluster."""
        return {"": self._place}

    @property
    def cost(self) -> tuple[int, int] | None:
        """The requests that this thread has sent to the cluster since the library was opened, and the bytes of the
        answers; None for an index in a folder."""
        return self._open.cost()

    def _current(self) -> OpenSearcher:
        """The searcher of the current commit. Call it once per question, so that one commit answers it."""
        searcher = self._open
        return searcher if searcher.is_current() else self._reopened()

    def _reopened(self) -> OpenSearcher:
        """The searcher of a later commit, or of changed lexicons or vectors, opened by the first thread that needs
        it."""
        with self._changing:
            searcher = self._open
            if not searcher.is_current():
                before = searcher.snapshot
                self._searcher = searcher = searcher.reopened()
                if searcher.snapshot is not before:
                    self._explorer = None
                    self._own_lexicons = searcher.snapshot.lexicons
                elif self._explorer is not None:  # keeps its words, but not the replaced searcher
                    self._explorer = self._explorer.with_meaning(partial(_meaning, searcher))
            return searcher

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the index and the connections of this thread; later calls raise ValueError. Its files are closed with
        the last result that may still have to count its total."""
        with self._changing:
            searcher, self._searcher, self._explorer = self._searcher, None, None
        if searcher is not None:
            searcher.close()

    @property
    def explore(self) -> Explorer:
        """The explorations of the current commit."""
        from search.exploration.explorer import Explorer

        searcher = self._current()
        snapshot = searcher.snapshot
        with self._changing:
            explorer = self._explorer
            if explorer is None or explorer.snapshot is not snapshot:
                explorer = Explorer(snapshot, self._paths(snapshot.lexicons), partial(_meaning, searcher))
                # Another thread may have found a later commit or vectors, or closed the library.
                if self._searcher is searcher:
                    self._explorer = explorer
            return explorer

    @property
    def lexicons(self) -> tuple[Path, ...]:
        """The files in which this index looks for aliases; they need not exist."""
        return self._paths(self._own_lexicons)

    def _paths(self, known: Sequence[str]) -> tuple[Path, ...]:
        from pathlib import Path

        from indexer.core.words.lexicon import alias_files

        return tuple(map(Path, alias_files(self._folder, known)))
