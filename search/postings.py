"""Reads the Whoosh index: words, characters, streams, times and texts by episode number.

The one file on this side that knows Whoosh. Episode numbers are Whoosh's document numbers over all
segments; they are valid as long as the reader is open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import accumulate, takewhile
from pathlib import Path
from time import sleep
from typing import Any, TypeAlias

from indexer import schema
from indexer.atoms import is_single
from indexer.cuetext import CueTexts, unpack_text
from indexer.errors import IndexProblem
from indexer.fold import Folding
from indexer.manifest import Manifest, read_manifest
from indexer.packing import unpack_times
from indexer.readings import Readings, read_readings
from indexer.record import from_record
from indexer.sounds import unpack_marks
from indexer.stream import Stream
from indexer.timeline import Times
from indexer.values import Episode

_COLUMNS = (schema.ATOMS, schema.STREAM, schema.SOUNDS, schema.TIMES, schema.TEXT)


class Postings:
    """An index opened for reading; a snapshot of the last commit."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexProblem when there is no index, or it cannot be read."""
        self.folder = folder
        manifest, self._reader, self._leaves, self._columns = _open(folder)
        self.folding = Folding(manifest.folding)
        self.readings_digest = manifest.readings
        self.lexicons = tuple(map(Path, manifest.lexicons))
        self._bases = list(accumulate((leaf.doc_count_all() for leaf in self._leaves), initial=0))[:-1]
        # Per reader, not per class: a second index in the same process has its own.
        self.episode = lru_cache(65536)(self._episode)
        self.times = lru_cache(4096)(self._times)
        self.stream = lru_cache(1024)(self._stream)
        self.marks = lru_cache(1024)(self._marks)
        self.word_count = lru_cache(65536)(self._word_count)
        self.char_count = lru_cache(65536)(self._char_count)
        self.word_episodes = lru_cache(256)(self._word_episodes)
        self.char_episodes = lru_cache(256)(self._char_episodes)

    def close(self) -> None:
        self._reader.close()

    def episodes(self) -> list[int]:
        """The numbers of all episodes."""
        return [number for number in range(self._reader.doc_count_all()) if not self._reader.is_deleted(number)]

    def record(self, episode: int) -> Mapping[str, Any]:
        """The stored record of an episode."""
        record: Mapping[str, Any] = self._reader.stored_fields(episode)[schema.RECORD]
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
        return from_record(self.record(number))

    def atoms(self, episode: int) -> int:
        """The length of an episode in atoms."""
        return int(self._value(schema.ATOMS, episode))

    def _stream(self, episode: int) -> Stream:
        return Stream.unpack(self._value(schema.STREAM, episode))

    def _marks(self, episode: int) -> bytes:
        """Where words begin in an episode, one mark an atom (`indexer.sounds`)."""
        return unpack_marks(self._value(schema.SOUNDS, episode), self.atoms(episode))

    @cached_property
    def names(self) -> list[str]:
        """The words of the vocabulary that are written in letters."""
        spelled = takewhile(lambda word: not is_single(word), self.vocabulary(schema.WORDS))
        return [word for word in spelled if not word[0].isdigit()]

    @cached_property
    def readings(self) -> Readings:
        return read_readings(self.folder)

    @cached_property
    def sound_classes(self) -> tuple[bytes, list[int], list[int]]:
        """The sound classes of all episodes, joined, a silence after each; where each begins, and its number."""
        numbers = self.episodes()
        classes = [self._value(schema.SOUNDS, number)[: self.atoms(number)] for number in numbers]
        starts = list(accumulate((len(part) + 1 for part in classes), initial=0))[:-1]
        return b"\0".join(classes), starts, numbers

    def _times(self, episode: int) -> Times:
        return unpack_times(self._value(schema.TIMES, episode))

    def text(self, episode: int) -> tuple[CueTexts, list[str]]:
        """The cue texts and speakers of an episode."""
        return unpack_text(self._value(schema.TEXT, episode), self.stream(episode), self.times(episode))

    def _word_count(self, word: str) -> int:
        """The collection frequency of a word: how often it occurs in the whole index; 0 if never."""
        return self._count(schema.WORDS, word)

    def _char_count(self, character: str) -> int:
        """The collection frequency of a Han or kana character."""
        return self._count(schema.CHARS, character)

    def _word_episodes(self, word: str) -> dict[int, int]:
        """episode -> how often a word occurs in it."""
        return {number: int(weight) for number, weight in self._postings(schema.WORDS, word)}

    def _char_episodes(self, character: str) -> dict[int, int]:
        """episode -> how often a Han or kana character occurs in it."""
        return {number: int(weight) for number, weight in self._postings(schema.CHARS, character)}

    def words_with_prefix(self, prefix: str) -> list[str]:
        """All words of the vocabulary that begin with the folded `prefix`."""
        return [term.decode() for term in self._reader.expand_prefix(schema.WORDS, prefix)]

    def vocabulary(self, field: str) -> Iterator[str]:
        """All terms of a field (`schema.WORDS` or `schema.CHARS`), in order."""
        return (term.decode() for term in self._reader.lexicon(field)) if self._leaves else iter(())

    def _count(self, field: str, text: str) -> int:
        term = text.encode()
        total = 0
        for leaf in self._leaves:
            if (field, term) in leaf:
                total += int(leaf.term_info(field, term).weight())
        return total

    def _postings(self, field: str, text: str) -> Iterator[tuple[int, float]]:
        term = text.encode()
        for leaf, base in zip(self._leaves, self._bases, strict=True):
            if (field, term) not in leaf:
                continue
            matcher = leaf.postings(field, term)
            while matcher.is_active():
                yield base + matcher.id(), matcher.weight()
                matcher.next()

    def _value(self, field: str, episode: int) -> Any:
        leaf = bisect_right(self._bases, episode) - 1
        return self._columns[field][leaf][episode - self._bases[leaf]]


_Opened: TypeAlias = tuple[Manifest, Any, list[Any], dict[str, list[Any]]]

_ATTEMPTS = 4


def _open(folder: Path) -> _Opened:
    """The manifest, the reader, its segments and their columns, all of one commit.

    A commit meanwhile may remove files between reading the table of contents and opening them; then the
    next attempt finds the new ones.
    """
    for attempt in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            raise IndexProblem(f"{folder}: there is no index here: make one with `podseek index PATH`")
        try:
            opened = _open_once(folder, manifest)
        except Exception as error:  # a damaged file can fail in any way
            if attempt == _ATTEMPTS - 1:
                cure = "index your transcripts again into a new folder with --index"
                raise IndexProblem(f"{folder}: the index cannot be read ({error}): {cure}") from error
            sleep(0.05 * attempt)
            continue
        if read_manifest(folder) == manifest:
            return opened
        opened[1].close()
    raise IndexProblem(f"{folder}: the index changes all the time: try again when it is made")


def _open_once(folder: Path, manifest: Manifest) -> _Opened:
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import FileIndex

    reader = FileIndex(FileStorage(str(folder))).reader()
    try:
        leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        # Opened now: a merge by another process would remove the files of columns opened later.
        columns = {name: [leaf.column_reader(name) for leaf in leaves] for name in _COLUMNS}
        for leaf in leaves:
            leaf.stored_fields(0)
    except Exception:
        reader.close()
        raise
    return manifest, reader, leaves, columns
