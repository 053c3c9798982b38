"""Reads one commit of an index and caches what it reads: words, characters, streams, times and texts by episode number.

Episode numbers belong to one commit, in the order of episode ids (`stored_fields`), and are valid while the snapshot is
open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache, partial
from heapq import merge
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from indexer.core import mapped_files
from indexer.core.errors import IndexProblem
from indexer.core.folding import Folding
from indexer.core.mapped_files import AnyPath, Data
from indexer.core.tokens import is_single
from indexer.store import schema
from indexer.store.fields.small import unpack_titles
from indexer.store.manifest import FILE, Manifest, read_manifest
from indexer.store.segments import Contents, Segment, open_segments
from indexer.store.segments.corruption import Reading
from search.backends.embedded.stored_fields import StoredFields

if TYPE_CHECKING:
    from indexer.core.pronunciation import Readings


class Snapshot:
    """The last commit of an index, opened for reading; immutable.

    Threads may share a snapshot: it caches only immutable values. Call `close` only when no other thread reads the
    snapshot; without `close`, the files are closed with the last reference to it.
    """

    def __init__(self, folder: AnyPath, before: Snapshot | None = None) -> None:
        """Reuses what has not changed since the snapshot `before`. Raises IndexProblem if there is no index or it
        cannot be read."""
        self.folder = folder
        self._contents: Contents
        manifest, self._contents = _open(folder, before._contents if before else None)
        self._segments = self._contents.segments
        self._stored: StoredFields
        self._stored = stored = StoredFields(folder, self._segments, before._stored if before else None)
        self.folding = Folding(manifest.folding)
        self.readings_digest, self._readings_crc = manifest.readings, manifest.readings_crc
        self.lexicon = frozenset(manifest.lexicon)
        self.lexicons = manifest.lexicons
        # Bound methods of `stored`, not of self: a reference cycle between a snapshot and its caches would keep its
        # files open until the garbage collector runs, long after the next commit.
        self.record, self.atoms, self.damped_cues = stored.record, stored.atoms, stored.damped_cues
        self.episode = lru_cache(65536)(stored.episode)
        self.times = lru_cache(4096)(stored.times)
        self.stream = lru_cache(1024)(stored.stream)
        self.marks = lru_cache(1024)(stored.marks)
        self.text = lru_cache(64)(stored.text)
        self.damped = lru_cache(4096)(stored.damped)
        self.word_count = lru_cache(65536)(partial(stored.count, schema.WORDS))
        self.char_count = lru_cache(65536)(partial(stored.count, schema.CHARS))
        self._counts = lru_cache(256)(stored.counts)

    def is_current(self) -> bool:
        """False once there is a later commit. Reads only the folder's file names and the time of the last write."""
        return self._contents.is_newest(self.folder)

    def close(self) -> None:
        self.times.cache_clear()  # views of the mapped files
        self._stored.forget_views()
        self._contents.close()

    def episodes(self) -> range:
        """The numbers of all episodes, in the order of their ids."""
        return range(self._stored.episode_count)

    @property
    def episode_count(self) -> int:
        return self._stored.episode_count

    @property
    def total_atoms(self) -> int:
        """The total length of all episodes, in atoms."""
        return self._stored.total_atoms

    @cached_property
    def names(self) -> list[str]:
        """The words of the vocabulary that are written in letters."""
        spelled = takewhile(lambda word: not is_single(word), self.vocabulary(schema.WORDS))
        return [word for word in spelled if not word[0].isdigit()]

    @cached_property
    def readings(self) -> Readings:
        from indexer.core.pronunciation import read_readings

        return read_readings(self.folder, self._readings_crc)

    def sounding(self, look: Callable[[Data], Iterable[int]], size: int) -> Iterator[tuple[int, list[int]]]:
        """Yields (episode, positions) of runs of `size` sound classes. `look` is given the classes of a whole segment
        as bytes and returns the ascending offsets of the matches. Episodes come in no particular order."""
        for segment, episodes in self._stored.numbered():
            column = segment.column(schema.SOUNDS)
            with Reading(self.folder):
                data = column.data
            places = list(look(data))
            at = 0
            # The bytes after the last episode are the table of lengths.
            while at < len(places) and places[at] < column.starts[-1]:
                number = bisect_right(column.starts, places[at]) - 1
                first, after = column.starts[number], bisect_left(places, column.starts[number + 1], at)
                end = bisect_right(places, column.starts[number + 1] - size, at, after)  # not across the end
                if end > at and number not in segment.deleted:
                    yield episodes[number], [place - first for place in places[at:end]]
                at = after

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of this commit."""
        return self._segments

    def sounds(self, episode: int) -> bytes:
        """The sound class of each atom. Raises IndexProblem unless there are as many as atoms."""
        found = self._stored.value(schema.SOUNDS, episode)
        with Reading(self.folder):
            if len(found) != self.atoms(episode):
                raise ValueError("the sounds are cut off")
        return found

    @cached_property
    def titles(self) -> dict[int, list[str]]:
        """The folded chapter titles of each episode that has any."""
        if not any(segment.column(schema.TITLES).starts[-1] for segment in self._segments):
            return {}
        packed = {number: self._stored.value(schema.TITLES, number) for number in self.episodes()}
        with Reading(self.folder):
            return {number: unpack_titles(value) for number, value in packed.items() if value}

    def word_episodes(self, word: str) -> dict[int, int]:
        """episode -> number of occurrences of a word."""
        return self._counts(schema.WORDS, word)[0]

    def char_episodes(self, character: str) -> dict[int, int]:
        """episode -> number of occurrences of a Han or kana character."""
        return self._counts(schema.CHARS, character)[0]

    def word_peaks(self, word: str) -> dict[int, int]:
        """episode -> an upper bound of a word's occurrences in one window (`indexer.store.impacts`)."""
        return self._counts(schema.WORDS, word)[1]

    def char_peaks(self, character: str) -> dict[int, int]:
        """episode -> an upper bound of a Han or kana character's occurrences in one window."""
        return self._counts(schema.CHARS, character)[1]

    def words_with_prefix(self, prefix: str) -> list[str]:
        """All words of the vocabulary that start with the folded `prefix`."""
        return list(self.vocabulary(schema.WORDS, prefix))

    def vocabulary(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yields the terms of a field (`schema.WORDS` or `schema.CHARS`) that start with `prefix`, sorted."""
        terms = [segment.terms(field, prefix.encode()) for segment in self._segments]
        in_order = terms[0] if len(terms) == 1 else (term for term, _ in groupby(merge(*terms)))
        return map(bytes.decode, in_order)


_ATTEMPTS = 4


def _open(folder: AnyPath, known: Contents | None) -> tuple[Manifest, Contents]:
    """Opens the manifest and the segments of one commit, reusing segments of `known` that are already open."""
    for _ in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            raise IndexProblem(f"{folder}: there is no index here: make one with `podseek index PATH`")
        contents = open_segments(folder, known)
        if read_manifest(folder) == manifest:
            if contents.identity and manifest.identity not in ("", contents.identity):
                cure = "restore the file, or make it anew with `podseek index --rebuild`"
                raise IndexProblem(f"{mapped_files.place(folder, FILE)}: is of another index: {cure}")
            return manifest, contents
        if known is None:
            contents.close()
    raise IndexProblem(f"{folder}: the index changes all the time: try again when it is made")
