"""The peaks of runs: how often a window of an episode holds each run of a few atoms, wherever words begin.

A word that is searched alone is a run, and its best windows are in the episodes where it peaks. A cluster keeps these
peaks, because it cannot look at the text (docs/design/opensearch-stored.md); an index in a folder bounds a run by its
characters (`indexer.store.impacts`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from indexer.core.positions.timeline import Times
from indexer.store.impacts import RUN_ATOMS, most_in_window, when_said


def find_run_peaks(units: str, times: Times) -> dict[str, tuple[int, int]]:
    """run -> (its peak, its first position) of each run of up to RUN_ATOMS of an episode's units that a window holds
    several times; all others peak at 1."""
    said = when_said(times)
    found: dict[str, tuple[int, int]] = {}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, unit in enumerate(units):
        places[unit].append(at)
    for size in range(1, RUN_ATOMS + 1):
        longer: defaultdict[str, list[int]] = defaultdict(list)
        for run, positions in places.items():
            # A run peaks no higher than the shorter ones that it begins with.
            if len(positions) > 1 and (peak := most_in_window(positions, said, said)) > 1:
                found[run] = peak, positions[0]
                for at in positions:
                    if at + size < len(units):
                        longer[units[at : at + size + 1]].append(at)
        places = longer
    return found


def encoded_run_peaks(units: str, atoms: Sequence[str], times: Times) -> bytes:
    """The peaks as a JSON object; keys are the terms of a cluster. `atoms` are those of the units."""
    from indexer.store.cluster.documents.terms import PEAKED, run_feature

    peaks = {PEAKED: 1}
    for run, (peak, at) in find_run_peaks(units, times).items():
        key = run_feature(atoms[at : at + len(run)])
        peaks[key] = max(peak, peaks.get(key, 0))
    return json.dumps(peaks, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
