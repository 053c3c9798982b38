"""One commit of an index, as a search sees it, whichever engine keeps it.

The engine narrows: it knows counts, which episodes may hold something, and the fields of an episode. Positions,
windows, scores, context and highlights are computed from these by code that is the same for every engine, so that every
engine gives the same moments in the same order (`tests/search/backends/`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from indexer.core.files.mapped_files import AnyPath
from search.backends.candidates import Candidates
from search.backends.episodes import StoredEpisodes
from search.backends.vocabulary import Vocabulary


class Snapshot(Vocabulary, Candidates, StoredEpisodes, Protocol):
    """One commit of an index, immutable; threads may share it. Its files are closed with the last reference to it."""

    @property
    def folder(self) -> AnyPath:
        """The folder of what is kept beside the index: readings, lexicons, saved queries."""

    @property
    def commit(self) -> int:
        """The number of the commit; later ones have greater numbers."""

    @property
    def lexicons(self) -> Sequence[str]:
        """The registered lexicon files."""

    @property
    def readings_digest(self) -> str:
        """The digest of the readings with which the index was made."""

    def is_current(self) -> bool:
        """False once there is a later commit; asked before every answer, so it must be cheap."""

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        """In the block, each request that this thread sends to a cluster takes at most the seconds that `left` returns;
        what it raises ends the request. Changes nothing for an index in a folder."""

    def let_go(self) -> None:
        """Lets go of the memory of what was read of mapped files, for a caller that reads all of an index. Changes
        nothing for an index in a cluster."""

    def faults(self) -> list[str]:
        """Reads everything and compares it with its checksums; one line per fault."""

    def unchecked(self) -> list[str]:
        """The parts of the index without checksums."""
