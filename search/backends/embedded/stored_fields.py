"""The stored fields of the segments by episode number, read in place from mapped files and decoded.

Episodes are numbered from 0 in the order of their ids, so an order by number is an order by id: no answer depends on
the order of indexing, the segments, or deleted episodes. Fields that stay the same from commit to commit are decoded
once per segment and freed with its last reader.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from indexer.core.files.mapped_files import AnyPath
from indexer.core.memory.caches import cached
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region, Stream, find_in_all, find_in_units, is_plain
from indexer.core.types import Damped, Episode
from indexer.store import schema
from indexer.store.fields.damped_and_titles import unpack_damped
from indexer.store.fields.record import from_record
from indexer.store.fields.text import CueTexts, unpack_text
from indexer.store.fields.times import unpack_times
from indexer.store.fields.word_boundaries import Marks
from indexer.store.segments import Segment
from indexer.store.segments.corruption import Reading
from indexer.store.segments.segment import FEWEST

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits

_TRIPLE = 3
"""Atoms of the shortest run of which a signature can tell anything."""


_SELDOM = 4
"""Passes over streams that are not opened one by one, nor get a signature."""
_AT_ONCE = 128
"""Streams of a pass that are opened together."""
_TEXTS_AT_ONCE = 1024
"""Texts that are read until the process lets go of the pages of mapped files: of so many, each is read once."""


class _Unpacked(NamedTuple):
    """Decoded fields of a segment, by document number, and how often each stream was passed over, up to _SELDOM."""

    times: Callable[[int], Times]
    stream: Callable[[int], Stream]
    marks: Callable[[int], Marks]
    passes: bytearray


class _Numbers(NamedTuple):
    """`places` gives the segment and document of each episode; `episodes`, per segment, the episode number of each
    document: -1 for a deleted one, None for the whole segment if the numbers are equal."""

    places: Sequence[tuple[int, int]]
    episodes: Sequence[Sequence[int] | None]


class StoredFields:
    """The episodes of some segments. Every method raises IndexProblem if the bytes it reads are damaged."""

    def __init__(self, folder: AnyPath, segments: Sequence[Segment], before: StoredFields | None = None) -> None:
        """Reuses what `before` has decoded of the segments they share."""
        self._segments = segments
        self._reading = Reading(folder)
        self._texts = 0
        known = dict(zip(before._segments, before._unpacked, strict=True)) if before else {}
        self._unpacked: list[_Unpacked] = [
            known.get(segment) or _unpacked(segment, self._reading) for segment in segments
        ]

    @cached_property
    def _numbers(self) -> _Numbers:
        return _number(self._segments)

    def numbered(self) -> Iterator[tuple[Segment, Sequence[int]]]:
        """Each segment with the episode numbers of its documents; -1 for a deleted one."""
        for segment, episodes in zip(self._segments, self._numbers.episodes, strict=True):
            yield segment, range(segment.doc_count_all) if episodes is None else episodes

    @property
    def episode_count(self) -> int:
        return len(self._numbers.places)

    @cached_property
    def ids(self) -> list[str]:
        """The id of each episode, by number."""
        segments = self._segments
        names = [name for segment in segments for name, number in segment.ids if number not in segment.deleted]
        return [name.decode() for name in sorted(names)]

    @cached_property
    def total_atoms(self) -> int:
        """The total length of all episodes, in atoms."""
        return sum(
            sum(segment.atoms) - sum(segment.atoms[number] for number in segment.deleted) for segment in self._segments
        )

    def record(self, episode: int) -> Mapping[str, Any]:
        """The stored record of an episode."""
        at, number = self._locate(episode)
        with self._reading:
            record: Mapping[str, Any] = self._segments[at].stored(number)[schema.RECORD]
            return record

    def episode(self, number: int) -> Episode:
        """The facts and counts of an episode."""
        with self._reading:
            return from_record(self.record(number))

    def atoms(self, episode: int) -> int:
        """The length of an episode in atoms."""
        at, number = self._locate(episode)
        return self._segments[at].atoms[number]

    def lengths(self, episodes: Sequence[int]) -> list[int]:
        """The lengths of several."""
        atoms = [segment.atoms for segment in self._segments]
        return [atoms[at][number] for at, number in map(self._locate, episodes)]

    def times(self, episode: int) -> Times:
        at, number = self._locate(episode)
        return self._unpacked[at].times(number)

    def stream(self, episode: int) -> Stream:
        at, number = self._locate(episode)
        return self._unpacked[at].stream(number)

    def units(self, episodes: Sequence[int]) -> list[SignedUnits]:
        """The units of several streams, which are opened together; those that are often passed over have signatures."""
        places = [self._locate(episode) for episode in episodes]
        numbers: list[list[int]] = [[] for _ in self._segments]
        for at, number in places:
            numbers[at].append(number)
        found = [iter(self._units(at, several)) for at, several in enumerate(numbers)]
        return [next(found[at]) for at, _ in places]

    def _units(self, at: int, numbers: Sequence[int]) -> list[SignedUnits]:
        """The units of some documents of a segment."""
        passes = self._unpacked[at].passes
        if any(passes[number] >= _SELDOM for number in numbers):
            opened = self._unpacked[at].stream
            return [opened(number).signed_units for number in numbers]
        for number in numbers:
            passes[number] += 1
        return self._segments[at].stream_units(numbers) if numbers else []

    def find_in_all(self, episodes: Sequence[int], atoms: Sequence[str]) -> dict[int, list[int]]:
        """episode -> positions of a run of atoms, for those of some episodes in which it occurs."""
        often = any(self._unpacked[at].passes[number] >= _SELDOM for at, number in map(self._locate, episodes))
        if often or not is_plain(atoms):
            return find_in_all(episodes, map(self.stream, episodes), atoms)
        found: dict[int, list[int]] = {}
        for first in range(0, len(episodes), _AT_ONCE):  # a text is searched as soon as it is read
            several = episodes[first : first + _AT_ONCE]
            found |= find_in_units(several, self.units(several), atoms)
        return found

    def marks(self, episode: int) -> Marks:
        """The word boundaries of an episode."""
        at, number = self._locate(episode)
        return self._unpacked[at].marks(number)

    def text(self, episode: int) -> tuple[CueTexts, Sequence[str]]:
        """The cue texts and speakers of an episode."""
        self._texts += 1
        if self._texts % _TEXTS_AT_ONCE == 0:
            self.let_go()
        with self._reading:
            packed = self.value(schema.TEXT, episode)
            return unpack_text(packed, self.stream(episode), self.times(episode), self._reading)

    def damped_cues(self, episode: int) -> list[Damped]:
        """The recogniser's loops and stock lines in an episode, in order."""
        with self._reading:
            packed = self.value(schema.DAMPED, episode)
            return unpack_damped(packed, len(self.times(episode))) if packed else []

    def damped(self, episode: int) -> tuple[Region, ...]:
        """The atoms of the recogniser's loops and stock lines in an episode, in order."""
        stretches = self.damped_cues(episode)
        first = self.times(episode).first if stretches else ()
        with self._reading:
            return tuple((first[one.first], first[one.end]) for one in stretches)

    def count(self, field: str, text: str) -> int:
        """The collection frequency of a term: its number of occurrences in the whole index."""
        term = text.encode()
        return sum(segment.weight(field, term) for segment in self._segments)

    def counts(self, field: str, text: str) -> tuple[dict[int, int], dict[int, int]]:
        """episode -> a term's occurrences, and episode -> its peak; in no particular order."""
        term = text.encode()
        counts: dict[int, int] = {}
        highest: dict[int, int] = {}
        for segment, numbers in zip(self._segments, self._numbers.episodes, strict=True):
            documents, weights, peaks = segment.postings(field, term)
            episodes = documents if numbers is None else [numbers[document] for document in documents]
            counts.update(zip(episodes, weights, strict=True))
            highest.update(zip(episodes, peaks, strict=True))
        return counts, highest

    def may_hold(self, run: Sequence[str], counts: Mapping[int, int]) -> Mapping[int, int]:
        """`counts`, by episode, without those that lack a run of atoms by the signatures of the segments."""
        if len(counts) < FEWEST or len(run) < _TRIPLE or not any(segment.is_signed for segment in self._segments):
            return counts
        found: dict[int, int] = {}
        for segment, numbers in zip(self._segments, self._numbers.episodes, strict=True):
            documents = segment.holders(run)
            episodes = documents if numbers is None else map(numbers.__getitem__, documents)
            found.update((episode, counts[episode]) for episode in episodes if episode in counts)
        return found

    def sounding(
        self, classes: Sequence[Collection[int]], ways: Collection[bytes] | None = None
    ) -> Iterator[tuple[int, list[int]]]:
        """Yields (episode, positions) of the runs whose sound classes are each among those given for their place, and
        together one of the `ways`, if there are some; positions ascend, and episodes come in no particular order."""
        from search.backends.sound_scan import scan_episodes

        for segment, episodes in self.numbered():
            column = segment.column(schema.SOUNDS)
            with self._reading:
                data = column.data
            for number, positions in scan_episodes(classes, data, column.starts, ways):
                if number not in segment.deleted:
                    yield episodes[number], positions

    def let_go(self) -> None:
        """Lets go of the pages of the mapped files."""
        for segment in self._segments:
            segment.release_pages()

    def value(self, field: str, episode: int) -> bytes:
        """The bytes of a column for an episode."""
        at, number = self._locate(episode)
        with self._reading:
            return self._segments[at].column(field)[number]

    def _locate(self, episode: int) -> tuple[int, int]:
        """The segment of an episode, and its document number there."""
        return self._numbers.places[episode]


