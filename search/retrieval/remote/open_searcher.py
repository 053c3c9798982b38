"""The protocol of the searcher of an open index, in a folder or in a cluster; for type checkers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from search.retrieval.remote.rounds import AnySearcher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.core.types import Episode
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.asking import Meaning


class OpenSearcher(AnySearcher, Protocol):
    """Answers from one commit: `search.open_index.FolderSearcher` or
    `search.retrieval.remote.remote_searcher.RemoteSearcher`. Threads may share it."""

    @property
    def meaning(self) -> Meaning:
        """The vectors of the index."""

    def is_current(self) -> bool:
        """False once there is a later commit, or a lexicon or vectors in use have changed."""

    def reopened(self) -> OpenSearcher:
        """The searcher of the last commit now. Raises IndexProblem."""

    def close(self) -> None:
        """Ends the connections of this thread; calls in progress and results stay readable."""

    def cost(self) -> tuple[int, int] | None:
        """The requests that this thread has sent to a cluster, and the bytes of the answers; None for a folder."""

    def double_transcripts(self, episodes: Iterable[Episode]) -> list[tuple[Episode, Episode]]:
        """The pairs of these episodes that are transcripts of one recording; none of a cluster."""

    def snapshot_with(self, name: str) -> Snapshot:
        """A snapshot that has the episode of this id, if there is one, and may have all."""
