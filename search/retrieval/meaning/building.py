"""Makes the vectors of an index: of the episodes that have none, a batch of segments at a time.

What is made is stored every minute, so a run that is stopped or killed loses no more than that, and the next one goes
on. Transcripts are not read again: the text is in the index.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.embedding.choice import chosen_embedder
from indexer.core.embedding.embedder import Embedder
from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.core.processes.interrupts import hold_interrupts
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.vector_writer import NewVectors, VectorRows, add_vectors, making, reconcile, remove_vectors
from indexer.store.vectors import DamagedVectors, VectorList, key_of, read_list
from search.retrieval.meaning.coverage import without_vectors
from search.retrieval.meaning.quantizing import pack_vectors
from search.retrieval.meaning.segmenting import SEGMENTING, TextSegment, cut_segments

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.backends.snapshot import Snapshot

STORED_EVERY = 60.0
"""Seconds."""

Progress = Callable[[float, float, str], None]
"""Called with the seconds of speech that are done, those there are to do, and the id of the episode."""


@dataclass(slots=True)
class MeaningReport:
    """The result of a run: the model, the episodes and seconds of speech that got vectors, and the seconds that still
    have none. `interrupted` is True after Ctrl-C."""

    model: str
    episodes: int = 0
    seconds: float = 0.0
    left: float = 0.0
    interrupted: bool = False

    def count(self, episode: Episode) -> None:
        """Counts an episode that got its vectors."""
        self.episodes += 1
        self.seconds += episode.duration
        self.left -= episode.duration


def add_meaning(
    latest: Callable[[], Snapshot],
    embedder: Embedder | None = None,
    jobs: int | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    seconds: float | None = None,
) -> MeaningReport:
    """Makes the vectors that the last commit, which `latest` opens, lacks; all of them with `rebuild`. `embedder` None
    is the chosen one, on `jobs` cores. After so many `seconds` no further episode is begun.

    Raises NoMeaning if the model fails, after storing what was made; IndexProblem if there are vectors of another
    model, or another process makes some; OSError.
    """
    snapshot = latest()
    folder = Path(snapshot.folder)
    embedder = embedder or chosen_embedder(threads=jobs or os.cpu_count() or 1)
    with making(folder):
        dimensions = pack_vectors(embedder.passages(["podseek"])).dimensions
        fingerprint = embedder.name, dimensions, SEGMENTING
        listed = _agreed(folder, fingerprint, rebuild)
        todo = without_vectors(snapshot, listed)
        todo.sort(key=lambda one: one[1].period or "", reverse=True)  # the newest are asked for first
        left = sum(episode.duration for _, episode in todo)
        report = MeaningReport(embedder.name, left=left)
        if progress is not None and todo:
            progress(0.0, left, todo[0][1].id)
        _run(_Task(folder, snapshot, embedder, listed, todo), report, latest, progress, seconds)
        return report


def _agreed(folder: Path, fingerprint: tuple[str, int, str], rebuild: bool) -> VectorList:
    """The list to add to. Raises IndexProblem if it is of another model."""
    try:
        listed = read_list(folder)
    except DamagedVectors:
        if not rebuild:
            raise
        listed = None
    if rebuild:
        remove_vectors(folder)
        listed = None
    if listed is not None and listed.fingerprint != fingerprint:
        raise IndexProblem(_other_model(folder, listed, fingerprint))
    return listed or VectorList(*fingerprint, 0.0)


def _other_model(folder: Path, listed: VectorList, fingerprint: tuple[str, int, str]) -> str:
    said = _("{folder}: its vectors are of {old}, and the model is now {new}: make them again with `{command}`")
    old, new = listed.model, fingerprint[0]
    if old == new:
        old, new = f"{old} ({listed.dimensions}, {listed.segmenting})", f"{new} ({fingerprint[1]}, {fingerprint[2]})"
    return said.format(folder=folder, old=old, new=new, command="podseek index --meaning --rebuild")


@dataclass(frozen=True, slots=True)
class _Task:
    """What a run has to do: the vectors of the episodes `todo`, given with their numbers in `snapshot`, which go to the
    list `listed` in `folder`."""

    folder: Path
    snapshot: Snapshot
    embedder: Embedder
    listed: VectorList
    todo: Sequence[tuple[int, Episode]]

    def rows(self, number: int, is_over: Callable[[], bool]) -> VectorRows | None:
        """The vectors of an episode; None if the run is over before all are made. Raises NoMeaning if the model fails,
        IndexProblem if its vectors are of different lengths."""
        segments = segments_of(self.snapshot, number)
        vectors, scale = bytearray(), bytearray()
        for batch in _batches(segments, self.embedder.at_once):
            if is_over():
                return None
            packed = pack_vectors(self.embedder.passages([segment.text for segment in batch]))
            if packed.dimensions != self.listed.dimensions or len(packed.scale) != 4 * len(batch):
                said = _("{model}: gives vectors of different lengths: use another model")
                raise IndexProblem(said.format(model=self.embedder.name))
            vectors += packed.vectors
            scale += packed.scale
        if is_over() and not segments:
            return None
        first, end = _numbers(one.first for one in segments), _numbers(one.end for one in segments)
        return VectorRows(first, end, bytes(scale), bytes(vectors))


class _Unstored:
    """The vectors that were made since some were last stored. `report` counts the episodes that got any."""

    def __init__(self, task: _Task, report: MeaningReport) -> None:
        self._task, self._report = task, report
        self._vectors: list[NewVectors] = []
        self._begin = self._stored = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._begin

    @property
    def is_due(self) -> bool:
        """True if the last time is STORED_EVERY seconds ago."""
        return time.monotonic() - self._stored >= STORED_EVERY

    def add(self, episode: Episode, rows: VectorRows) -> None:
        self._vectors.append(NewVectors(episode.id, *key_of(episode), rows))

    def store(self) -> None:
        """Adds them to the list, with the pace of the run so far. Raises IndexProblem, OSError."""
        self._stored = time.monotonic()
        hours, listed = self._report.seconds / 3600, self._task.listed
        pace = (self._stored - self._begin) / hours if hours else listed.pace
        if self._vectors:
            add_vectors(self._task.folder, listed.fingerprint, pace, self._vectors)
            self._vectors.clear()


def _run(
    task: _Task,
    report: MeaningReport,
    latest: Callable[[], Snapshot],
    progress: Progress | None,
    seconds: float | None,
) -> None:
    """Makes and stores the vectors of a task; `add_meaning` has the other arguments and what is raised."""
    settle_vectors(task.folder, task.snapshot)
    total, unstored = report.left, _Unstored(task, report)
    with hold_interrupts() as interrupt:
        try:
            for number, episode in task.todo:
                if seconds is not None and unstored.seconds >= seconds and report.episodes:
                    break
                rows = task.rows(number, interrupt.is_set)
                if rows is None:
                    break
                unstored.add(episode, rows)
                report.count(episode)
                if progress is not None:
                    progress(report.seconds, total, episode.id)
                if unstored.is_due:
                    unstored.store()
        finally:
            unstored.store()
            if not task.snapshot.is_current():  # an episode may have been forgotten meanwhile
                settle_vectors(task.folder, latest())
        report.interrupted = interrupt.wanted and report.episodes < len(task.todo)


def segments_of(snapshot: Snapshot, number: int) -> list[TextSegment]:
    """The segments of an episode of the index."""
    texts = snapshot.text(number)[0]
    return cut_segments(snapshot.times(number), list(texts), list(snapshot.damped_cues(number)))


def _batches(segments: Sequence[TextSegment], most: int) -> Iterator[Sequence[TextSegment]]:
    return (segments[at : at + most] for at in range(0, len(segments), most))


def _numbers(values: Iterable[int]) -> bytes:
    return b"".join(value.to_bytes(4, "little") for value in values)


def settle_vectors(folder: Path, snapshot: Snapshot) -> None:
    """Drops the vectors of episodes that are gone, and keeps those of renamed ones."""
    episodes = map(snapshot.episode, snapshot.episodes())
    reconcile(folder, {episode.id: key_of(episode) for episode in episodes}, set(read_waiting(folder).values()))
