"""Which columns of an episode of a remote index were fetched, and what can be done with these."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search.backends.remote import Stored
from search.retrieval.remote.held.columns import DECKS, TEXT_PARTS, has_no_decks, lacking, may_have_no_decks


class HeldColumns:
    """The stored fields of one episode, as they were fetched."""

    def __init__(self, stored: Stored) -> None:
        self.key, self.id = stored.key, stored.id
        self.stored = stored

    @property
    def has_no_decks(self) -> bool:
        """Whether an earlier podseek wrote this episode without decks, into a library of which the others have some."""
        return has_no_decks(self.stored.columns)

    @property
    def is_whole(self) -> bool:
        """Whether all that is shown of it was fetched: of an episode without a clock, its times come in a request of
        their own, for which there may be no time."""
        return schema.STREAM in self.stored.columns and self.has_times

    @property
    def is_only_heard(self) -> bool:
        """Whether no more of it was fetched than tells where something sounds like a query: whatever else an episode is
        fetched for, its chapter titles come with it."""
        return schema.TITLES not in self.stored.columns

    @cached_property
    def tells_nothing(self) -> bool:
        """Whether it is unknown if this episode has decks at all: its clock was not fetched, and all decks that were
        are empty, as are those of an episode without these characters. (Times say nothing about decks.)"""
        if self.has_times:
            return may_have_no_decks(self.stored.columns)
        decks = DECKS & self.stored.columns.keys()
        return bool(decks) and not any(map(self.column, decks))

    @property
    def has_times(self) -> bool:
        """Whether its times were fetched, as a column or as a clock."""
        return schema.TIMES in self.stored.columns or bool(self.stored.columns.get(CLOCK))

    def lacks(self, columns: Collection[str]) -> tuple[str, ...]:
        """Those of some columns that are to be fetched (`lacking`)."""
        return lacking(self.stored.columns, columns)

    def lacks_text(self, decks: Collection[str]) -> bool:
        """Whether the places of the atoms of some decks are unknown: neither they nor all of the text were fetched."""
        return not (self.is_whole or self.stored.columns.keys() >= set(decks))

    def column(self, name: str) -> bytes:
        """The bytes of a column; empty if the episode has none."""
        return self.stored.columns.get(name, b"")

    @property
    def has_lines(self) -> bool:
        """Whether lines of it were fetched that it may show."""
        return self.is_whole or not TEXT_PARTS.isdisjoint(self.stored.columns)
