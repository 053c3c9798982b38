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
from indexer.core.interrupts import hold_interrupts
from indexer.core.messages import _
from indexer.store.dropped_episodes import read_waiting
from indexer.store.vector_writer import NewVectors, VectorRows, add_vectors, making, remove_vectors, settle
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
        todo.sort(key=lambda one: one[1].date or "", reverse=True)  # the newest are asked for first
        left = sum(episode.duration for _, episode in todo)
        report = MeaningReport(embedder.name, left=left)
        if progress is not None and todo:
            progress(0.0, left, todo[0][1].id)
        return _run(folder, latest, snapshot, embedder, fingerprint, todo, report, progress, listed.pace, seconds)


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


def _run(
    folder: Path,
    latest: Callable[[], Snapshot],
    snapshot: Snapshot,
    embedder: Embedder,
    fingerprint: tuple[str, int, str],
    todo: Sequence[tuple[int, Episode]],
    report: MeaningReport,
    progress: Progress | None,
    pace: float,
    seconds: float | None,
) -> MeaningReport:
    settle_vectors(folder, snapshot)
    total, begin = report.left, time.monotonic()
    stored, made = begin, list[NewVectors]()

    def store() -> None:
        nonlocal stored
        stored = time.monotonic()
        measured = (stored - begin) / (report.seconds / 3600) if report.seconds else pace
        if made:
            add_vectors(folder, fingerprint, measured, made)
            made.clear()

    with hold_interrupts() as interrupt:
        try:
            for number, episode in todo:
                if seconds is not None and time.monotonic() - begin >= seconds and report.episodes:
                    break
                rows = _rows_of(snapshot, number, embedder, fingerprint[1], interrupt.is_set)
                if rows is None:
                    break
                made.append(NewVectors(episode.id, *key_of(episode), rows))
                report.count(episode)
                if progress is not None:
                    progress(report.seconds, total, episode.id)
                if time.monotonic() - stored >= STORED_EVERY:
                    store()
        finally:
            store()
            if not snapshot.is_current():  # an episode may have been forgotten meanwhile
                settle_vectors(folder, latest())
        report.interrupted = interrupt.wanted and report.episodes < len(todo)
    return report


def _rows_of(
    snapshot: Snapshot, number: int, embedder: Embedder, dimensions: int, is_over: Callable[[], bool]
) -> VectorRows | None:
    """The vectors of an episode; None if the run is over before all are made."""
    segments = segments_of(snapshot, number)
    vectors, scale = bytearray(), bytearray()
    for batch in _batches(segments, embedder.at_once):
        if is_over():
            return None
        packed = pack_vectors(embedder.passages([segment.text for segment in batch]))
        if packed.dimensions != dimensions or len(packed.scale) != 4 * len(batch):
            raise IndexProblem(
                _("{model}: gives vectors of different lengths: use another model").format(model=embedder.name)
            )
        vectors += packed.vectors
        scale += packed.scale
    if is_over() and not segments:
        return None
    first, end = _numbers(one.first for one in segments), _numbers(one.end for one in segments)
    return VectorRows(first, end, bytes(scale), bytes(vectors))


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
    settle(folder, {episode.id: key_of(episode) for episode in episodes}, set(read_waiting(folder).values()))
