"""An episode of a remote index as fetched for one question: its stored fields, decoded on first use. It is whole, or
partial if only its clock, the decks of the query and the lines that are shown were fetched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region, Stream
from indexer.core.types import Damped, Episode
from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from indexer.store.fields.clock import unpack_clock
from indexer.store.fields.damped_and_titles import unpack_damped, unpack_titles
from indexer.store.fields.record import from_record
from indexer.store.fields.text import CueTexts, TextWithFiller, texts_with, unpack_text
from indexer.store.fields.times import unpack_times
from indexer.store.fields.word_boundaries import Marks
from indexer.store.segments.corruption import Reading
from search.backends.remote import Stored
from search.backends.sound_scan import scan
from search.retrieval.remote.held.columns import DECKS, TEXT_PARTS
from search.retrieval.remote.held.held_columns import HeldColumns
from search.retrieval.remote.held.parted_text import ATOM, PartedSpeakers, PartedTexts, Parts, parts_around
from search.retrieval.remote.held.partial_text import FILLER, PartialText
from search.retrieval.remote.held.unknown_times import FarApart, all_at_once

_LASTING = frozenset({"episode", "_told_times", "_never_goes_back", "matches"})
"""What is known of the record, the clock and the text, which further columns leave as it is."""
_UNKNOWN: tuple[Region, ...] = ((0, 0),)
_MOST_PARTS = 16
"""Text parts that are smaller than a whole episode."""


class Body(HeldColumns):
    """The fields of one episode. Properties raise IndexProblem if they are damaged, or were not fetched. `is_wanted`
    is set once something reads what a partial one does not have, `wants_clock` once something reads times that were
    not fetched; `wanted_parts` are the text parts that are enough, as long as `is_wanted` is not set."""

    def __init__(self, stored: Stored, folder: str, has_text_parts: bool = False) -> None:
        super().__init__(stored)
        self.has_text_parts = has_text_parts
        self.forget_wanted()
        self._reading = Reading(folder)
        self.places: dict[tuple[str, ...], list[int]] = {}
        """Where runs of atoms are that were looked for (`search.retrieval.remote.held.places`)."""
        self.amounts: dict[str, int] = {}
        """How often single characters are."""
        self.peaks: dict[tuple[str, int], int] = {}
        """The most places of a term in one window, by the term and the number of places."""
        self.matches: dict[str, Sequence[tuple[int, int]]] = {}
        """(position, length) of the matches of regular expressions that were looked for."""
        self._sounding: dict[object, list[int]] = {}

    def forget_wanted(self) -> None:
        """Begins a question: nothing was read yet."""
        self.is_wanted = self.wants_clock = False
        self.wanted_parts: set[str] = set()

    def with_columns(self, stored: Stored) -> Body:
        """The same episode with more columns."""
        columns = {**self.stored.columns, **stored.columns}
        body = Body(self.stored._replace(columns=columns), str(self._reading.folder), self.has_text_parts)
        if not self.has_no_decks:
            vars(body).update({name: value for name, value in vars(self).items() if name in _LASTING})
        return body

    def want(self) -> None:
        """Notes that something reads what a partial episode does not have."""
        self.is_wanted = self.is_wanted or not self.is_whole

    def _want_part(self, name: str) -> None:
        self.wanted_parts.add(name)
        if len(self.wanted_parts) > _MOST_PARTS:
            self.want()

    def parts_around(self, begin: int, end: int) -> frozenset[str]:
        """The text parts with the cues of two atoms and all between, and some around; none if it is here whole, or its
        times are not."""
        if self.is_whole or not (self.has_text_parts and self.has_times):
            return frozenset()
        return parts_around(self._told_times, begin, end)

    def _part(self, decks: Collection[str]) -> PartialText:
        """The text as far as those of some decks tell that were fetched."""
        known = {name: packed for name, packed in self.stored.columns.items() if name in decks}
        return PartialText(known, self._told_times.first[-1] if self.has_times else self.episode.atoms)

    @cached_property
    def _partial(self) -> PartialText:
        return self._part(DECKS)

    @cached_property
    def episode(self) -> Episode:
        with self._reading:
            return from_record(self.stored.record)

    @property
    def times(self) -> Times:
        """When its cues are said; where that was not fetched, times that are far apart (`unknown_times`)."""
        if self.has_times:
            return self._told_times
        self.wants_clock = True
        return self._far_apart

    @property
    def bounding_times(self) -> Times:
        """Its times; where these were not fetched, times of which no two are farther apart than they are."""
        return self._told_times if self.has_times else self._all_at_once

    @cached_property
    def _far_apart(self) -> Times:
        return FarApart(self.episode.atoms)

    @cached_property
    def _all_at_once(self) -> Times:
        return all_at_once(self.episode.atoms)

    @cached_property
    def _told_times(self) -> Times:
        with self._reading:
            if schema.TIMES in self.stored.columns:
                return unpack_times(self.stored.columns[schema.TIMES], self._reading)
            return unpack_clock(self.stored.columns[CLOCK])

    @cached_property
    def stream(self) -> Stream:
        with self._reading:
            if not self.is_whole:
                return self._partial.stream(self.want)
            stream = Stream(self.stored.columns[schema.STREAM])
            if len(stream) != self.times.first[-1]:
                raise ValueError("the times are those of another text")
            return stream

    @cached_property
    def marks(self) -> Marks:
        with self._reading:
            if not self.is_whole:
                return self._partial.marks()
            return Marks(self.stored.columns[schema.MARKS], len(self.stream), self._reading)

    @property
    def text(self) -> tuple[CueTexts, Sequence[str]]:
        """The texts and speakers of the cues; of a partial episode as far as its text parts tell, else any text of as
        many atoms."""
        if self.is_whole:
            return self._text
        if self.has_text_parts and self.has_times:
            return self._parted_text
        self.want()
        return self._filler

    @cached_property
    def _parted_text(self) -> tuple[CueTexts, Sequence[str]]:
        here = {name: packed for name, packed in self.stored.columns.items() if name in TEXT_PARTS}
        parts = Parts(here, self._told_times, self._reading, self._want_part, self.want)
        return PartedTexts(parts), PartedSpeakers(parts)

    @cached_property
    def _filler(self) -> tuple[CueTexts, Sequence[str]]:
        filler = [ATOM * (end - first) for first, end in pairwise(self.times.first)]
        return CueTexts(filler, None, self.times), [""] * len(filler)

    @property
    def signs(self) -> CueTexts:
        """The texts of the cues, for their signs: what is in a partial episode is told without the characters."""
        return self._told_text[0] if self._tells_signs else self.text[0]

    @property
    def speakers(self) -> Sequence[str]:
        """The speakers of the cues; of an episode without its clock nobody, and the clock is wanted."""
        if self._tells_signs:
            return self._told_text[1]
        if self.has_times:
            return self.text[1]
        self.wants_clock = True
        return [""] * (len(self.times.first) - 1)

    def text_with_filler(self, filler: str) -> TextWithFiller:
        """The texts of the cues; of a partial episode with its column of text those with `filler` for the characters,
        and the units of its atoms, likewise."""
        if self.is_whole or schema.TEXT not in self.stored.columns:
            return TextWithFiller(self.text[0])
        with self._reading:
            texts = texts_with(filler, self.stored.columns[schema.TEXT])
            return TextWithFiller(texts, self.stream.units().replace(FILLER, filler))

    @property
    def _tells_signs(self) -> bool:
        """Whether it is partial, with its column of text."""
        return not self.is_whole and schema.TEXT in self.stored.columns and self.has_times

    @cached_property
    def _told_text(self) -> tuple[CueTexts, Sequence[str]]:
        filler = Stream.of(ATOM * self._told_times.first[-1], ())
        with self._reading:
            return unpack_text(self.stored.columns[schema.TEXT], filler, self._told_times, self._reading)

    @cached_property
    def _text(self) -> tuple[CueTexts, Sequence[str]]:
        with self._reading:
            return unpack_text(self.stored.columns[schema.TEXT], self.stream, self.times, self._reading)

    @cached_property
    def sounds(self) -> bytes:
        """The sound classes of its atoms; without the column, of those in decks that were fetched."""
        with self._reading:
            if schema.SOUNDS not in self.stored.columns:
                return self._partial.sounds()
            found = self.stored.columns[schema.SOUNDS]
            if len(found) != len(self.stream):
                raise ValueError("the sounds are cut off")
            return found

    def sounding(
        self, classes: tuple[frozenset[int], ...], decks: Collection[str], ways: Collection[bytes] | None = None
    ) -> list[int]:
        """Where atoms of these sound classes are, which the column of sounds tells or these decks."""
        asked = classes, None if ways is None else frozenset(ways)
        if asked not in self._sounding:
            with self._reading:
                is_here = schema.SOUNDS in self.stored.columns
                sounds = self.sounds if is_here else self._part(decks).sounds()
                self._sounding[asked] = list(scan(classes, sounds, ways))
        return self._sounding[asked]

    @cached_property
    def titles(self) -> list[str]:
        with self._reading:
            return unpack_titles(self.column(schema.TITLES))

    @cached_property
    def damped_cues(self) -> list[Damped]:
        packed = self.column(schema.DAMPED)
        with self._reading:
            return unpack_damped(packed, self.episode.cues) if packed else []

    @property
    def damped(self) -> tuple[Region, ...]:
        """The atoms of loops and stock lines; where the clock tells which these are and was not fetched, a region
        without any."""
        if not self.column(schema.DAMPED):
            return ()
        if not self.has_times:
            self.wants_clock = True
            return _UNKNOWN
        return self._damped

    @cached_property
    def _damped(self) -> tuple[Region, ...]:
        first = self._told_times.first
        with self._reading:
            return tuple((first[one.first], first[one.end]) for one in self.damped_cues)

    @cached_property
    def _never_goes_back(self) -> bool:
        return self._told_times.never_go_back()

    def said(self, places: Sequence[int]) -> Sequence[int]:
        """When each of the ascending positions is said, in ms; all zeros if the times of the episode go back, so that
        no two atoms are apart in time (`indexer.store.impacts`), and if they were not fetched."""
        is_timed = self.has_times and self._never_goes_back
        return self._told_times.at_all(places) if is_timed else [0] * len(places)
