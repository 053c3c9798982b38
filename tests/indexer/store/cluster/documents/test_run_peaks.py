"""The peak of a run is what a window holds of it, and no window holds more."""

from __future__ import annotations

import json
from pathlib import Path

from indexer.core.positions.timeline import lay_out
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.store.cluster.documents.run_peaks import encoded_run_peaks, find_run_peaks
from indexer.store.impacts import RUN_ATOMS, WINDOW_ATOMS, WINDOW_MS
from search.library import open_library
from search.retrieval.windows import Hit, Span, densest, hit_times

WINDOW = Span(WINDOW_MS, WINDOW_ATOMS)


def test_no_window_of_the_sample_has_more_of_any_run_and_one_has_as_many(sample_index: Path) -> None:
    several = 0
    with open_library(sample_index) as library:
        snapshot = library.snapshot
        for number in snapshot.episodes():
            stream, times = snapshot.stream(number), snapshot.times(number)
            units, atoms = stream.units(), stream.atoms()
            peaks = find_run_peaks(units, times)
            spans = {(at, size) for size in range(1, RUN_ATOMS + 1) for at in range(len(units) - size + 1)}
            for run, said in {units[at : at + size]: atoms[at : at + size] for at, size in spans}.items():
                hits: list[Hit] = [(place, 0, 0) for place in stream.find(said)]
                peak, first = peaks.get(run, (1, hits[0][0]))
                assert (peak, first) == (densest(hits, hit_times(hits, times), WINDOW), hits[0][0])
                several += peak > 1
    assert several > 100


def test_where_times_go_back_the_atoms_alone_bound_a_window(folding: Folding) -> None:
    timeline = lay_out([Cue(90, 91, "gpu训练"), Cue(10, 11, "gpu训练"), Cue(200, 201, "训练")], folding)
    peaks = json.loads(encoded_run_peaks(timeline.units, timeline.stream.atoms(), timeline.times))
    assert peaks == {"~": 1, "gpu": 2, "训": 3, "练": 3, "gpu_训": 2, "训练": 3, "gpu_训练": 2}


def test_of_names_that_look_alike_the_higher_peak_counts(folding: Folding) -> None:
    timeline = lay_out([Cue(0, 2, "1.5和1.5")], folding)
    assert json.loads(encoded_run_peaks(timeline.units, timeline.stream.atoms(), timeline.times)) == {"~": 1, "1．5": 2}
