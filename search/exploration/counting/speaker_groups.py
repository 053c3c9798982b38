"""What each speaker says of a part of the corpus, where cues name speakers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.core.positions.intervals import intersection
from indexer.core.positions.token_stream import Region
from search.exploration.counting.subcorpus import Part, in_time
from search.query.deadline import Deadline, OutOfTime

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


def by_speaker(
    snapshot: Snapshot, part: Part, deadline: Deadline
) -> tuple[Mapping[str, Mapping[int, Sequence[Region]]], Part, int]:
    """Returns the regions of each speaker in each episode, the episodes in time; the part as far as it was read by the
    deadline; and how many of its episodes name no speaker in their cues."""
    groups: defaultdict[str, dict[int, Sequence[Region]]] = defaultdict(dict)
    read: set[int] = set()
    unnamed = 0
    episodes = in_time(snapshot, part.kept)
    with suppress(OutOfTime):
        for number in deadline.within(episodes):
            if snapshot.episode(number).voices:
                for name, regions in _voices(snapshot, number, part.kept[number]).items():
                    groups[name][number] = regions
            else:
                unnamed += 1
            read.add(number)
    deadline.note_progress(len(read), len(episodes))
    return groups, part if len(read) == len(episodes) else part.within(read), unnamed


def _voices(snapshot: Snapshot, number: int, kept: Sequence[Region]) -> dict[str, Sequence[Region]]:
    """The regions of each speaker within those of an episode that are kept."""
    speakers, first = snapshot.speakers(number), snapshot.times(number).first
    runs: defaultdict[str, list[Region]] = defaultdict(list)
    for name, cues in groupby(range(len(speakers)), lambda cue: speakers[cue]):
        numbers = list(cues)
        region = first[numbers[0]], first[numbers[-1] + 1]
        if name and region[0] < region[1]:
            runs[name].append(region)
    said = {name: intersection(regions, kept) for name, regions in runs.items()}
    return {name: regions for name, regions in said.items() if regions}
