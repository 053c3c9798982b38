"""Which files a run reads: those that are new, and those whose content, facts or word segmentation changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analyze import Job, Jobs
from indexer.core.files import sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.filename import facts_from_name, readable_id
from indexer.runs.destination import Destination
from indexer.runs.known_episodes import Known, KnownEpisode, is_as_known
from indexer.runs.survey import Survey
from indexer.store.fields.record import digest
from indexer.store.library.renamed_speakers import Rename, renamed

if TYPE_CHECKING:
    from indexer.core.memory.on_disk import Spooled


class Planned(NamedTuple):
    """The files to read, how many others are as they were, and the complaints about their facts."""

    jobs: Jobs
    unchanged: int
    complaints: list[Complaint]


def plan(found: Survey, destination: Destination, fingerprint: str, again: bool, renames: Sequence[Rename]) -> Planned:
    """Returns a job for each of the files found that is to be read: new ones, and those whose content, facts or word
    segmentation changed (with `again`, all), of the episodes that the run looks after. `renames` are of speakers."""
    finder = FactFinder()
    taken = _Taken(found.kept)
    todo = _jobs(destination.is_remote)
    unchanged = 0
    for path in found.files:
        facts, given = finder.facts(path, found.facts.get(str(path)))
        before = found.kept.get(str(path))
        if facts is None:  # the sidecar cannot be read now: keep the stored facts
            facts, given = (before.episode.facts, before.episode.id) if before else (facts_from_name(path), None)
        episode_id = _choose_id(path, given, before, taken)
        taken.add(episode_id, str(path))
        own = tuple(one for one in renames if one.show in ("", facts.show))
        if own:
            facts = facts.updated({"speakers": tuple(renamed(name, own) for name in facts.speakers)})
        job = Job(str(path), episode_id, facts, fingerprint, own, for_cluster=destination.is_remote)
        if before is not None and not again and is_unchanged(job, before):
            unchanged += 1
        elif destination.has(episode_id):
            todo.append(job)
    finder.complain_of_names()
    return Planned(todo, unchanged, finder.complaints)


def _jobs(on_disk: bool) -> list[Job] | Spooled[Job]:
    if not on_disk:
        return []
    from indexer.core.memory.on_disk import Spooled  # late: only runs into a cluster need it

    return Spooled()


class _Taken:
    """Which file has the episode of an id: of the known episodes, and of those that were chosen since."""

    def __init__(self, known: Known) -> None:
        self._on_disk = None if isinstance(known, dict) else known
        self._paths = {entry.episode.id: path for path, entry in known.items()} if isinstance(known, dict) else {}

    def by(self, episode_id: str) -> str | None:
        """The path of the file; None if the id is free."""
        path = self._paths.get(episode_id)
        return self._on_disk.key_of(episode_id) if path is None and self._on_disk is not None else path

    def add(self, episode_id: str, path: str) -> None:
        if self.by(episode_id) != path:
            self._paths[episode_id] = path


def _choose_id(path: Path, given: str | None, before: KnownEpisode | None, taken: _Taken) -> str:
    """Returns the id in the sidecar, else the previous id of the file, else a readable one; with a suffix if another
    file has it."""
    wanted = given or (before.episode.id if before else readable_id(path))
    if taken.by(wanted) in (None, str(path)):
        return wanted
    return f"{wanted}~{hashlib.sha256(os.fsencode(path)).hexdigest()[:6]}"


def is_unchanged(job: Job, before: KnownEpisode) -> bool:
    """Returns True if reading the file again would give the same episode."""
    episode = before.episode
    as_before = episode.id, episode.path, before.facts_digest, before.fingerprint
    if as_before != (job.id, job.path, digest(job.facts), job.fingerprint):
        return False
    if any(renamed(name, job.renames) != name for name in episode.voices):
        return False
    path = Path(job.path)
    try:
        if is_as_known(path, before):
            return True
        if sources.state(path).size != episode.size:
            return False
        return hashlib.sha256(sources.read(path, LARGEST_FILE + 1)).hexdigest() == episode.digest
    except OSError:
        return False