def _number(segments: Sequence[Segment]) -> _Numbers:
    """Numbers the episodes of some segments in the order of their ids."""
    if len(segments) == 1 and not segments[0].deleted:
        documents = [document for _, document in segments[0].ids]
        if documents == list(range(len(documents))):  # as a first run over sorted files writes them
            return _Numbers([(0, document) for document in documents], [None])
    entries = [
        (name, at, document)
        for at, segment in enumerate(segments)
        for name, document in segment.ids
        if document not in segment.deleted
    ]
    if len(segments) > 1:
        entries.sort()
    places = [(at, document) for _, at, document in entries]
    episodes = [[-1] * segment.doc_count_all for segment in segments]
    for number, (at, document) in enumerate(places):
        episodes[at][document] = number
    return _Numbers(places, episodes)


def _unpacked(segment: Segment, reading: Reading) -> _Unpacked:
    return _Unpacked(
        times=cached(partial(_times, segment, reading), 4096),
        stream=cached(partial(_stream, segment, reading), 8192),
        marks=cached(partial(_marks, segment, reading), 8192),
        passes=bytearray(segment.doc_count_all),
    )


def _times(segment: Segment, reading: Reading, number: int) -> Times:
    with reading:
        return unpack_times(segment.column(schema.TIMES).view(number), reading)


def _stream(segment: Segment, reading: Reading, number: int) -> Stream:
    with reading:
        stream = Stream(*segment.column(schema.STREAM).place(number))
        if len(stream) != segment.atoms[number]:
            raise ValueError("a stream is cut off")
        return stream


def _marks(segment: Segment, reading: Reading, number: int) -> Marks:
    with reading:
        return Marks(segment.column(schema.MARKS)[number], segment.atoms[number], reading)
