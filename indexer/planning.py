"""Which transcripts a run reads: new ones, and those whose content, facts or word segmentation changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analyze import Job
from indexer.known_episodes import KnownEpisode, is_unchanged
from indexer.metadata.filename import facts_from_name, readable_id
from indexer.metadata.sidecar import FactFinder
from indexer.store.renamed_speakers import Rename, renamed

if TYPE_CHECKING:
    from indexer.update import Report


def plan(
    files: Sequence[Path],
    known: Mapping[str, KnownEpisode],
    fingerprint: str,
    report: Report,
    again: bool = False,
    fed: Mapping[str, Mapping[str, object]] | None = None,
    renames: Sequence[Rename] = (),
) -> list[Job]:
    """Returns a job for each file to read: new ones, and those whose content, facts or word segmentation changed (with
    `again`, all). Counts the others in `report.unchanged`.

    `fed` maps paths to the facts from feeds; `renames` are of speakers.
    """
    finder = FactFinder()
    taken = {entry.episode.id: path for path, entry in known.items()}
    todo = []
    for path in files:
        facts, given = finder.facts(path, (fed or {}).get(str(path)))
        before = known.get(str(path))
        if facts is None:  # the sidecar cannot be read now: keep the stored facts
            facts, given = (before.episode.facts, before.episode.id) if before else (facts_from_name(path), None)
        episode_id = _choose_id(path, given, before, taken)
        taken[episode_id] = str(path)
        own = tuple(one for one in renames if one.show in ("", facts.show))
        if own:
            facts = facts.updated({"speakers": tuple(renamed(name, own) for name in facts.speakers)})
        job = Job(str(path), episode_id, facts, fingerprint, own)
        if before is not None and not again and is_unchanged(job, before):
            report.unchanged += 1
        else:
            todo.append(job)
    report.complaints.extend(finder.complaints)
    return todo


def _choose_id(path: Path, given: str | None, before: KnownEpisode | None, taken: Mapping[str, str]) -> str:
    """Returns the id in the sidecar, else the previous id of the file, else a readable one; with a suffix if another
    file has it."""
    wanted = given or (before.episode.id if before else readable_id(path))
    if taken.get(wanted, str(path)) == str(path):
        return wanted
    return f"{wanted}~{hashlib.sha256(os.fsencode(path)).hexdigest()[:6]}"
