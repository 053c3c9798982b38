"""An index that is served: its name, its open library, and what the pages list of each commit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import ref

from indexer.core.configuration.paths import default_index
from indexer.core.types import Episode
from search.frontends.web.served.examples import example_words
from search.library import Library, open_library

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


_OURS = ("static", "login", "healthz")
"""Addresses that no index can have."""


@dataclass(frozen=True)
class Catalogue:
    """The episodes of one commit, and `examples` of what is said in them."""

    episodes: Sequence[Episode]
    examples: Sequence[str] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Episode]:
        return {episode.id: episode for episode in self.episodes}

    @cached_property
    def shows(self) -> Sequence[tuple[str, int]]:
        """The names of the shows with the number of their episodes; most episodes first."""
        return Counter(episode.show for episode in self.episodes).most_common()

    @cached_property
    def newest(self) -> Sequence[Episode]:
        """The episodes with a date, newest first."""
        return sorted(
            (one for one in self.episodes if one.period), key=lambda one: (one.period or "", one.id), reverse=True
        )

    @cached_property
    def hours(self) -> float:
        return sum(episode.duration for episode in self.episodes) / 3600

    @cached_property
    def folders(self) -> frozenset[Path]:
        """The folders that hold transcripts, links resolved."""
        from indexer.core.files.sources import folder_of

        return frozenset(path.resolve() for path in {folder_of(Path(episode.path)) for episode in self.episodes})


class ServedIndex:
    """A served index. Threads may share it. `name` is its part of the address if there are several."""

    def __init__(self, name: str, library: Library) -> None:
        self.name = name
        self.library = library
        self._known: tuple[ref[Snapshot], Catalogue] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The episodes of the current commit, made once per commit."""
        snapshot = self.library.explore.snapshot
        known = self._known
        if known is None or known[0]() is not snapshot:
            known = self._known = ref(snapshot), Catalogue(self.library.episodes(), example_words(snapshot))
        return known[1]

    @property
    def snapshot(self) -> Snapshot:
        """The current commit."""
        return self.library.explore.snapshot


def open_indexes(folders: Iterable[str | Path]) -> list[ServedIndex]:
    """Opens the indexes in these folders, or libraries in a cluster at these addresses, or the default index if there
    are none; names are unique. Raises IndexProblem."""
    indexes: list[ServedIndex] = []
    for folder in list(folders) or [default_index()]:
        # Of an address, the last part is the name of the library.
        name = _free_name(Path(folder), {*_OURS, *(index.name for index in indexes)})
        indexes.append(ServedIndex(name, open_library(folder)))
    return indexes


def _free_name(folder: Path, taken: set[str]) -> str:
    """The name of a folder, or of the one above it if it is just called index; numbered if it is taken."""
    whole = folder.resolve()
    wanted = whole.parent.name if whole.name in ("index", ".index") and whole.parent.name else whole.name
    wanted = re.sub(r"[^\w.-]+", "-", wanted).strip(".-") or "index"
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
