"""What the feeds of a run and the servers they point to answer, asked while the index is free for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.discovery.missing import find_gone
from indexer.discovery.preferred import choose
from indexer.discovery.walk import find_transcripts
from indexer.metadata.feeds.follow import follow
from indexer.metadata.feeds.network import Gathering
from indexer.store.waiting import read_waiting
from indexer.store.writer import IndexWriter


def gather(folder: Path, feeds: Iterable[Path | str], places: Sequence[Path], mending: bool) -> Gathering:
    """The answers to what this run asks for, if nothing changes meanwhile. Nothing of them is kept yet.

    Raises IndexProblem where the index cannot be written now, before anybody is asked; with `mending` a damaged one is
    mended first, which is among the complaints.
    """
    gathering = Gathering()
    writer = IndexWriter(folder, mending=mending)
    try:
        gathering.complaints += writer.complaints
        known = [*(str(record["path"]) for record in writer.records()), *read_waiting(folder)]
    finally:
        writer.close()
    known_now = frozenset(known)
    found = find_transcripts(places, [], lambda path: str(path) in known_now)  # who is known was looked into before
    chosen = choose(found, places, known_now)
    gone = set(find_gone(known, places, {str(path) for path in (*chosen.files, *chosen.left)}))
    try:
        follow(folder, feeds, places, chosen.files, [path for path in known if path not in gone], gathering)
    except KeyboardInterrupt:
        gathering.interrupted = True
    return gathering
