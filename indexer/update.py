"""Brings an index up to date with a set of paths: what is new or changed is read, the rest is left alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.analyze import Done, Job
from indexer.compatibility import agree_manifest
from indexer.core import sources
from indexer.core.interrupts import hold_interrupts
from indexer.core.paths import default_index
from indexer.core.pronunciation import read_readings
from indexer.core.sources import LARGEST_FILE
from indexer.core.types import Complaint
from indexer.discovery import stdin
from indexer.discovery.missing import find_gone, surely_gone
from indexer.discovery.preferred import choose
from indexer.discovery.walk import find_transcripts
from indexer.gathering import gather
from indexer.index_folder import check_own
from indexer.known_episodes import KnownEpisode, inherit, is_as_known, not_read
from indexer.known_episodes import forget as forget
from indexer.metadata.feeds.follow import Tally, follow
from indexer.metadata.filename import facts_from_name, readable_id
from indexer.metadata.sidecar import FactFinder
from indexer.store.fields.record import digest, from_record
from indexer.store.manifest import DamagedManifest, Manifest, OutdatedIndex, read_manifest
from indexer.store.waiting import read_waiting, settle
from indexer.store.writer import Batch, IndexWriter
from indexer.workers import WorkerDied, prepare_all

BATCH_ATOMS = 16_000_000
"""Atoms. So much is written between two commits: a minute of work and 100 MB of memory."""

Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class Report:
    """What an indexing run did. Counts are episodes, except `cues`."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    without_cues: int = 0
    failed: int = 0
    missing: int = 0
    cues: int = 0
    interrupted: bool = False
    complaints: list[Complaint] = field(default_factory=list)
    feeds: list[Tally] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when everything was done, 2 when something could not be read."""
        return 2 if self.interrupted or any(complaint.fatal for complaint in self.complaints) else 0


def index_paths(
    paths: Iterable[Path | str],
    index_dir: Path | str | None = None,
    *,
    jobs: int | None = None,
    prune: bool = False,
    rebuild: bool = False,
    lexicon: Path | str | None = None,
    feeds: Iterable[Path | str] = (),
    progress: Progress | None = None,
    unattended: bool = False,
) -> Report:
    """Indexes the transcripts below `paths` into `index_dir` (None: the default index).

    `jobs` is the number of processes (None: one per core). `prune` removes episodes below `paths`
    whose files are gone. `rebuild` reads every known episode again, with the lexicon found now.
    `feeds` are files and addresses of the shows' feeds, which are fetched.
    `progress(done, total, name)` is called after each file. `unattended` is for runs that nobody asked for one
    by one: new words of a lexicon wait for a rebuild, with a complaint, and nothing is pruned below a path that has no
    transcript left, such as a disk that is not mounted.

    Raises IndexProblem when the index is busy, damaged, or was made with other words, and for a folder that holds
    something else.
    """
    places, feeds = [Path(path) for path in paths], list(feeds)
    folder = Path(index_dir) if index_dir is not None else default_index()
    report = Report()
    check_own(folder)
    try:
        read_manifest(folder)  # an index of another format is named as such before its files are opened
    except (DamagedManifest, OutdatedIndex):
        if not rebuild:
            raise
    gathered = gather(folder, feeds, places, rebuild) if feeds else None
    writer = IndexWriter(folder, mending=rebuild)
    try:
        report.complaints.extend([*(gathered.complaints if gathered else ()), *writer.complaints])
        entries = [KnownEpisode(from_record(one), str(one["made"]), str(one["told"])) for one in writer.records()]
        stdin.move_out(folder)
        waiting = stdin.unread(folder, [entry.episode.path for entry in entries])
        lost = {stdin.now_at(folder, path): name for path, name in read_waiting(folder).items()}
        known = {path: not_read(path, name) for path, name in lost.items()}
        known |= {stdin.now_at(folder, entry.episode.path): entry for entry in entries}
        # A rebuild takes the words of every folder in the index, named or not.
        folders = [*places, *sorted({sources.folder_of(Path(path)) for path in known})] if rebuild else places
        manifest = agree_manifest(folder, folders, lexicon, rebuild, report.complaints if unattended else None)
        named = [*places, *waiting]
        found = find_transcripts(named, report.complaints, lambda path: is_as_known(path, known.get(str(path))))
        chosen = choose([path for path in found if not stdin.is_forgotten(folder, path)], named, known)
        report.complaints.extend(chosen.complaints)
        beaten = inherit(known, chosen.outdone)
        files = chosen.files
        below = [*places, *stdin.inboxes(folder)] if places else []
        gone = find_gone(known, below, {str(path) for path in (*files, *chosen.left)})
        pruned = [] if not prune else surely_gone(gone, below, files) if unattended else gone
        kept_as = (Path(path) for path in (known if rebuild else lost) if path not in gone and path not in beaten)
        files = list(dict.fromkeys([*files, *kept_as]))
        network = gathered.answers() if gathered else None
        followed = follow(folder, feeds, places, files, [path for path in known if path not in gone], network)
        if gathered and gathered.interrupted:  # what had come is kept
            raise KeyboardInterrupt
        files = [path for path in dict.fromkeys([*files, *followed.files]) if str(path) not in followed.surplus]
        report.complaints.extend(followed.complaints)
        report.feeds = followed.tallies
        # With --prune, a gone file's id is free again: a moved show keeps its ids.
        leaving = {path for path in (*followed.surplus, *pruned, *beaten) if path in known}
        kept = {path: entry for path, entry in known.items() if path not in leaving}
        todo = plan(files, kept, manifest.fingerprint, report, again=rebuild, fed=followed.facts)
        if leaving:
            with writer.batch() as batch:
                for path in leaving:
                    batch.remove(known[path].episode.id)
        report.removed = len(leaving)
        report.missing = len(gone) - len(pruned)
        _run(writer, todo, kept, manifest, jobs, progress, report)
        if not writer.is_sealed:
            with writer.batch():
                pass  # a commit of nothing gives all that is there its checksums
        if lost:
            failed = {complaint.path for complaint in report.complaints if complaint.fatal}
            there = {entry.path for entry in map(from_record, writer.records())}
            still = set(lost) if report.interrupted else {*gone, *failed}
            settle(folder, lost, still - there - leaving)
    finally:
        writer.close()
    return report


def plan(
    files: Sequence[Path],
    known: Mapping[str, KnownEpisode],
    fingerprint: str,
    report: Report,
    again: bool = False,
    fed: Mapping[str, Mapping[str, object]] | None = None,
) -> list[Job]:
    """The files to read: new ones, and those whose content, facts or cut into words changed (all, for `again`).

    `fed` is what feeds tell of files, by their path.
    """
    finder = FactFinder()
    taken = {entry.episode.id: path for path, entry in known.items()}
    todo = []
    for path in files:
        facts, given = finder.facts(path, (fed or {}).get(str(path)))
        before = known.get(str(path))
        if facts is None:  # its sidecar cannot be read just now: what was known stays
            facts, given = (before.episode.facts, before.episode.id) if before else (facts_from_name(path), None)
        episode_id = _choose_id(path, given, before, taken)
        taken[episode_id] = str(path)
        job = Job(str(path), episode_id, facts, fingerprint)
        if before is not None and not again and _is_unchanged(job, before):
            report.unchanged += 1
        else:
            todo.append(job)
    report.complaints.extend(finder.complaints)
    return todo


def _choose_id(path: Path, given: str | None, before: KnownEpisode | None, taken: Mapping[str, str]) -> str:
    """The id the sidecar gives, else the one the file had, else a readable one; never another file's."""
    wanted = given or (before.episode.id if before else readable_id(path))
    if taken.get(wanted, str(path)) == str(path):
        return wanted
    return f"{wanted}~{hashlib.sha256(os.fsencode(path)).hexdigest()[:6]}"


