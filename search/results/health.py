"""Reports what an index holds, and checks whether all of it can still be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.errors import IndexProblem, system_reason
from indexer.core.files import sources
from indexer.core.files.kept_folder import home_of
from indexer.core.files.sources import LARGEST_FILE, exists
from indexer.core.messages import _
from indexer.core.positions.stream_builder import StreamBuilder
from indexer.core.types import Episode
from indexer.core.words.lexicon import find_lexicons, read_lexicon
from indexer.core.words.pronunciation import readings_digest
from indexer.store import vectors
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.library.feeds import read_store
from indexer.store.library.ignored import read_ignored
from indexer.store.library.recognition_failures import read_failures
from indexer.store.library.renamed_speakers import read_renames
from indexer.store.library.seen_moments import read_known
from indexer.store.library.sources import read_sources
from search.results.checked_postings import wrong_postings
from search.retrieval.meaning.coverage import Coverage, coverage

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of an index. `seconds` is the length of its audio, `size` its bytes on disk; `missing` counts episodes
    whose transcript file is gone; `meaning` is how much has vectors, None without any."""

    folder: Path
    episodes: int
    shows: int
    cues: int
    characters: int
    seconds: float
    first_date: str | None
    last_date: str | None
    size: int
    missing: int
    meaning: Coverage | None = None
    first_period: str | None = None
    last_period: str | None = None
    undated: int = 0
    """Episodes of which not even the year is known."""


def read_status(snapshot: Snapshot) -> Status:
    """Returns the counts of an open index."""
    episodes = [snapshot.episode(number) for number in snapshot.episodes()]
    dates = sorted(episode.date for episode in episodes if episode.date)
    periods = sorted(episode.period for episode in episodes if episode.period)
    return Status(
        folder=Path(snapshot.folder),
        episodes=len(episodes),
        shows=len({episode.show for episode in episodes}),
        cues=sum(episode.cues for episode in episodes),
        characters=sum(episode.characters for episode in episodes),
        seconds=sum(episode.duration for episode in episodes),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        size=_bytes_in(Path(snapshot.folder)),
        missing=sum(map(_is_missing, episodes)),
        meaning=coverage(snapshot),
        first_period=periods[0] if periods else None,
        last_period=periods[-1] if periods else None,
        undated=len(episodes) - len(periods),
    )


def _is_missing(episode: Episode) -> bool:
    try:
        return not exists(Path(episode.path))
    except OSError:  # an archive that cannot be read
        return False


