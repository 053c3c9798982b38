"""What a remote index listed for one question by how much it may score, falling, as far as it was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from search.backends.remote import Peak


class ListedPassages:
    """The passages that may score most for one query, falling, as far as they were asked for."""

    def __init__(self) -> None:
        self.found: Sequence[tuple[float, str]] = ()
        self.size = 0
        self.was_read = False

    @property
    def is_all(self) -> bool:
        """True if there are no others."""
        return len(self.found) < self.size


class ListedPeaks:
    """The episodes in the order of the peaks of a run, as far as they were asked for."""

    def __init__(self) -> None:
        self.found: Sequence[Peak] = ()
        self.size = 0
        self.was_read = False

    @property
    def is_all(self) -> bool:
        """True if there are no others."""
        return len(self.found) < self.size

    def before(self, floor: Peak | None) -> Sequence[Peak]:
        """Those that come before a peak (None: all)."""
        if floor is None:
            return self.found
        return [one for one in self.found if (-one.count, one.id) < (-floor.count, floor.id)]
