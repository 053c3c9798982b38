"""One commit of an index among several that are searched together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MethodType
from typing import TYPE_CHECKING, Any, cast

from search.backends.vocabulary import SummedCounts

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


def joint(own: Snapshot, every: Sequence[Snapshot]) -> Snapshot:
    """Returns the snapshot of one index with the counts of words and characters of several, by which words are weighed
    and typed text is cut. All else is that of the one."""
    return cast("Snapshot", _JointSnapshot(own, every))


class _JointSnapshot(SummedCounts):
    """All of `SummedCounts` is here, as type checkers see to; the rest comes from the snapshot of the one index."""

    def __init__(self, own: Snapshot, every: Sequence[Snapshot]) -> None:
        self._own = own
        self._every = every
        self._total_atoms = sum(one.total_atoms for one in every)

    @property
    def total_atoms(self) -> int:
        return self._total_atoms

    def word_count(self, word: str) -> int:
        return sum(one.word_count(word) for one in self._every)

    def char_count(self, character: str) -> int:
        return sum(one.char_count(character) for one in self._every)

    def announce_counts(self, terms: Iterable[str]) -> None:
        terms = list(terms)
        for one in self._every:
            one.announce_counts(terms)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._own, name)
        if isinstance(found, MethodType):  # next time it is found without coming here: some are called in loops
            setattr(self, name, found)
        return found
