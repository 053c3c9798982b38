"""Computes the parts of an episode that only a cluster stores, not an index in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.core.positions.timeline import Timeline
from indexer.core.types import Cue
from indexer.store.cluster.documents.decks import deal
from indexer.store.cluster.documents.passages import encoded_passages
from indexer.store.cluster.documents.run_peaks import encoded_run_peaks
from indexer.store.cluster.documents.text_parts import pack_parts
from indexer.store.fields.clock import pack_clock
from indexer.store.fields.text import plain
from indexer.store.fields.word_boundaries import Marks
from indexer.store.prepared import ClusterParts


def cluster_parts(
    cues: Sequence[Cue], timeline: Timeline, places: Mapping[str, Sequence[int]], sounds: bytes, marks: bytes
) -> ClusterParts:
    """The parts of an episode: `places` are the positions of its words and characters, `sounds` and `marks` its columns
    of these names."""
    atoms = timeline.stream.atoms()
    return ClusterParts(
        passages=encoded_passages(places, atoms, timeline.times),
        run_peaks=encoded_run_peaks(timeline.units, atoms, timeline.times),
        decks=deal(timeline.stream, sounds, Marks(marks, len(atoms))),
        clock=pack_clock(timeline.times),
        text_parts=pack_parts([plain(cue.text) for cue in cues], [plain(cue.speaker) for cue in cues]),
    )
