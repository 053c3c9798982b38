"""Transcribes the episodes in the queue, one at a time, and indexes each transcript as soon as it is there.

A half-finished transcript is never seen: the recogniser works in a temporary folder, and the transcript is moved into
place whole. A run that is killed leaves that folder behind; the next run empties it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.core.errors import IndexBusy, PodseekProblem
from indexer.core.files.atomic_write import make_folder, whole_file
from indexer.core.messages import _
from indexer.core.processes.interrupts import hold_interrupts
from indexer.intake.audio import AudioFetchers, Wanted, audio_limit, fetch_audio
from indexer.intake.queue import QueueEntry, read_queue
from indexer.intake.recogniser import Recogniser, RecognitionFailed, transcribe
from indexer.intake.updating import scopes_of
from indexer.metadata.feeds.own_files import OwnFiles, podcasts_folder
from indexer.store.library.recognition_failures import forget_failures, note_failure
from indexer.store.library.sources import read_sources
from indexer.update import index_paths

_WORK = ".work"
_WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds between attempts to write to an index that another podseek writes to."""


class AtWork(PodseekProblem):
    """Another process is transcribing the same queue."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: the transcript, or why there is none. `is_indexed` is False if the index was busy all
    the time: the next update reads the transcript."""

    entry: QueueEntry
    path: Path | None
    problem: str = ""
    is_indexed: bool = True


Show = Callable[[QueueEntry, str], None]


def transcribe_queue(
    folder: Path, recogniser: Recogniser, *, most: int | None, retry: bool, show: Show
) -> Iterator[Outcome]:
    """Transcribes the entries of the queue, newest first, at most `most`; with `retry`, also those that failed.
    `show(entry, text)` is called with what is being done.

    Raises AtWork if another process does so already, KeyboardInterrupt; IndexProblem and OSError.
    """
    home = podcasts_folder(folder)
    make_folder(home)
    with _alone(home), hold_interrupts(terminate=True) as interrupt:
        queue = read_queue(folder)
        entries = [*queue.waiting, *(queue.failed if retry else ())]
        fetchers = AudioFetchers(folder)
        audio_of = {one.place: one.audio for one in read_sources(folder) if one.is_feed}
        for entry in entries[:most]:
            work = home / _WORK
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            try:
                yield _one(folder, entry, recogniser, work, fetchers, audio_of, show, interrupt.is_set)
            finally:
                shutil.rmtree(work, ignore_errors=True)
            if interrupt.wanted:
                raise KeyboardInterrupt


def _one(
    folder: Path,
    entry: QueueEntry,
    recogniser: Recogniser,
    work: Path,
    fetchers: AudioFetchers,
    audio_of: dict[str, bool],
    show: Show,
    is_stopped: Callable[[], bool],
) -> Outcome:
    try:
        audio = _audio(folder, entry, fetchers, show, is_stopped)
        made = transcribe(
            recogniser,
            audio,
            entry.language,
            work,
            lambda seconds, line: show(entry, f"{int(seconds // 60)}:{int(seconds % 60):02}  {line}"),
            is_stopped,
        )
        path = _put(folder, entry, audio, made.data, made.suffix)
    except RecognitionFailed as problem:
        note_failure(folder, entry.key, str(problem))
        return Outcome(entry, None, str(problem))
    forget_failures(folder, {entry.key})
    if entry.item is not None and not audio_of.get(entry.source, False):
        with suppress(OSError):
            audio.unlink()
    return Outcome(entry, path, "", _index(folder, path))


def _audio(
    folder: Path, entry: QueueEntry, fetchers: AudioFetchers, show: Show, is_stopped: Callable[[], bool]
) -> Path:
    """The file to transcribe, downloaded if it must be. Raises RecognitionFailed, and KeyboardInterrupt."""
    if entry.item is None or "://" not in entry.audio:
        return Path(entry.audio)
    target = OwnFiles(folder, entry.folder).audio_target(entry.item)

    def step(one: Wanted, done: int, total: int) -> None:
        if is_stopped():
            raise KeyboardInterrupt
        show(entry, f"{done / 1e6:,.1f} / {total / 1e6:,.1f} MB" if total else f"{done / 1e6:,.1f} MB")

    wanted = Wanted(entry.source, entry.show, entry.item, target)
    problem = fetch_audio(folder, wanted, audio_limit(), fetchers, step)
    if problem is not None:
        raise RecognitionFailed(_("the audio cannot be downloaded ({why})").format(why=problem))
    return target


def _put(folder: Path, entry: QueueEntry, audio: Path, data: bytes, suffix: str) -> Path:
    """Puts a transcript into its place: beside the audio of the user, or with the files of the feed."""
    if entry.item is None:
        target = audio.with_name(f"{audio.stem}{suffix}")
    else:
        own = OwnFiles(folder, entry.folder)
        make_folder(own.home)
        target = own.home / f"{own.stem(entry.item)}{suffix}"
    try:
        with whole_file(target, replace=False) as file:
            file.write(data)
    except FileExistsError:
        raise RecognitionFailed(_("{path}: is there already: kept").format(path=target)) from None
    except OSError as error:
        what = _("{path}: cannot be written ({why})")
        raise RecognitionFailed(what.format(path=target, why=error.strerror)) from None
    return target


def _index(folder: Path, path: Path) -> bool:
    """Reads a transcript into the index; False if that was busy all the time."""
    for wait in (*_WAITS, None):
        try:
            index_paths([path], folder, scopes=scopes_of(folder), remember=False)
            return True
        except IndexBusy:
            if wait is not None:
                time.sleep(wait)
    return False


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Holds the lock of the queue. Raises AtWork if another process has it; a no-op where folders cannot be locked."""
    import os

    try:
        import fcntl

        opened = os.open(home, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = _("{folder}: another podseek works off this queue: wait until it has finished")
            raise AtWork(what.format(folder=home)) from None
        yield
    finally:
        os.close(opened)
