"""What a remote index listed for one question by how much it may score, falling, as far as it was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeAlias, TypeVar

from search.backends.remote import Peak

_Entry = TypeVar("_Entry")


class ListedSoFar(Generic[_Entry]):
    """The first entries of a list. `size` is how many were asked for; `was_read` says whether episodes among them were
    fetched."""

    def __init__(self) -> None:
        self.found: Sequence[_Entry] = ()
        self.size = 0
        self.was_read = False

    @property
    def is_all(self) -> bool:
        """True if there are no others."""
        return len(self.found) < self.size


ListedPassages: TypeAlias = ListedSoFar[tuple[float, str]]
"""Passages: (the bound of their windows, key of the episode)."""


class ListedPeaks(ListedSoFar[Peak]):
    """Episodes in the order of the peaks of a run."""

    def before(self, floor: Peak | None) -> Sequence[Peak]:
        """Those that come before a peak (None: all)."""
        if floor is None:
            return self.found
        return [one for one in self.found if (-one.count, one.id) < (-floor.count, floor.id)]
