"""Fetches the feeds of a run, and the files they link to, before the index is locked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from indexer.discovery.missing import find_gone
from indexer.discovery.preferred import choose
from indexer.discovery.walk import find_transcripts
from indexer.metadata.feeds.follow import follow
from indexer.metadata.feeds.recording import Gathering
from indexer.store.target import EpisodeWriter
from indexer.store.waiting import read_waiting
from indexer.store.writer import IndexWriter


def gather(
    folder: Path,
    home: Path,
    feeds: Iterable[Path | str],
    places: Sequence[Path],
    mending: bool,
    scopes: Mapping[str, Sequence[Path]] | None = None,
    watch: Callable[[str], None] | None = None,
    elsewhere: EpisodeWriter | None = None,
) -> Gathering:
    """Performs the fetches of this run and returns the recorded responses, to be replayed once the index is locked
    again. Stores nothing. `scopes` and `watch` are as in `index_paths`.

    The index is in `home`, or `elsewhere`; the feeds and what was fetched are in `folder`.

    Raises IndexProblem, before any fetch, if the index cannot be written now. With `mending`, repairs a damaged index
    first and reports that in the complaints.
    """
    gathering = Gathering(watch=watch)
    writer: EpisodeWriter = elsewhere or IndexWriter(home, mending=mending)
    try:
        gathering.complaints += writer.complaints
        known = [*(str(record["path"]) for record in writer.records()), *read_waiting(home)]
    finally:
        writer.close()
    known_now = frozenset(known)
    found = find_transcripts(places, [], lambda path: str(path) in known_now)  # known files are not opened again
    chosen = choose(found, places, known_now)
    gone = set(find_gone(known, places, {str(path) for path in (*chosen.files, *chosen.left)}))
    try:
        follow(folder, feeds, places, chosen.files, [path for path in known if path not in gone], gathering, scopes)
    except KeyboardInterrupt:
        gathering.interrupted = True
    return gathering
