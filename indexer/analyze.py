"""Converts one transcript file to an episode ready to be written. Runs in worker processes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.errors import system_reason
from indexer.core.files import sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.messages import _
from indexer.core.positions.timeline import Timeline, lay_out
from indexer.core.text.folding import Folding
from indexer.core.types import Complaint, Cue, Episode, Facts, Transcript
from indexer.core.words.hallucinations import find_damped
from indexer.core.words.pronunciation import Readings
from indexer.metadata.filename import facts_from_name
from indexer.readers import read_bytes
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from indexer.store import schema
from indexer.store.cluster.documents.cluster_parts import cluster_parts
from indexer.store.fields.damped_and_titles import pack_damped, pack_titles
from indexer.store.fields.record import to_record
from indexer.store.fields.sounds import sound_classes
from indexer.store.fields.text import pack_text
from indexer.store.fields.times import pack_times
from indexer.store.fields.word_boundaries import pack_marks
from indexer.store.impacts import find_peaks, places_of_characters
from indexer.store.library.renamed_speakers import Rename, renamed
from indexer.store.prepared import ClusterParts, PreparedEpisode

if TYPE_CHECKING:
    from indexer.core.memory.on_disk import Spooled


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools with which all transcripts of an index are prepared, made once per process."""

    folding: Folding
    readings: Readings
    segmenter: Segmenter


@dataclass(frozen=True, slots=True)
class Job:
    """A file to prepare: its facts, the id of its episode, the fingerprint of the word segmentation, renames of
    speakers, and whether it is for a cluster."""

    path: str
    id: str
    facts: Facts
    fingerprint: str
    renames: tuple[Rename, ...] = ()
    for_cluster: bool = False


Jobs: TypeAlias = "Sequence[Job] | Spooled[Job]"
"""The jobs of a run; a run into a cluster may have more than fit in memory."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """The result of a job. `prepared` is None for a file without cues, and for one that failed (a fatal complaint)."""

    job: Job
    prepared: PreparedEpisode | None
    complaints: tuple[Complaint, ...]
    cues: int = 0


def prepare(job: Job, tools: Tools) -> JobResult:
    """Reads one transcript, lays out its timeline and segments it into words. Raises nothing: errors become fatal
    complaints."""
    try:
        return _prepare(job, tools)
    except OSError as error:
        what = _("cannot be read ({reason})").format(reason=system_reason(error))
    except Exception as error:  # one odd file must not stop the others
        what = _("cannot be indexed ({error})").format(error=error)
    return JobResult(job, None, (Complaint(job.path, 0, what, _("left out"), fatal=True),))


def _prepare(job: Job, tools: Tools) -> JobResult:
    path = Path(job.path)
    # Taken before the content, so that the next run reads a file again that changes in between.
    state = sources.state(path)
    data = sources.read(path, LARGEST_FILE + 1)
    transcript = shifted(read_bytes(job.path, data), job.facts.offset)
    if not transcript.cues:
        return JobResult(job, None, transcript.complaints)
    transcript = with_speakers(transcript, job.renames)
    facts = with_own_facts(job.facts, path, transcript)
    timeline = lay_out(transcript.cues, tools.folding)
    placed = place_words(timeline, tools.segmenter)
    words, characters = placed.positions(), places_of_characters(timeline.units)
    places = {**words, **characters}
    sounds, marks = sound_classes(timeline.units, words, tools.readings), pack_marks(placed.marks)
    prepared = PreparedEpisode(
        id=job.id,
        record=to_record(_episode(job, facts, transcript, timeline, data, state), job.fingerprint, job.facts),
        atoms=len(timeline.units),
        words=placed.counts,
        chars={unit: len(places) for unit, places in characters.items()},
        columns={
            schema.STREAM: timeline.stream.pack(),
            schema.SOUNDS: sounds,
            schema.MARKS: marks,
            schema.TIMES: pack_times(timeline.times),
            schema.TEXT: pack_text(transcript.cues, timeline.stream, timeline.times, tools.folding),
            schema.DAMPED: pack_damped(find_damped(timeline.units, timeline.times.first, timeline.folded)),
            schema.TITLES: pack_titles(tools.folding.fold(one.title) for one in facts.chapters),
        },
        peaks=find_peaks(places, timeline.times),
        in_cluster=(
            cluster_parts(transcript.cues, timeline, places, sounds, marks) if job.for_cluster else ClusterParts()
        ),
    )
    return JobResult(job, prepared, transcript.complaints, len(transcript.cues))


def _episode(
    job: Job, facts: Facts, transcript: Transcript, timeline: Timeline, data: bytes, state: sources.FileState
) -> Episode:
    """The facts and counts of an episode; `data` is the content of its file, `state` the size and time of that."""
    return Episode(
        id=job.id,
        path=job.path,
        facts=facts,
        duration=max(cue.end for cue in transcript.cues),
        cues=len(transcript.cues),
        characters=sum(len(cue.text) for cue in transcript.cues),
        atoms=len(timeline.units),
        digest=hashlib.sha256(data).hexdigest(),
        size=state.size,
        modified=state.modified,
        voices=tuple(dict.fromkeys(cue.speaker for cue in transcript.cues if cue.speaker)),
    )


def with_own_facts(facts: Facts, path: Path, transcript: Transcript) -> Facts:
    """Returns the facts, updated with those in the transcript itself; these replace only facts taken from the file
    name."""
    named = facts_from_name(path)
    return facts.updated(
        {name: value for name, value in transcript.facts.items() if getattr(facts, name) == getattr(named, name)}
    )


def with_speakers(transcript: Transcript, renames: tuple[Rename, ...]) -> Transcript:
    """Returns the transcript with its speakers renamed."""
    if not renames:
        return transcript
    cues = tuple(cue._replace(speaker=renamed(cue.speaker, renames)) for cue in transcript.cues)
    return transcript._replace(cues=cues)


def shifted(transcript: Transcript, offset: float) -> Transcript:
    """Returns the transcript with all times moved by `offset` seconds and clamped at zero."""
    if not offset:
        return transcript
    cues = tuple(_shifted_cue(cue, offset) for cue in transcript.cues)
    return transcript._replace(cues=cues)


def _shifted_cue(cue: Cue, offset: float) -> Cue:
    marks = tuple((at, max(0.0, second + offset)) for at, second in cue.marks)
    return cue._replace(start=max(0.0, cue.start + offset), end=max(0.0, cue.end + offset), marks=marks)