def check_index(snapshot: Snapshot, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Returns one line per fault: a file that differs from what was written, an episode that cannot be read, or whose
    parts disagree. `progress` is called with how many steps are done, and of how many."""
    cure = _("read it again with `podseek index --rebuild`")
    damaged = snapshot.faults()
    damaged += _faults_beside(Path(snapshot.folder))
    try:
        faults = [*_readings_faults(snapshot)]
        if not damaged:  # else each fault would be reported again, less exactly
            step = _Steps(snapshot, progress).step
            faults += [*_episode_faults(snapshot, step), *_posting_faults(snapshot, step)]
            faults += _waiting_faults(Path(snapshot.folder))
            damaged += _kept_faults(snapshot)
    except Exception as error:  # a damaged file can fail in any way
        faults = [_("the postings cannot be read ({reason})").format(reason=_reason(error))]
    return [*damaged, *(f"{snapshot.folder}: {fault}: {cure}" for fault in faults)]


def unchecked_parts(snapshot: Snapshot) -> list[str]:
    """The parts of the index without checksums, as in indexes of older formats; damage there may go unnoticed. The next
    run of `podseek index` adds them."""
    return snapshot.unchecked()


def _reason(error: Exception) -> BaseException:
    """What is wrong with the bytes, without the advice for searches."""
    return (error.__cause__ if isinstance(error, IndexProblem) else None) or error


def _faults_beside(folder: Path) -> Iterator[str]:
    """Checks the files beside the episodes: facts from feeds, alert state, user aliases."""
    for read in (
        read_store,
        read_known,
        read_waiting,
        read_sources,
        read_failures,
        read_ignored,
        read_renames,
        _read_lexicon,
    ):
        try:
            read(folder)
        except IndexProblem as problem:
            yield str(problem)
    yield from vectors.faults(folder)


def _read_lexicon(folder: Path) -> None:
    for path in find_lexicons([folder]):
        read_lexicon(path)


def _kept_faults(snapshot: Snapshot) -> Iterator[str]:
    """Compares the kept transcripts, of which there may be no other copy, with what was indexed."""
    folders = {Path(snapshot.folder).resolve(), home_of(Path(snapshot.folder))}
    for number in snapshot.episodes():
        episode = snapshot.episode(number)
        path = Path(episode.path)
        if folders.isdisjoint(path.parents):
            continue
        cure = _("`podseek index {path}` takes it as it is now").format(path=path)
        try:
            same = hashlib.sha256(sources.read(path, LARGEST_FILE + 1)).hexdigest() == episode.digest
        except OSError as error:
            yield _("{path}: cannot be read ({reason}): `podseek read {id}` still has its text").format(
                path=path, reason=system_reason(error), id=episode.id
            )
        else:
            if not same:
                yield _("{path}: is not as it was when {id} was read from it: {cure}").format(
                    path=path, id=episode.id, cure=cure
                )


def _waiting_faults(folder: Path) -> Iterator[str]:
    for path, name in read_waiting(folder).items():
        yield _("{name} was damaged, and waits for its transcript {path}").format(name=name, path=path)


def _readings_faults(snapshot: Snapshot) -> Iterator[str]:
    """Compares the readings with those the index was built with."""
    try:
        same = readings_digest(snapshot.folder) == snapshot.readings_digest
        __ = snapshot.readings
    except OSError as error:
        yield _("the readings cannot be read ({reason})").format(reason=system_reason(error))
        return
    if not same:
        yield _("the readings differ from those it was made with")


class _Steps:
    """Tells how far a check is: two steps per episode."""

    def __init__(self, snapshot: Snapshot, progress: Callable[[int, int], None] | None) -> None:
        self._progress = progress
        self._total = 2 * len(snapshot.episodes())
        self._done = 0

    def step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _episode_faults(snapshot: Snapshot, step: Callable[[], None]) -> Iterator[str]:
    """Compares the cues, times, texts and stream of each episode."""
    for number in snapshot.episodes():
        step()
        name = f"episode {number}"
        try:
            episode = snapshot.episode(number)
            name = episode.id
            stream, times = snapshot.stream(number), snapshot.times(number)
            texts, __ = snapshot.text(number)
            snapshot.damped(number), snapshot.marks(number).new, snapshot.sounds(number)
            said = StreamBuilder(stream.names).code(snapshot.folding.fold_all(texts))
            last = max(times.ends(), default=0) / 1000
        except Exception as error:  # a damaged file can fail in any way
            yield _("{name} cannot be read ({reason})").format(name=name, reason=_reason(error))
            continue
        if not len(texts) == len(times) == episode.cues:
            yield _("{name} has {texts} texts, {times} times and should have {cues} cues").format(
                name=name, texts=len(texts), times=len(times), cues=episode.cues
            )
        elif said != stream.units() or not len(stream) == times.first[-1] == snapshot.atoms(number):
            yield _("{name} has a timeline that differs from its text").format(name=name)
        elif abs(last - episode.duration) > 0.001:
            yield _("{name} has times that end at {last:.3f} s instead of {duration:.3f} s").format(
                name=name, last=last, duration=episode.duration
            )


def _posting_faults(snapshot: Snapshot, step: Callable[[], None]) -> Iterator[str]:
    """Compares the postings of each episode with its stream."""
    for number in wrong_postings(snapshot, list(snapshot.words()), step):
        yield _("{id} has postings that differ from its timeline").format(id=snapshot.episode(number).id)


def _bytes_in(folder: Path) -> int:
    """The bytes of the files in a folder, without those that a commit removes meanwhile."""
    found = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            found += path.stat().st_size if path.is_file() else 0
    return found
