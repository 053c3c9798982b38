"""Updates an index from a set of paths: reads new and changed transcripts only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.analyze import Done, Job
from indexer.compatibility import agree_manifest
from indexer.core import sources
from indexer.core.interrupts import hold_interrupts
from indexer.core.messages import _
from indexer.core.paths import default_index
from indexer.core.pronunciation import read_readings
from indexer.core.types import Complaint
from indexer.discovery import stdin
from indexer.discovery.missing import find_gone, surely_gone
from indexer.discovery.preferred import choose
from indexer.discovery.walk import find_transcripts
from indexer.gathering import gather
from indexer.index_folder import check_own
from indexer.known_episodes import (
    KnownEpisode,
    inherit,
    is_as_known,
    not_read,
    plan,
    remember_run,
    settle_vectors,
)
from indexer.known_episodes import forget as forget
from indexer.metadata.feeds.follow import Tally, follow
from indexer.store.fields.record import from_record
from indexer.store.ignored import still_ignored
from indexer.store.manifest import Manifest
from indexer.store.remembered import named_before
from indexer.store.renamed_speakers import read_renames
from indexer.store.renewal import recover, renewal_of
from indexer.store.target import Changes, EpisodeWriter, Target, ToRead
from indexer.store.waiting import read_waiting, settle
from indexer.store.writer import IndexWriter
from indexer.workers import WorkerDied, prepare_all

BATCH_ATOMS = 32_000_000
"""Atoms written between two commits: two minutes of work on two cores. Memory does not depend on it, since postings are
spilled; a search does one part of its work for each segment, that is for each commit."""

Progress = Callable[[int, int, str], None]
Watch = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """The result of an indexing run. Counts are episodes, except `cues`."""

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
    is called before each fetch. `into` is a library that is no folder; `index_dir` is then not used.

    Raises IndexProblem if the index is busy, damaged or made with other words, and if the folder holds other files.
    """
    places, feeds = [Path(path) for path in paths], list(feeds)
    folder = into.home if into else Path(index_dir) if index_dir is not None else default_index()
    report = Report()
    recover(folder)
    if into is None:
        check_own(folder)
    renewal = renewal_of(folder, rebuild) if into is None else None
    home = renewal.new if renewal else folder
    elsewhere = into.writer if into else None
    gathered = gather(folder, home, feeds, places, rebuild, scopes, watch, elsewhere) if feeds else None
    writer: EpisodeWriter = IndexWriter(home, mending=rebuild) if into is None else into.writer
    try:
        report.complaints.extend([*(gathered.complaints if gathered else ()), *writer.complaints])
        if remember:
            remember_run(folder, places, feeds)
        entries = [KnownEpisode(from_record(one), str(one["made"]), str(one["told"])) for one in writer.records()]
        stdin.move_out(folder)
        waiting = stdin.unread(folder, [entry.episode.path for entry in entries])
        wanting = read_waiting(home)
        lost = dict(zip(stdin.now_at(folder, wanting), wanting.values(), strict=True))
        known = {path: not_read(path, name) for path, name in lost.items()}
        known |= zip(stdin.now_at(folder, [entry.episode.path for entry in entries]), entries, strict=True)
        # A rebuild uses the lexicons of every folder in the index, not only of the named ones.
        folders = [*places, *sorted({sources.folder_of(Path(path)) for path in known})] if rebuild else places
        anew = rebuild and (into is None or not into.agrees)
        manifest = agree_manifest(
            into.copies if into else home,
            folders,
            lexicon,
            anew,
            report.complaints if unattended else None,
            begun=rebuild and not anew,
        )
        if into is not None:
            manifest = into.agreed(manifest, manifest.lexicons)
        named = [*places, *waiting]
        ignored = still_ignored(folder, [str(place.resolve()) for place in places])
        found = find_transcripts(named, report.complaints, lambda path: is_as_known(path, known.get(str(path))))
        found = [path for path in stdin.without_forgotten(folder, found) if str(path) not in ignored]
        chosen = choose(found, [*named, *named_before(folder)], known)
        report.complaints.extend(chosen.complaints)
        beaten = inherit(known, chosen.outdone)
        files = chosen.files
        below = [*places, *stdin.inboxes(folder)] if places else []
        gone = find_gone(known, below, {str(path) for path in (*files, *chosen.left)})
        pruned = [] if not prune else surely_gone(gone, below, files) if unattended else gone
        kept_as = (Path(path) for path in (known if rebuild else lost) if path not in gone and path not in beaten)
        files = list(dict.fromkeys([*files, *kept_as]))
        network = gathered.answers() if gathered else None
        followed = follow(folder, feeds, places, files, [path for path in known if path not in gone], network, scopes)
        if gathered and gathered.interrupted:  # `follow` has stored what was fetched by then
            raise KeyboardInterrupt
        files = [
            path
            for path in dict.fromkeys([*files, *followed.files])
            if str(path) not in ignored.union(followed.surplus)
        ]
        report.complaints.extend(followed.complaints)
        report.feeds = followed.tallies
        # With --prune, a gone file's id is free again: a moved show keeps its ids.
        leaving = {path for path in (*followed.surplus, *pruned, *beaten) if path in known}
        if into is not None:
            leaving = {path for path in leaving if into.has(known[path].episode.id)}
        kept = {path: entry for path, entry in known.items() if path not in leaving}
        planned = plan(
            files,
            kept,
            manifest.fingerprint,
            again=rebuild and renewal is None and into is None,
            fed=followed.facts,
            renames=read_renames(folder),
        )
        todo, report.unchanged = planned.jobs, planned.unchanged
        report.complaints.extend(planned.complaints)
        if into is not None:
            todo = [replace(job, passages=True) for job in todo if into.has(job.id)]
            report.removed, report.missing = len(leaving), len(gone) - len(pruned)
            if not into.begins([ToRead(job.path, job.facts, job.path not in kept) for job in todo]):
                return report
        if leaving:
            with writer.batch() as batch:
                for path in leaving:
                    batch.remove(known[path].episode.id)
        report.removed = len(leaving)
        report.missing = len(gone) - len(pruned)
        _run(writer, todo, kept, manifest, jobs, progress, report)
        if not writer.is_sealed:
            with writer.batch():
                pass  # an empty commit adds the missing checksums
        if lost:
            failed = {complaint.path for complaint in report.complaints if complaint.fatal}
            there = {entry.path for entry in map(from_record, writer.records())}
            still = set(lost) if report.interrupted else {*gone, *failed}
            settle(home, lost, still - there - leaving)
        settle_vectors(writer)
    finally:
        writer.close()
    if renewal and not report.interrupted:
        renewal.finish()
        what = _("was of an older format"), _("rebuilt from its transcripts")
        report.complaints.append(Complaint(str(folder), 0, *what))
    return report


def _run(
    writer: EpisodeWriter,
    todo: Sequence[Job],
    known: Mapping[str, KnownEpisode],
    manifest: Manifest,
    jobs: int | None,
    progress: Progress | None,
    report: Report,
) -> None:
    """Prepares and writes the jobs in batches. On Ctrl-C, finishes the current episode and commits what is ready. Does
    the same if a worker dies, then raises WorkerDied."""
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
            if died is not None and not interrupt.comes_soon():  # Ctrl-C reaches the whole process group
                raise died
            report.interrupted = interrupt.wanted and done < len(todo)
    finally:
        results.close()


def _write(batch: Changes, done: Done, known: Mapping[str, KnownEpisode], report: Report) -> int:
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