def _is_unchanged(job: Job, before: KnownEpisode) -> bool:
    episode = before.episode
    as_before = episode.id, episode.path, before.told, before.made
    if as_before != (job.id, job.path, digest(job.facts), job.fingerprint):
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


def _run(
    writer: IndexWriter,
    todo: Sequence[Job],
    known: Mapping[str, KnownEpisode],
    manifest: Manifest,
    jobs: int | None,
    progress: Progress | None,
    report: Report,
) -> None:
    """Prepares and writes in batches. Ctrl-C ends it after the episode at hand, and what is ready is committed; so it
    is when a worker dies. Raises WorkerDied."""
    results = prepare_all(todo, manifest, read_readings(writer.folder, manifest.readings_crc), jobs)
    done = 0
    died: WorkerDied | None = None
    try:
        with hold_interrupts() as interrupt:
            while done < len(todo) and not interrupt.wanted and died is None:
                with writer.batch() as batch:
                    atoms = 0
                    while atoms < BATCH_ATOMS and done < len(todo) and not interrupt.wanted:
                        try:
                            result = next(results)
                        except WorkerDied as problem:
                            died = problem
                            break
                        done += 1
                        atoms += _write(batch, result, known, report)
                        if progress is not None:
                            progress(done, len(todo), result.job.path)
            if died is not None and not interrupt.comes_soon():  # a signal to all of us is for us to answer
                raise died
            report.interrupted = interrupt.wanted and done < len(todo)
    finally:
        results.close()


def _write(batch: Batch, done: Done, known: Mapping[str, KnownEpisode], report: Report) -> int:
    """Puts one result into the batch and the report; returns its atoms."""
    report.complaints.extend(done.complaints)
    before = known.get(done.job.path)
    failed = any(complaint.fatal for complaint in done.complaints)
    if before is not None and not failed and (done.prepared or before.episode.path == done.job.path):
        batch.remove(before.episode.id)  # what a better transcript was to take the place of stays if that has no cues
    if done.prepared is None:
        report.failed += failed
        report.without_cues += not failed
        return 0
    batch.add(done.prepared)
    report.cues += done.cues
    if before is None:
        report.added += 1
    else:
        report.changed += 1
    return done.prepared.atoms
