"""A part of the corpus: the stretches of its episodes that pass the filters, without damped ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.core.errors import QueryProblem
from indexer.core.positions.intervals import difference, union
from indexer.core.positions.token_stream import Region
from search.query.deadline import Deadline, OutOfTime
from search.query.filters import check_filter, condition, episode_test, voice, voice_test
from search.query.syntax import Filter
from search.retrieval.speakers import said_by_others

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Part:
    """`kept` maps episodes to the regions of atoms in the part; `damped` to those left out as the recogniser's loops or
    stock lines. Regions are in order; episodes without any are left out."""

    kept: Mapping[int, Sequence[Region]]
    damped: Mapping[int, Sequence[Region]]

    def within(self, episodes: Collection[int]) -> Part:
        """This part, restricted to some episodes."""
        kept, damped = (
            {number: found for number, found in regions.items() if number in episodes}
            for regions in (self.kept, self.damped)
        )
        return Part(kept, damped)


def choose(
    snapshot: Snapshot, filters: Sequence[Filter] = (), damping: bool = True, deadline: Deadline | None = None
) -> Part:
    """Returns what passes all filters: whole episodes, or with a speaker filter, that speaker's cues where cues name
    speakers. Once the deadline has passed, the rest of the episodes is left out.

    Raises QueryProblem for an invalid filter.
    """
    for item in filters:
        if problem := check_filter(item.field, item.value):
            raise QueryProblem(problem)
    folding = snapshot.folding
    tests = [condition(episode_test(item, folding), folding) for item in filters]
    voices = [voice(voice_test(item, folding), folding) for item in filters if item.field == "speaker"]
    kept: dict[int, Sequence[Region]] = {}
    damped: dict[int, Sequence[Region]] = {}
    deadline = deadline or Deadline()
    looked_at = 0
    with suppress(OutOfTime):
        for number in deadline.within(snapshot.episodes()):
            looked_at += 1
            if tests and not all(test(snapshot.episode(number)) for test in tests):
                continue
            whole = [(0, snapshot.atoms(number))]
            others = said_by_others(snapshot, number, voices)
            loops = snapshot.damped(number) if damping else ()
            _put(kept, number, difference(whole, union((*others, *loops))))
            _put(damped, number, difference(loops, others))
    if deadline.reason is not None:
        deadline.note_progress(looked_at, snapshot.episode_count)
    return Part(kept, damped)


def without(part: Part, other: Part) -> Part:
    """What is in `part` but not in `other`."""
    kept: dict[int, Sequence[Region]] = {}
    for number, regions in part.kept.items():
        _put(kept, number, difference(regions, other.kept.get(number, ())))
    return Part(kept, {})


def in_time(snapshot: Snapshot, numbers: Sequence[int] | Mapping[int, object]) -> list[int]:
    """Sorts episodes by date, those without one last."""
    return sorted(numbers, key=lambda number: (snapshot.episode(number).period or "~", snapshot.episode(number).id))


def _put(regions: dict[int, Sequence[Region]], number: int, found: Sequence[Region]) -> None:
    if found:
        regions[number] = found
