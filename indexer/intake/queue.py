"""The queue: episodes that have audio and no transcript.

It is found anew each time, from the stored feeds and the folders of the index, so that it is always true. Only what
failed is stored (`indexer.store.library.recognition_failures`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.core.feed_types import Item
from indexer.core.files.audio_suffixes import AUDIO
from indexer.core.files.kept_folder import beside
from indexer.core.files.language_suffix import plain_stem
from indexer.intake.updating import derived, scopes_of
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.feeds.follow import follow
from indexer.metadata.feeds.network import RecordingNetwork
from indexer.metadata.feeds.own_files import OwnFiles
from indexer.readers import SUFFIXES
from indexer.runs.known_episodes import known_paths
from indexer.store.library.feeds import read_store
from indexer.store.library.recognition_failures import Failure, read_failures
from indexer.store.library.sources import read_sources


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """An episode without a transcript. `audio` is a path or a URL. `source` is its feed, `item` its item there
    and `folder` the folder of the feed's files; all are empty for an audio file of the user."""

    key: str
    show: str
    title: str
    date: str | None
    audio: str
    language: str | None = None
    source: str = ""
    folder: str = ""
    item: Item | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What has no transcript: entries to work off, newest first, and those that failed."""

    waiting: tuple[QueueEntry, ...]
    failed: tuple[QueueEntry, ...]


def read_queue(folder: Path) -> Queue:
    """The queue of an index. Raises IndexProblem if the index cannot be read."""
    failures = read_failures(folder)
    own = list(_of_folders(folder))
    entries = [*_of_feeds(folder, own), *own]
    entries.sort(key=lambda one: one.date or "", reverse=True)
    waiting = [one for one in entries if one.key not in failures]
    failed = [_failed(one, failures[one.key]) for one in entries if one.key in failures]
    return Queue(tuple(waiting), tuple(failed))


def _failed(entry: QueueEntry, failure: Failure) -> QueueEntry:
    from dataclasses import replace

    return replace(entry, failure=failure)


def _of_feeds(folder: Path, local: Sequence[QueueEntry]) -> Iterator[QueueEntry]:
    """The items of feeds that have neither a transcript nor, among the entries for files, audio of the user."""
    if not read_store(folder):
        return
    known = [*known_paths(folder), *(entry.audio for entry in local)]
    for one in follow(folder, (), (), (), known, RecordingNetwork(), scopes_of(folder)).without:
        item = one.item
        audio = OwnFiles(folder, one.folder).audio(item)
        if item.audio or audio:
            key = f"{one.source}#{item.key}"
            where = str(audio or item.audio)
            yield QueueEntry(key, one.show, item.title, item.date, where, item.language, one.source, one.folder, item)


def _of_folders(folder: Path) -> Iterator[QueueEntry]:
    """The audio files below the folders of the index that have no transcript of the same name beside them."""
    own = {folder.resolve(), beside(folder)}
    places = [Path(source.place) for source in read_sources(folder) or derived(folder) if not source.is_feed]
    audio = dict.fromkeys(path for place in places for path in _audio_below(place, own))
    if not audio:  # most runs: nothing else is read
        return
    known = {(path.parent, plain_stem(path)) for path in map(Path, known_paths(folder))}
    finder = FactFinder()
    for path in audio:
        if (path.parent, plain_stem(path)) not in known:
            facts = finder.facts(path)[0]
            if facts is not None:
                yield QueueEntry(str(path), facts.show, facts.title, facts.date, str(path), facts.language)


def _audio_below(root: Path, own: set[Path]) -> Iterator[Path]:
    for above, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith(".") and Path(above, name) not in own)
        audio = [name for name in sorted(files) if not name.startswith(".") and _suffix(name) in AUDIO]
        if audio:
            transcripts = {plain_stem(Path(name)) for name in files if _suffix(name) in SUFFIXES}
            for path in (Path(above, name) for name in audio):
                if plain_stem(path) not in transcripts:
                    yield path.resolve()


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - of every file
