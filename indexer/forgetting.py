"""Removes episodes from an index, and what is kept of them beside it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from indexer.core.configuration.paths import default_index
from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.core.types import Episode
from indexer.discovery import inbox
from indexer.runs.known_episodes import not_read
from indexer.store import vector_writer
from indexer.store.fields.record import from_record
from indexer.store.library.dropped_episodes import keep_waiting, read_waiting
from indexer.store.manifest import read_manifest
from indexer.store.target import EpisodeWriter
from indexer.store.vectors import FILE as VECTORS
from indexer.store.vectors import DamagedVectors, key_of
from indexer.store.writer import IndexWriter


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
        found, unknown = find_named(names, episodes)
        for episode in found.values():
            inbox.move_to_forgotten(folder, episode.path)
        if found:
            with writer.batch() as batch:
                for episode_id in found:
                    batch.remove(episode_id)
            keep_waiting(folder, waiting, set(waiting) - {episode.path for episode in found.values()})
            reconcile_vectors(writer)
        return list(found.values()), unknown
    finally:
        writer.close()


def find_named(names: Iterable[str], episodes: Iterable[Episode]) -> tuple[dict[str, Episode], list[str]]:
    """Returns the episodes with these ids or transcript paths, by id, and the names that match none."""
    named = [(name, str(Path(name).resolve())) for name in names]
    wanted = {one for pair in named for one in pair}
    by_name: dict[str, Episode] = {}
    for episode in episodes:
        by_name |= {name: episode for name in (episode.id, episode.path) if name in wanted}
    found: dict[str, Episode] = {}
    unknown: list[str] = []
    for name, path in named:
        known = by_name.get(name) or by_name.get(path)
        if known is None:
            unknown.append(name)
        else:
            found[known.id] = known
    return found, unknown


def reconcile_vectors(writer: EpisodeWriter) -> None:
    """Drops the vectors of episodes that are no longer in the index, and keeps those of renamed ones. Damaged vectors
    stay as they are: `podseek status --check` and searches tell of them."""
    if not (writer.folder / VECTORS).exists():
        return
    living = {episode.id: key_of(episode) for episode in map(from_record, writer.records())}
    with suppress(DamagedVectors):
        vector_writer.reconcile(writer.folder, living, set(read_waiting(writer.folder).values()))
