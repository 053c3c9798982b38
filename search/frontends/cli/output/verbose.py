"""What `-v` reports of a command: which index was opened, and how long each stage took."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from indexer.core.messages import N_, _, ngettext

if TYPE_CHECKING:
    from search.library import Library


class Stages:
    """Says when a stage of a command has ended, on what `say` prints. Begins with the first stage."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._over: set[str] = set()
        self._began = perf_counter()

    def opened(self, library: Library) -> None:
        """The first stage: the index and its last commit."""
        self.ended(N_("Opened"))
        count = len(library.episodes())
        self._say(
            ngettext(
                "Index {folder}: {n:,} episode, commit {commit}",
                "Index {folder}: {n:,} episodes, commit {commit}",
                count,
            ).format(folder=library.folder, n=count, commit=library.snapshot.commit)
        )
        self._began = perf_counter()

    def ended(self, stage: str) -> None:
        """A stage, which ends once, and the next begins."""
        if stage in self._over:
            return
        self._over.add(stage)
        now = perf_counter()
        self._say(_("{stage} in {seconds:.3f} s").format(stage=_(stage), seconds=now - self._began))
        self._began = now
