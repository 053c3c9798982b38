"""How much of an index has vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.core.errors import IndexProblem
from indexer.store.vectors import VectorList, key_of, read_list

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.backends.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an index has vectors: the model, seconds of speech with and without them, and the seconds that making
    the rest takes, judged by the last run; None if that is unknown. `problem` says why they cannot be read."""

    model: str = ""
    seconds: float = 0.0
    left: float = 0.0
    estimate: float | None = None
    problem: str | None = None


def coverage(snapshot: Snapshot) -> Coverage | None:
    """Returns how much has vectors; None without any."""
    try:
        listed = read_list(snapshot.folder)
    except IndexProblem as problem:
        return Coverage(problem=str(problem))
    if listed is None:
        return None
    left = sum(episode.duration for _, episode in without_vectors(snapshot, listed))
    whole = sum(snapshot.episode(number).duration for number in snapshot.episodes())
    estimate = left / 3600 * listed.pace if listed.pace or not left else None
    return Coverage(listed.model, whole - left, left, estimate)


def without_vectors(snapshot: Snapshot, listed: VectorList) -> list[tuple[int, Episode]]:
    """The number and the facts of each episode without vectors of its present transcript."""
    known = listed.by_episode()
    found = []
    for number in snapshot.episodes():
        episode = snapshot.episode(number)
        entry = known.get(episode.id)
        if entry is None or entry.key != key_of(episode):
            found.append((number, episode))
    return found
