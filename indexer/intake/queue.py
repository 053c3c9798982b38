"""The queue: episodes that have audio and no transcript.

It is found anew each time, from the stored feeds and the folders of the index, so that it is always true. Only what
failed is stored (`queue.json` in the index folder): when, and the last line that the recogniser printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.core.atomic_write import alone_in, make_folder, write_whole
from indexer.core.errors import unreadable
from indexer.core.feed_types import Item
from indexer.core.kept_folder import beside
from indexer.core.language_suffix import plain_stem
from indexer.core.messages import _
from indexer.core.sealed_json import check_version, sealed, unsealed
from indexer.intake.updating import derived
from indexer.known_episodes import known_paths
from indexer.metadata.feeds.follow import follow
from indexer.metadata.feeds.own_files import AUDIO, OwnFiles
from indexer.metadata.feeds.recording import Gathering
from indexer.metadata.sidecar import FactFinder
from indexer.readers import SUFFIXES
from indexer.store.remembered import read_sources

FILE = "queue.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """The last attempt that failed: when (ISO), and the last line that was printed."""

    at: str
    line: str


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
    failures = _read_failures(folder)
    entries = [*_of_feeds(folder), *_of_folders(folder)]
    entries.sort(key=lambda one: one.date or "", reverse=True)
    waiting = [one for one in entries if one.key not in failures]
    failed = [_failed(one, failures[one.key]) for one in entries if one.key in failures]
    return Queue(tuple(waiting), tuple(failed))


def _failed(entry: QueueEntry, failure: Failure) -> QueueEntry:
    from dataclasses import replace

    return replace(entry, failure=failure)


def _of_feeds(folder: Path) -> Iterator[QueueEntry]:
    for one in follow(folder, (), (), (), known_paths(folder), Gathering()).without:
        item = one.item
        audio = OwnFiles(folder, one.folder).audio(item)
        if item.audio or audio:
            key = f"{one.source}#{item.key}"
            where = str(audio or item.audio)
            yield QueueEntry(key, one.show, item.title, item.date, where, item.language, one.source, one.folder, item)


def _of_folders(folder: Path) -> Iterator[QueueEntry]:
    """The audio files below the folders of the index that have no transcript of the same name beside them."""
    known = {(path.parent, plain_stem(path)) for path in map(Path, known_paths(folder))}
    own = {folder.resolve(), beside(folder)}
    finder, seen = FactFinder(), set()
    for source in read_sources(folder) or derived(folder):
        if source.is_feed:
            continue
        for path in _audio_below(Path(source.place), own):
            if path not in seen and (path.parent, plain_stem(path)) not in known:
                seen.add(path)
                facts = finder.facts(path)[0]
                if facts is not None:
                    yield QueueEntry(str(path), facts.show, facts.title, facts.date, str(path), facts.language)


def _audio_below(root: Path, own: set[Path]) -> Iterator[Path]:
    for above, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith(".") and Path(above, name) not in own)
        transcripts = {plain_stem(Path(name)) for name in files if Path(name).suffix.lower() in SUFFIXES}
        for name in sorted(files):
            path = Path(above, name)
            if path.suffix.lower() in AUDIO and not name.startswith(".") and plain_stem(path) not in transcripts:
                yield path.resolve()


def note_failure(folder: Path, key: str, line: str) -> None:
    """Stores that an entry failed. Raises OSError."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    with alone_in(_made(folder)):
        _write_failures(folder, {**_read_failures(folder), key: Failure(now, line)})


def forget_failures(folder: Path, keys: set[str]) -> None:
    """Lets entries wait again. Raises OSError."""
    with alone_in(_made(folder)):
        before = _read_failures(folder)
        if not keys.isdisjoint(before):
            _write_failures(folder, {key: one for key, one in before.items() if key not in keys})


def _made(folder: Path) -> Path:
    make_folder(folder)
    return folder


def _read_failures(folder: Path) -> dict[str, Failure]:
    path = folder / FILE
    try:
        values, is_sealed = unsealed(path.read_bytes())
        check_version(values["version"], is_sealed, _VERSION)
        return {str(key): Failure(str(one["at"]), str(one["line"])) for key, one in values["failed"].items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error, _("remove it; everything in the queue is then tried again")) from None


def _write_failures(folder: Path, failures: Mapping[str, Failure]) -> None:
    plain = {key: {"at": one.at, "line": one.line} for key, one in failures.items()}
    write_whole(folder / FILE, sealed({"version": _VERSION, "failed": plain}, indent=1))
