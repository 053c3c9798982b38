"""The episodes in an index: the files they were read from, those to be read or waiting to be read again, and their
removal."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from indexer.analyze import Job, Jobs
from indexer.core.configuration.paths import default_index
from indexer.core.errors import IndexProblem
from indexer.core.files import sources
from indexer.core.files.sources import LARGEST_FILE
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint, Episode, Facts
from indexer.discovery import stdin
from indexer.metadata.feeds.follow import feed_name
from indexer.metadata.filename import facts_from_name, readable_id
from indexer.metadata.sidecar import FactFinder
from indexer.store import vector_writer
from indexer.store.dropped_episodes import read_waiting, settle
from indexer.store.fields.record import digest, from_record
from indexer.store.library_sources import LibrarySource, add_sources
from indexer.store.manifest import read_manifest
from indexer.store.renamed_speakers import Rename, renamed
from indexer.store.salvage import examine
from indexer.store.segments import NOTHING, newest_generation
from indexer.store.target import EpisodeWriter
from indexer.store.vectors import FILE as VECTORS
from indexer.store.vectors import DamagedVectors, key_of
from indexer.store.writer import IndexWriter, stored_records

if TYPE_CHECKING:
    from indexer.core.memory.on_disk import MappingOnDisk, Spooled


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """An episode in the index, the fingerprint of the word segmentation that made it (`made`), and the digest of the
    facts it was given (`told`)."""

    episode: Episode
    made: str
    told: str


def known_paths(folder: Path) -> list[str]:
    """The transcript paths of all episodes in an index, and of those waiting to be read again; none without an index.

    Of an index of an older format, or a damaged one, the paths that can be read.
    """
    if newest_generation(folder) == NOTHING:
        return []
    try:
        return [*(str(record["path"]) for record in stored_records(folder)), *read_waiting(folder)]
    except IndexProblem:
        parts = examine(folder, newest_generation(folder))[0]  # as far as an older or damaged index can be read
        return [path for part in parts for _name, path in part.living if path]


def is_as_known(path: Path, before: KnownEpisode | None) -> bool:
    """Returns True if the file is indexed and has the same size and time of modification as then. Raises OSError."""
    if before is None or before.episode.path != str(path):
        return False
    return sources.state(path) == sources.FileState(before.episode.size, before.episode.modified)


def is_unchanged(job: Job, before: KnownEpisode) -> bool:
    """Returns True if reading the file again would give the same episode."""
    episode = before.episode
    as_before = episode.id, episode.path, before.told, before.made
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


def not_read(path: str, name: str) -> KnownEpisode:
    """Returns a placeholder for an episode that waits to be read again (`indexer.store.dropped_episodes`)."""
    nothing = Episode(name, path, Facts(), duration=0.0, cues=0, characters=0, atoms=0, digest="", size=-1, modified=-1)
    return KnownEpisode(nothing, "", "")


def inherit(known: Known, outdone: Mapping[str, Path]) -> list[str]:
    """Replaces known transcripts by better ones (`outdone` maps the former to the latter) in `known`; these take over
    the ids. The indexed episodes stay until the better transcripts are read. Returns the paths of the replaced
    transcripts whose better one is in the index already."""
    beaten = []
    for path, best in outdone.items():
        if str(best) in known:
            beaten.append(path)
        else:
            known[str(best)] = known.pop(path)
    return beaten


def forget(names: Iterable[str], index_dir: Path | str | None = None) -> tuple[list[Episode], list[str]]:
    """Removes episodes, named by id or by transcript path, from the index, but not their files. Moves transcripts from
    standard input out of the inbox, where the next run would read them again.

    Returns the removed episodes and the names that match none. Raises IndexProblem if there is no index.
    """
    folder = Path(index_dir) if index_dir is not None else default_index()
    if read_manifest(folder) is None:
        raise IndexProblem(
            _(
                "{folder}: there is no index here: make one with `podseek add FEED|FOLDER` or `podseek index PATH`"
            ).format(folder=folder)
        )
    writer = IndexWriter(folder)
    try:
        waiting = read_waiting(folder)
        episodes = [not_read(path, name).episode for path, name in waiting.items()]
        episodes += [from_record(record) for record in writer.records()]
        by_name = {episode.id: episode for episode in episodes} | {episode.path: episode for episode in episodes}
        found: dict[str, Episode] = {}
        unknown = []
        for name in names:
            episode = by_name.get(name) or by_name.get(str(Path(name).resolve()))
            if episode is None:
                unknown.append(name)
            else:
                found[episode.id] = episode
        for episode in found.values():
            stdin.put_away(folder, episode.path)
        if found:
            with writer.batch() as batch:
                for episode_id in found:
                    batch.remove(episode_id)
            settle(folder, waiting, set(waiting) - {episode.path for episode in found.values()})
            settle_vectors(writer)
        return list(found.values()), unknown
    finally:
        writer.close()


def remember_run(folder: Path, places: Sequence[Path], feeds: Sequence[Path | str]) -> None:
    """Adds what a run was given to the sources of the index; not what came from standard input."""
    given = [place.resolve() for place in places if place.exists()]
    own = [str(place) for place in given if place.parent not in stdin.inboxes(folder)]
    add_sources(
        folder, [*map(LibrarySource, own), *(LibrarySource(feed_name(feed), True, False, tuple(own)) for feed in feeds)]
    )


def settle_vectors(writer: EpisodeWriter) -> None:
    """Drops the vectors of episodes that are no longer in the index, and keeps those of renamed ones. Damaged vectors
    stay as they are: `podseek status --check` and searches tell of them."""
    if not (writer.folder / VECTORS).exists():
        return
    living = {episode.id: key_of(episode) for episode in map(from_record, writer.records())}
    with suppress(DamagedVectors):
        vector_writer.settle(writer.folder, living, set(read_waiting(writer.folder).values()))


Known: TypeAlias = "dict[str, KnownEpisode] | MappingOnDisk[KnownEpisode]"
"""Known episodes by the paths of their files."""


class Planned(NamedTuple):
    """The files to read, how many others are as they were, and the complaints about their facts."""

    jobs: Jobs
    unchanged: int
    complaints: list[Complaint]


def plan(
    files: Sequence[Path],
    known: Known,
    fingerprint: str,
    again: bool = False,
    fed: Mapping[str, Mapping[str, object]] | None = None,
    renames: Sequence[Rename] = (),
    is_ours: Callable[[str], bool] | None = None,
) -> Planned:
    """Returns a job for each file to read: new ones, and those whose content, facts or word segmentation changed (with
    `again`, all).

    `fed` maps paths to the facts from feeds; `renames` are of speakers. `is_ours` is True for the id of an episode of a
    cluster that this run looks after: then there are only jobs for those, with passages and held on disk.
    """
    finder = FactFinder()
    taken = _Taken(known)
    todo = _jobs(is_ours is not None)
    unchanged = 0
    for path in files:
        facts, given = finder.facts(path, (fed or {}).get(str(path)))
        before = known.get(str(path))
        if facts is None:  # the sidecar cannot be read now: keep the stored facts
            facts, given = (before.episode.facts, before.episode.id) if before else (facts_from_name(path), None)
        episode_id = _choose_id(path, given, before, taken)
        taken.add(episode_id, str(path))
        own = tuple(one for one in renames if one.show in ("", facts.show))
        if own:
            facts = facts.updated({"speakers": tuple(renamed(name, own) for name in facts.speakers)})
        job = Job(str(path), episode_id, facts, fingerprint, own, passages=is_ours is not None)
        if before is not None and not again and is_unchanged(job, before):
            unchanged += 1
        elif is_ours is None or is_ours(episode_id):
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
        self._added: dict[str, str] = {}
        if isinstance(known, dict):
            self._added = {entry.episode.id: path for path, entry in known.items()}
            self._known: Callable[[str], str | None] = lambda episode_id: None
        else:
            self._known = known.key_of

    def by(self, episode_id: str) -> str | None:
        """The path of the file; None if the id is free."""
        return self._added.get(episode_id) or self._known(episode_id)

    def add(self, episode_id: str, path: str) -> None:
        if self.by(episode_id) != path:
            self._added[episode_id] = path


def _choose_id(path: Path, given: str | None, before: KnownEpisode | None, taken: _Taken) -> str:
    """Returns the id in the sidecar, else the previous id of the file, else a readable one; with a suffix if another
    file has it."""
    wanted = given or (before.episode.id if before else readable_id(path))
    if taken.by(wanted) in (None, str(path)):
        return wanted
    return f"{wanted}~{hashlib.sha256(os.fsencode(path)).hexdigest()[:6]}"
