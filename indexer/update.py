"""Updates an index from a set of paths: reads new and changed transcripts only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from indexer.analyze import JobResult, Jobs
from indexer.core.configuration.paths import default_index
from indexer.core.files import sources
from indexer.core.messages import _
from indexer.core.processes.interrupts import hold_interrupts
from indexer.core.types import Complaint
from indexer.core.words.pronunciation import read_readings
from indexer.discovery import inbox
from indexer.forgetting import reconcile_vectors
from indexer.index_folder import check_own
from indexer.metadata.feeds.follow import Tally, feed_name
from indexer.metadata.feeds.network import RecordingNetwork
from indexer.runs.compatibility import Relation, agree_manifest
from indexer.runs.destination import Destination, FolderDestination, RemoteDestination
from indexer.runs.known_episodes import KnownEpisode
from indexer.runs.planned_jobs import plan
from indexer.runs.survey import KnownFiles, RunOptions, Survey, prefetch, read_known, survey
from indexer.store.fields.record import from_record
from indexer.store.library.dropped_episodes import keep_waiting
from indexer.store.library.renamed_speakers import read_renames
from indexer.store.library.sources import LibrarySource, add_sources
from indexer.store.manifest import Manifest
from indexer.store.repair.renewal import recover, renewal_of
from indexer.store.target import Changes, EpisodeWriter, Target, ToRead
from indexer.workers import WorkerDied, prepare_all

BATCH_ATOMS = 64_000_000
"""Atoms written between two commits: about four minutes of work on two cores. Smaller batches leave more segments, and
every search does some work for each segment. Memory does not depend on it, since postings are spilled to disk."""

Progress = Callable[[int, int, str], None]
Watch = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """The result of an indexing run. Counts are of episodes, except `cues`. `gone` are the files of the `missing`
    episodes. `moved` maps the old paths of renamed or moved files to their new ones; their episodes count as
    `changed`."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    without_cues: int = 0
    failed: int = 0
    missing: int = 0
    gone: Sequence[str] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    cues: int = 0
    interrupted: bool = False
    complaints: list[Complaint] = field(default_factory=list)
    feeds: list[Tally] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 if the run was complete, 2 if it was interrupted or something could not be read."""
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
    remember: bool = True,
    scopes: Mapping[str, Sequence[Path]] | None = None,
    watch: Watch | None = None,
    into: Target | None = None,
) -> Report:
    """Indexes the transcripts below `paths` into `index_dir` (None: the default index).

    `jobs` is the number of processes (None: one per core). `prune` removes episodes below `paths` whose files are
    gone. `rebuild` reads every known episode again, with the current lexicon. `feeds` are paths and URLs of the shows'
    feeds, which are fetched. `progress(done, total, name)` is called after each file. `unattended` is for automatic
    runs: new words of a lexicon wait for a rebuild, with a complaint, and nothing is pruned below a path without any
    transcript left, such as an unmounted disk. `remember` adds the paths and feeds to the sources of the index.
    `scopes` maps feeds to the only places whose transcripts may be their episodes (default: `paths`). `watch(address)`
    is called before each fetch. `into` is a library elsewhere, such as in a cluster; `index_dir` is then not used.

    Raises IndexProblem if the index is busy, damaged or made with another lexicon, and if the folder holds other files.
    """
    options = RunOptions([Path(path) for path in paths], list(feeds), prune, rebuild, unattended, scopes)
    run = _Run(options, jobs, lexicon, remember, progress, watch)
    if into is not None:
        return _index(run, RemoteDestination(into))
    folder = Path(index_dir) if index_dir is not None else default_index()
    recover(folder)
    check_own(folder)
    renewal = renewal_of(folder, rebuild)
    report = _index(run, FolderDestination(folder, renewal.new if renewal else folder))
    if renewal and not report.interrupted:
        renewal.finish()
        what = _("was of an older format"), _("rebuilt from its transcripts")
        report.complaints.append(Complaint(str(folder), 0, *what))
    return report


@dataclass(frozen=True, slots=True)
class _Run:
    """The arguments of `index_paths`; `options` has those that a survey needs."""

    options: RunOptions
    jobs: int | None
    lexicon: Path | str | None
    remember: bool
    progress: Progress | None
    watch: Watch | None


def _index(run: _Run, destination: Destination) -> Report:
    """Brings an index up to date. Raises what `index_paths` does."""
    options = run.options
    prefetched = prefetch(options, destination, run.watch) if options.feeds else None
    writer = destination.opened(mending=options.rebuild)
    report = Report(complaints=[*(prefetched.complaints if prefetched else ()), *writer.complaints])
    try:
        if run.remember and not destination.is_dry:
            _remember(destination.folder, options)
        work = _work(run, destination, writer, prefetched, report)
        if destination.preview is not None:
            destination.preview += (ToRead(job.path, job.facts, job.path not in work.found.kept) for job in work.todo)
            return report
        _remove(writer, work.found.leaving)
        _write_jobs(writer, work, run.jobs, run.progress, report)
        _complete(writer, destination.home, work, report)
    finally:
        writer.close()
    return report


def _remember(folder: Path, options: RunOptions) -> None:
    """Adds the paths and feeds of a run to the sources of the index, except for what came from standard input."""
    given = [place.resolve() for place in options.places if place.exists()]
    own = [str(place) for place in given if place.parent not in inbox.inboxes(folder)]
    feeds = (LibrarySource(feed_name(feed), True, False, tuple(own)) for feed in options.feeds)
    add_sources(folder, [*map(LibrarySource, own), *feeds])


class _Work(NamedTuple):
    """What a run has to do: `todo` are the files to read, `lost` the paths and names of the episodes that damage took
    from the index and that have to be read again."""

    manifest: Manifest
    found: Survey
    todo: Jobs
    lost: Mapping[str, str]


def _work(
    run: _Run, destination: Destination, writer: EpisodeWriter, prefetched: RecordingNetwork | None, report: Report
) -> _Work:
    """Determines what the run has to do, and adds its findings to the report. Raises IndexProblem if the index was made
    with another lexicon."""
    options = run.options
    known = read_known(destination, writer.records())
    manifest = _agreed_manifest(run, destination, known, report.complaints)
    found = survey(options, destination, known, prefetched)
    report.complaints.extend(found.complaints)
    report.feeds, report.removed = found.tallies, len(found.leaving)
    report.missing, report.gone, report.moved = len(found.missing), found.missing, found.moved
    again, renames = destination.reads_again(options.rebuild), read_renames(destination.folder)
    planned = plan(found, destination, manifest.fingerprint, again, renames)
    report.failed, report.unchanged = found.unreadable, planned.unchanged
    if options.prune and not options.places:  # all known episodes were looked at
        report.unchanged = _staying(found, planned.jobs, destination)
    report.complaints.extend(planned.complaints)
    return _Work(manifest, found, planned.jobs, known.lost)


def _staying(found: Survey, jobs: Jobs, destination: Destination) -> int:
    """The number of known episodes that a run over all of them leaves as they are, and whose files are there."""
    other = {*found.gone, *(job.path for job in jobs)}
    return sum(path not in other and destination.has(known.episode.id) for path, known in found.kept.items())


def _agreed_manifest(run: _Run, destination: Destination, known: KnownFiles, complaints: list[Complaint]) -> Manifest:
    """The manifest of this run. Raises IndexProblem if the index was made with another lexicon; an unattended run adds
    a complaint instead."""
    places, rebuild = run.options.places, run.options.rebuild
    # A rebuild uses the lexicons of every folder in the index, not only of the named ones.
    folders = [*places, *sorted({sources.folder_of(Path(path)) for path in known.episodes})] if rebuild else places
    # An index without episodes has no text that was cut with the old lexicon: its first run found nothing to read, or
    # no room on the disk.
    is_empty = not (destination.is_remote or known.episodes or known.lost)
    if is_empty or destination.begins(rebuild):
        relation = Relation.REPLACES
    else:
        relation = Relation.JOINS if rebuild else Relation.EXTENDS
    waiting = complaints if run.options.unattended else None
    return destination.agreed(agree_manifest(destination.copies, folders, run.lexicon, relation, waiting))


def _remove(writer: EpisodeWriter, leaving: Mapping[str, str]) -> None:
    """Removes episodes, given as path -> id."""
    if leaving:
        with writer.batch() as batch:
            for episode_id in leaving.values():
                batch.remove(episode_id)


def _complete(writer: EpisodeWriter, home: Path, work: _Work, report: Report) -> None:
    """Adds missing checksums, records which of the lost episodes still have to be read again, and removes the vectors
    of episodes that are gone."""
    if not writer.is_sealed:
        with writer.batch():
            pass  # an empty commit adds the missing checksums
    if work.lost:
        failed = {complaint.path for complaint in report.complaints if complaint.fatal}
        there = {entry.path for entry in map(from_record, writer.records())}
        still = set(work.lost) if report.interrupted else {*work.found.gone, *failed}
        keep_waiting(home, work.lost, still - there - work.found.leaving.keys())
    reconcile_vectors(writer)


def _write_jobs(
    writer: EpisodeWriter, work: _Work, jobs: int | None, progress: Progress | None, report: Report
) -> None:
    """Prepares and writes the jobs in batches. On Ctrl-C, finishes the current episode and commits what is ready. Does
    the same if a worker dies, then raises WorkerDied."""
    todo, manifest = work.todo, work.manifest
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
                        atoms += _write(batch, result, work.found.kept, report)
                        if progress is not None:
                            progress(done, len(todo), result.job.path)
            if died is not None and not interrupt.comes_soon():  # Ctrl-C reaches the whole process group
                raise died
            report.interrupted = interrupt.wanted and done < len(todo)
    finally:
        results.close()


def _write(batch: Changes, done: JobResult, known: Mapping[str, KnownEpisode], report: Report) -> int:
    """Adds one result to the batch and the report; returns its number of atoms."""
    report.complaints.extend(done.complaints)
    before = known.get(done.job.path)
    failed = any(complaint.fatal for complaint in done.complaints)
    if before is not None and not failed and (done.prepared or before.episode.path == done.job.path):
        batch.remove(before.episode.id)  # not if a better transcript, meant to replace it, turns out to have no cues
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
