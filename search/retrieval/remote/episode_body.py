"""An episode of a remote index for one question: its stored fields, decoded on first use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from operator import gt

from indexer.core.timeline import Times
from indexer.core.token_stream import Region, Stream
from indexer.core.types import Damped, Episode
from indexer.store import schema
from indexer.store.fields.record import from_record
from indexer.store.fields.small import unpack_damped, unpack_titles
from indexer.store.fields.text import CueTexts, unpack_text
from indexer.store.fields.times import unpack_times
from indexer.store.fields.word_boundaries import Marks
from indexer.store.segments.corruption import Reading
from search.backends.remote import Stored

COLUMNS = (schema.STREAM, schema.MARKS, schema.TIMES, schema.TEXT, schema.DAMPED, schema.TITLES)
"""What a search reads of an episode; the sounds only for a search by sound."""


class Body:
    """The fields of one episode; immutable. Properties raise IndexProblem if they are damaged, or were not fetched."""

    def __init__(self, stored: Stored, folder: str) -> None:
        self.key, self.id = stored.key, stored.id
        self.stored = stored
        self._reading = Reading(folder)

    def with_columns(self, stored: Stored) -> Body:
        """The same episode with more columns."""
        columns = {**self.stored.columns, **stored.columns}
        return Body(self.stored._replace(columns=columns), str(self._reading.folder))

    def has(self, column: str) -> bool:
        """Whether a column was fetched; not for those that may be empty."""
        return column in self.stored.columns

    def column(self, name: str) -> bytes:
        """The bytes of a column; empty if the episode has none."""
        return self.stored.columns.get(name, b"")

    @cached_property
    def episode(self) -> Episode:
        with self._reading:
            return from_record(self.stored.record)

    @cached_property
    def times(self) -> Times:
        with self._reading:
            return unpack_times(self.stored.columns[schema.TIMES], self._reading)

    @cached_property
    def stream(self) -> Stream:
        with self._reading:
            return Stream(self.stored.columns[schema.STREAM])

    @cached_property
    def marks(self) -> Marks:
        with self._reading:
            return Marks(self.stored.columns[schema.MARKS], len(self.stream), self._reading)

    @cached_property
    def text(self) -> tuple[CueTexts, Sequence[str]]:
        with self._reading:
            return unpack_text(self.stored.columns[schema.TEXT], self.stream, self.times)

    @cached_property
    def sounds(self) -> bytes:
        with self._reading:
            found = self.stored.columns[schema.SOUNDS]
            if len(found) != len(self.stream):
                raise ValueError("the sounds are cut off")
            return found

    @cached_property
    def titles(self) -> list[str]:
        with self._reading:
            return unpack_titles(self.column(schema.TITLES))

    @cached_property
    def damped_cues(self) -> list[Damped]:
        packed = self.column(schema.DAMPED)
        with self._reading:
            return unpack_damped(packed, len(self.times)) if packed else []

    @cached_property
    def damped(self) -> tuple[Region, ...]:
        if not self.damped_cues:
            return ()
        first = self.times.first
        with self._reading:
            return tuple((first[one.first], first[one.end]) for one in self.damped_cues)

    @cached_property
    def is_timed(self) -> bool:
        """False if times go back, so that no two atoms are apart in time (`indexer.store.impacts`)."""
        times = self.times
        if times.looks_inside:
            said = times.at_all(range(times.first[-1]))
        else:
            said = [
                start
                for start, first, end in zip(times.starts, times.first, times.first[1:], strict=False)
                if end > first
            ]
        return not any(map(gt, said, said[1:]))

    def said(self, places: Sequence[int]) -> Sequence[int]:
        """When each of the ascending positions is said, in ms; all zeros if the times of the episode go back."""
        return self.times.at_all(places) if self.is_timed else [0] * len(places)
