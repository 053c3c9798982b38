"""Asks the vectors beside an index what is near a question. Imports the model only when one is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.core.embedding.choice import chosen_embedder
from indexer.core.embedding.embedder import NoMeaning
from indexer.core.files import mapped_files
from indexer.core.memory.caches import cached
from indexer.core.messages import _
from indexer.store.vectors import FILE

if TYPE_CHECKING:
    from indexer.core.embedding.embedder import Embedder
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.space import Nearness, Space

_REMEMBERED = 256
"""Questions whose vectors are kept: the pages of an answer, and what is typed, ask again."""


class Meaning:
    """The vectors beside one commit of an index. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._opened: tuple[object, Space] | None = None
        self._vector = cached(_asked, _REMEMBERED)

    def is_there(self) -> bool:
        """True if the index has vectors, whether or not they can be used."""
        return mapped_files.is_file(mapped_files.place(self._snapshot.folder, FILE))

    def nearness(self, question: str) -> Nearness | None:
        """How near everything is to a question; None if there are no vectors. Raises NoMeaning and IndexProblem, in
        one line, if they cannot be used."""
        space = self.space()
        if space is None:
            return None
        embedder = chosen_embedder()
        if embedder.name != space.listed.model:
            raise NoMeaning(_other_model(space.listed.model, embedder.name))
        vector = self._vector((embedder, question))
        if len(vector) != space.listed.dimensions:
            raise NoMeaning(_other_model(f"{space.listed.model} ({space.listed.dimensions})", str(len(vector))))
        return space.nearness(vector)

    def space(self) -> Space | None:
        """The vectors as they are now; None if there are none. Raises NoMeaning and IndexProblem."""
        folder = self._snapshot.folder
        state = mapped_files.state(mapped_files.place(folder, FILE))
        if state is None:
            return None
        known = self._opened
        if known is None or known[0] != state:
            from search.retrieval.meaning.space import open_space

            space = open_space(self._snapshot, folder, known[1] if known else None)
            if space is None:
                return None
            known = self._opened = state, space
        return known[1]


def _asked(question: tuple[Embedder, str]) -> list[float]:
    from search.retrieval.meaning.directions import unit

    embedder, text = question
    return unit(embedder.question(text))


def _other_model(old: str, new: str) -> str:
    said = _("the vectors of this index are of {old}, and the model is now {new}: make them again with `{command}`")
    return said.format(old=old, new=new, command="podseek index --meaning --rebuild")
