"""The conditions for which every matching episode of a remote index was fetched to answer one question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set

from search.backends.conditions import EVERY, Condition, Conjunction, Disjunction, HasSounds, Holds
from search.retrieval.remote.projection.wanted_decks import of_sounds


class CompleteConditions:
    """What was noted of them, and what follows from that."""

    def __init__(self) -> None:
        self._noted: set[Condition] = set()
        self._has_all = False

    def note(self, fetched: Collection[Condition], wanted: Iterable[Condition] = ()) -> None:
        """Notes that all episodes that meet these conditions are here, and those that suffice for the `wanted` ones:
        for EVERY, not all of them. Of several all that meet one are, too."""
        for condition in (*fetched, *wanted):
            self._noted.add(condition)
            if isinstance(condition, Disjunction):
                self.note(condition.conditions)
        self._has_all = self._has_all or EVERY in fetched

    def has(self, condition: Condition, decks: Set[str] | None) -> bool:
        """Whether all episodes that meet a condition are here, with what it is about: sounds are in these decks, which
        partial episodes have (None: none of the episodes is partial)."""
        if condition in self._noted:
            return True
        match condition:
            case HasSounds():
                told_by = of_sounds(condition)
                return self._has_all and decks is not None and told_by is not None and told_by <= decks
            case Holds(run) if any(Holds((atom,)) in self._noted for atom in run):
                return True
            case Conjunction(conditions) if any(self.has(one, decks) for one in conditions):
                return True
            case Disjunction(conditions) if all(self.has(one, decks) for one in conditions):
                return True
        return self._has_all
