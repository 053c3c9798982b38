"""Reads one commit of an index and caches what it reads: streams, times and texts by episode number, beside the words
and characters of all episodes (`stored_vocabulary`).

Episode numbers, in the order of their ids (`stored_fields`), are valid while the snapshot is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from functools import cached_property
from time import time_ns
from typing import TYPE_CHECKING, Any

from indexer.core import native
from indexer.core.files import mapped_files
from indexer.core.files.mapped_files import AnyPath
from indexer.core.memory.caches import cached
from indexer.core.messages import _
from indexer.core.text.folding import Folding
from indexer.store import schema
from indexer.store.fields.damped_and_titles import unpack_titles
from indexer.store.segments import Contents
from indexer.store.segments.corruption import Reading
from search.backends.embedded.commits import open_commit
from search.backends.embedded.stored_fields import StoredFields
from search.backends.embedded.stored_vocabulary import StoredVocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from contextlib import AbstractContextManager

    from indexer.core.native.streams.signatures import SignedUnits
    from indexer.core.positions.timeline import Times
    from indexer.core.positions.token_stream import Region, Stream
    from indexer.core.types import Damped, Episode
    from indexer.core.words.pronunciation import Readings
    from indexer.store.fields.text import CueTexts, TextWithFiller
    from indexer.store.fields.word_boundaries import Marks

_SETTLED = 3 * 10**9
"""Nanoseconds; the coarsest clock of a file system has ticks of two seconds."""
_TEXTS = 1024
"""Episodes whose inflated texts are kept: some 20 KB each, for an hour of speech."""
_STREAMS = 8192
"""Streams and marks of words that are kept: 200 and 300 bytes each, and half and a quarter of a byte an atom."""


class EmbeddedSnapshot(StoredVocabulary):
    """The last commit of an index in a folder, opened for reading; a `search.backends.snapshot.Snapshot`. Threads may
    share it: it caches only immutable values. Its files are closed with the last reference to it."""

    def __init__(self, folder: AnyPath, before: EmbeddedSnapshot | None = None) -> None:
        """Reuses what has not changed since `before`. Raises IndexProblem without an index that can be read."""
        self.folder = folder
        self._contents: Contents
        manifest, self._contents = open_commit(folder, before._contents if before else None)
        segments = self._contents.segments
        stored = StoredFields(folder, segments, before._stored if before else None)
        super().__init__(stored, segments)
        self._unchanged: tuple[int, int] | None = None
        """The state of the folder in which this commit was the last, once no change could go unnoticed."""
        self.folding = Folding(manifest.folding)
        self.readings_digest, self._readings_crc = manifest.readings, manifest.readings_crc
        self.lexicon = frozenset(manifest.lexicon)
        self.lexicons = manifest.lexicons
        # Functions of `stored`, not of self (`cached`): else files would stay open long after the next commit.
        self._episodes = cached(stored.episode, 65536)
        self._times = cached(stored.times, 4096)
        self._streams = cached(stored.stream, _STREAMS)
        self._marks = cached(stored.marks, _STREAMS)
        self._texts = cached(stored.text, _TEXTS)
        self._damped = cached(stored.damped, 4096)
        self._damped_cues = cached(stored.damped_cues, 4096)

    @property
    def commit(self) -> int:
        """The number of the commit that was opened."""
        return self._contents.generation

    def is_current(self) -> bool:
        """False once there is a later commit. Reads file names only if the folder has changed since they were read."""
        folder = mapped_files.state(self.folder)
        if folder is not None and folder == self._unchanged:
            return self._contents.is_unwritten(self.folder)
        is_newest = self._contents.is_newest(self.folder)
        # A folder may change twice within one tick of the clock of its file system.
        is_settled = folder is not None and abs(time_ns() - folder[0]) > _SETTLED
        self._unchanged = folder if is_newest and is_settled else None
        return is_newest

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        """Nothing to limit: no requests are sent."""
        return nullcontext()

    def let_go(self) -> None:
        """Lets go of the pages of the mapped files."""
        self._stored.let_go()

    def newest(self) -> EmbeddedSnapshot:
        """The last commit now, sharing what has not changed since this one. Raises IndexProblem."""
        return EmbeddedSnapshot(self.folder, self)

    def record(self, episode: int) -> Mapping[str, Any]:
        return self._stored.record(episode)

    def episode(self, number: int) -> Episode:
        return self._episodes(number)

    def atoms(self, episode: int) -> int:
        return self._stored.atoms(episode)

    def lengths(self, episodes: Sequence[int]) -> list[int]:
        return self._stored.lengths(episodes)

    def times(self, episode: int) -> Times:
        """The times of an episode's cues."""
        return self._times(episode)

    bounding_times = times

    def untimed(self, _episodes: Sequence[int]) -> Sequence[int]:
        return ()

    def stream(self, episode: int) -> Stream:
        """The atoms of an episode."""
        return self._streams(episode)

    def units(self, episodes: Sequence[int]) -> list[SignedUnits]:
        """The units of several streams."""
        return self._stored.units(episodes)

    def find_in_all(self, episodes: Sequence[int], atoms: Sequence[str]) -> dict[int, list[int]]:
        """episode -> positions of a run of atoms, for those of some episodes in which it occurs."""
        return self._stored.find_in_all(episodes, atoms)

    def marks(self, episode: int) -> Marks:
        """The word boundaries of an episode."""
        return self._marks(episode)

    def text(self, episode: int) -> tuple[CueTexts, Sequence[str]]:
        """The cue texts and speakers of an episode."""
        return self._texts(episode)

    def speakers(self, episode: int) -> Sequence[str]:
        """The speakers of the same cues."""
        return self._texts(episode)[1]

    def signs(self, episode: int) -> CueTexts:
        """The texts of the cues, read for their signs."""
        return self._texts(episode)[0]

    def text_with_filler(self, episode: int, filler: str) -> TextWithFiller:
        """The same texts, whole."""
        from indexer.store.fields.text import TextWithFiller  # late: few queries are a regular expression

        return TextWithFiller(self.text(episode)[0])

    def matches(
        self, episode: int, expression: str, find: Callable[[], Sequence[tuple[int, int]]]
    ) -> Sequence[tuple[int, int]]:
        """What is found now."""
        return find()

    def damped_cues(self, episode: int) -> list[Damped]:
        """The recogniser's loops and stock lines in an episode, in order."""
        return self._damped_cues(episode)

    def damped(self, episode: int) -> tuple[Region, ...]:
        """The atoms of the recogniser's loops and stock lines in an episode, in order."""
        return self._damped(episode)

    def episodes(self) -> range:
        """The numbers of all episodes, in the order of their ids."""
        return range(self._stored.episode_count)

    @property
    def episode_count(self) -> int:
        return self._stored.episode_count

    @property
    def ids(self) -> list[str]:
        """The id of each episode."""
        return self._stored.ids

    @cached_property
    def readings(self) -> Readings:
        from indexer.core.words.pronunciation import read_readings

        return read_readings(self.folder, self._readings_crc)

    def sounding(
        self, classes: Sequence[Collection[int]], itself: Sequence[str] = (), ways: Collection[bytes] | None = None
    ) -> Iterator[tuple[int, list[int]]]:
        """Yields (episode, positions) of the runs whose sound classes are each among those given for their place."""
        return self._stored.sounding(classes, ways)

    def of_rare_words(
        self, classes: Sequence[Collection[int]], most: int, is_wanted: Callable[[str], bool]
    ) -> Iterator[tuple[int, list[int]]]:
        """Like `sounding`, for words. The marks of positions decide faster than the vocabulary or the many texts."""
        for episode, positions in self._stored.sounding(classes):
            marks = self._stored.marks(episode)
            words, _runs, _inside = native.by_cut(positions, len(classes), marks.packed, marks.atoms)
            if words:
                yield episode, words

    def may_hold(self, run: Sequence[str], counts: Mapping[int, int]) -> Mapping[int, int]:
        """`counts` without the episodes that lack a run of atoms by the signatures on disk."""
        return self._stored.may_hold(run, counts)

    def seek(self, runs: Sequence[Sequence[str]], least: int = 1, **_around: object) -> None:
        """All episodes are at hand."""

    def look_beside(self, atoms: Iterable[str]) -> None:
        """All of an episode is at hand."""

    def faults(self) -> list[str]:
        """Compares the files with their checksums; one line per fault."""
        return [str(problem) for segment in self._segments for problem in segment.check()]

    def unchecked(self) -> list[str]:
        """The parts of the index without checksums."""
        return [segment.entry.name for segment in self._segments if segment.entry.sums is None]

    def sounds(self, episode: int) -> bytes:
        """The sound class of each atom. Raises IndexProblem unless there are as many as atoms."""
        found = self._stored.value(schema.SOUNDS, episode)
        with Reading(self.folder):
            if len(found) != self.atoms(episode):
                raise ValueError(_("the sounds are cut off"))
        return found

    @cached_property
    def titles(self) -> dict[int, list[str]]:
        """The folded chapter titles of each episode that has any."""
        if not any(segment.column(schema.TITLES).starts[-1] for segment in self._segments):
            return {}
        packed = {number: self._stored.value(schema.TITLES, number) for number in self.episodes()}
        with Reading(self.folder):
            return {number: unpack_titles(value) for number, value in packed.items() if value}
