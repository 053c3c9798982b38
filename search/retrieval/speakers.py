"""The regions of an episode in which people other than those a query names are speaking."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.core.positions.token_stream import Region
from search.query.filters import Voice

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


def said_by_others(snapshot: Snapshot, episode: int, voices: Sequence[Voice]) -> list[Region]:
    """The regions not spoken by a speaker who passes all tests. Empty if no cue names a speaker: then the test of the
    episode decides."""
    if not voices or not snapshot.episode(episode).voices:
        return []
    speakers = snapshot.speakers(episode)
    passing = {speaker: all(test(speaker) for test in voices) for speaker in set(speakers)}
    first = snapshot.times(episode).first
    regions = []
    for is_right, cues in groupby(range(len(speakers)), lambda cue: passing[speakers[cue]]):
        numbers = list(cues)
        if not is_right:
            regions.append((first[numbers[0]], first[numbers[-1] + 1]))
    return regions
