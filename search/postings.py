"""Reads the index: words, characters, streams, times and texts by episode number.

Episode numbers count the documents of all segments; they are valid as long as the reader is open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from heapq import merge
from itertools import accumulate, groupby, takewhile
from typing import TYPE_CHECKING, Any

from indexer import schema
from indexer.atoms import is_single
from indexer.cuetext import CueTexts, unpack_text
from indexer.damping import Damped, unpack_damped
from indexer.errors import IndexProblem
from indexer.files import AnyPath, Data
from indexer.fold import Folding
from indexer.manifest import Manifest, read_manifest
from indexer.marks import Marks
from indexer.packing import unpack_times
from indexer.record import from_record
from indexer.segments import Contents, Segment, open_segments
from indexer.segments.damage import Reading
from indexer.stream import Stream
from indexer.timeline import Times
from indexer.values import Episode

if TYPE_CHECKING:
    from indexer.readings import Readings


class _Decoded:
    """What was unpacked of the segments of a folder, for as long as one of its readers lives.

    A commit leaves most segments as they are, so the reader of the next commit takes this over.
    """

    def __init__(self, folder: AnyPath) -> None:
        self._reading = Reading(folder)
        self.times = lru_cache(4096)(self._times)
        self.stream = lru_cache(1024)(self._stream)
        self.marks = lru_cache(1024)(self._marks)

    def _times(self, segment: Segment, number: int) -> Times:
        with self._reading:
            return unpack_times(segment.column(schema.TIMES).view(number), self._reading)

    def _stream(self, segment: Segment, number: int) -> Stream:
        with self._reading:
            column = segment.column(schema.STREAM)
            return Stream(column.data, *column.span(number))

    def _marks(self, segment: Segment, number: int) -> Marks:
        with self._reading:
            return Marks(segment.column(schema.MARKS)[number], segment.atoms[number], self._reading)


class Postings:
    """An index opened for reading; a snapshot of the last commit."""

    def __init__(self, folder: AnyPath, before: Postings | None = None) -> None:
        """Takes over what has not changed since `before`. Raises IndexProblem when there is no index, or it cannot be
        read."""
        self.folder = folder
        self._contents: Contents
        manifest, self._contents = _open(folder, before._contents if before else None)
        self._decoded: _Decoded = before._decoded if before else _Decoded(folder)
        self._segments = self._contents.segments
        self._reading = Reading(folder)
        self.folding = Folding(manifest.folding)
        self.readings_digest = manifest.readings
        self.lexicon = frozenset(manifest.lexicon)
        self.lexicons = manifest.lexicons
        self._bases = list(accumulate((segment.doc_count_all for segment in self._segments), initial=0))[:-1]
        # Per reader, not per class: a second index in the same process has its own.
        self.episode = lru_cache(65536)(self._episode)
        self.times = lru_cache(4096)(lambda episode: self._decoded.times(*self._locate(episode)))
        self.stream = lru_cache(1024)(lambda episode: self._decoded.stream(*self._locate(episode)))
        self.marks = lru_cache(1024)(lambda episode: self._decoded.marks(*self._locate(episode)))
        self.text = lru_cache(64)(self._text)
        self.damped = lru_cache(4096)(self._damped)
        self.word_count = lru_cache(65536)(self._word_count)
        self.char_count = lru_cache(65536)(self._char_count)
        self._counts = lru_cache(256)(self._read_counts)

    def is_current(self) -> bool:
        """False when there is a later commit. Looks at the names in the folder, and when the last was written."""
        return self._contents.is_newest(self.folder)

    def close(self) -> None:
        for views in (self.times, self._decoded.times):  # of the mapped files
            views.cache_clear()
        self._contents.close()

    def episodes(self) -> list[int]:
        """The numbers of all episodes."""
        return [
            base + number
            for segment, base in zip(self._segments, self._bases, strict=True)
            for number in range(segment.doc_count_all)
            if number not in segment.deleted
        ]

    def record(self, episode: int) -> Mapping[str, Any]:
        """The stored record of an episode."""
        segment, number = self._locate(episode)
        with self._reading:
            record: Mapping[str, Any] = segment.stored(number)[schema.RECORD]
            return record

    @cached_property
    def episode_count(self) -> int:
        return len(self.episodes())

    @cached_property
    def total_atoms(self) -> int:
        """The length of all episodes together, in atoms."""
        return sum(map(self.atoms, self.episodes()))

    def _episode(self, number: int) -> Episode:
        """The facts and counts of an episode."""
        with self._reading:
            return from_record(self.record(number))

    def atoms(self, episode: int) -> int:
        """The length of an episode in atoms."""
        segment, number = self._locate(episode)
        return segment.atoms[number]

    @cached_property
    def names(self) -> list[str]:
        """The words of the vocabulary that are written in letters."""
        spelled = takewhile(lambda word: not is_single(word), self.vocabulary(schema.WORDS))
        return [word for word in spelled if not word[0].isdigit()]

    @cached_property
    def readings(self) -> Readings:
        from indexer.readings import read_readings

        return read_readings(self.folder)

    def sounding(self, look: Callable[[Data], Iterable[int]], size: int) -> Iterator[tuple[int, list[int]]]:
        """(episode, positions) of the runs of `size` sound classes at which `look` points, in order, in the bytes it is
        given."""
        for segment, base in zip(self._segments, self._bases, strict=True):
            column = segment.column(schema.SOUNDS)
            places = list(look(column.data))
            at = 0
            # After the last episode stand the lengths of all.
            while at < len(places) and places[at] < column.starts[-1]:
                number = bisect_right(column.starts, places[at]) - 1
                first, after = column.starts[number], bisect_left(places, column.starts[number + 1], at)
                end = bisect_right(places, column.starts[number + 1] - size, at, after)  # else it goes on in the next
                if end > at and number not in segment.deleted:
                    yield base + number, [place - first for place in places[at:end]]
                at = after

    def damped_cues(self, episode: int) -> list[Damped]:
        """The loops and stock lines of an episode, in order."""
        with self._reading:
            return unpack_damped(self._value(schema.DAMPED, episode))

    def _damped(self, episode: int) -> tuple[tuple[int, int], ...]:
        """The atoms of its loops and stock lines, [begin, end), in order."""
        stretches = self.damped_cues(episode)
        first = self.times(episode).first if stretches else ()
        return tuple((first[one.first], first[one.end]) for one in stretches)

    @cached_property
    def titles(self) -> dict[int, list[str]]:
        """The folded chapter titles of the episodes that have any."""
        if not any(segment.column(schema.TITLES).starts[-1] for segment in self._segments):
            return {}
        packed = {number: self._value(schema.TITLES, number) for number in self.episodes()}
        return {number: value.decode().split("\n") for number, value in packed.items() if value}

    def _text(self, episode: int) -> tuple[CueTexts, list[str]]:
        """The cue texts and speakers of an episode."""
        with self._reading:
            return unpack_text(self._value(schema.TEXT, episode), self.stream(episode), self.times(episode))

    def _word_count(self, word: str) -> int:
        """The collection frequency of a word: how often it occurs in the whole index; 0 if never."""
        return self._count(schema.WORDS, word)

    def _char_count(self, character: str) -> int:
        """The collection frequency of a Han or kana character."""
        return self._count(schema.CHARS, character)

    def word_episodes(self, word: str) -> dict[int, int]:
        """episode -> how often a word occurs in it."""
        return self._counts(schema.WORDS, word)[0]

    def char_episodes(self, character: str) -> dict[int, int]:
        """episode -> how often a Han or kana character occurs in it."""
        return self._counts(schema.CHARS, character)[0]

    def word_peaks(self, word: str) -> dict[int, int]:
        """episode -> how often a word occurs in one window of it at most (`indexer.peaks`)."""
        return self._counts(schema.WORDS, word)[1]

    def char_peaks(self, character: str) -> dict[int, int]:
        """episode -> how often a Han or kana character occurs in one window of it at most."""
        return self._counts(schema.CHARS, character)[1]

    def words_with_prefix(self, prefix: str) -> list[str]:
        """All words of the vocabulary that begin with the folded `prefix`."""
        return list(self.vocabulary(schema.WORDS, prefix))

    def vocabulary(self, field: str, prefix: str = "") -> Iterator[str]:
        """The terms of a field (`schema.WORDS` or `schema.CHARS`) that begin with `prefix`, in order."""
        terms = [segment.terms(field, prefix.encode()) for segment in self._segments]
        in_order = terms[0] if len(terms) == 1 else (term for term, _ in groupby(merge(*terms)))
        return map(bytes.decode, in_order)

    def _count(self, field: str, text: str) -> int:
        term = text.encode()
        return sum(int(segment.weight(field, term)) for segment in self._segments)

    def _read_counts(self, field: str, text: str) -> tuple[dict[int, int], dict[int, int]]:
        """episode -> count, and episode -> peak."""
        term = text.encode()
        counts: dict[int, int] = {}
        highest: dict[int, int] = {}
        for segment, base in zip(self._segments, self._bases, strict=True):
            numbers, weights, peaks = segment.postings(field, term)
            episodes = [base + number for number in numbers] if base else numbers
            counts.update(zip(episodes, weights, strict=True))
            highest.update(zip(episodes, peaks, strict=True))
        return counts, highest

    def _value(self, field: str, episode: int) -> bytes:
        segment, number = self._locate(episode)
        return segment.column(field)[number]

    def _locate(self, episode: int) -> tuple[Segment, int]:
        """The segment of an episode, and its number there."""
        at = bisect_right(self._bases, episode) - 1
        return self._segments[at], episode - self._bases[at]


_ATTEMPTS = 4


def _open(folder: AnyPath, known: Contents | None) -> tuple[Manifest, Contents]:
    """The manifest and the segments of one commit; those that are open already are taken from `known`."""
    for _ in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            raise IndexProblem(f"{folder}: there is no index here: make one with `podseek index PATH`")
        contents = open_segments(folder, known)
        if read_manifest(folder) == manifest:
            return manifest, contents
        if known is None:
            contents.close()
    raise IndexProblem(f"{folder}: the index changes all the time: try again when it is made")
