"""One indexing run into a library in a cluster. It is the same run as into a folder (`indexer.update`), but any number
of processes on any number of machines can share it, each with a part of the episodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.core.messages import _
from indexer.core.text.sanitize import tidy
from indexer.core.types import Complaint, Episode
from indexer.forgetting import find_named
from indexer.intake.parts import WHOLE, Part, is_in_part
from indexer.runs.compatibility import BegunOtherwise
from indexer.store.cluster import vocabulary
from indexer.store.cluster.documents.layout import FORMAT
from indexer.store.cluster.leftovers import sweep
from indexer.store.cluster.library.home import copies_of, give_alias, give_lexicons, home_of_backend, mirror
from indexer.store.cluster.library.meta import no_library, renew_epoch, written_token
from indexer.store.cluster.library.rebuild_parts import begin_part, finish_part, forget_parts
from indexer.store.cluster.library.versions import (
    IndexShape,
    Versions,
    abandon_next,
    awaits_swap,
    begin_next,
    delete_older,
    ensure_library,
    finish_next,
    give_manifest,
    has_manifest,
    read_versions,
    take_manifest,
)
from indexer.store.cluster.stored_state import read_states
from indexer.store.cluster.transport.client import Cluster, connect
from indexer.store.cluster.transport.patience import ClusterPatience
from indexer.store.cluster.transport.problems import ClusterProblem
from indexer.store.cluster.writer import ClusterWriter, stored_records
from indexer.store.fields.record import from_record
from indexer.store.manifest import Manifest
from indexer.update import Report, index_paths

_PATIENCE = ClusterPatience(tries=10)
"""A node that was killed is back, or replaced by a copy, within a minute."""


def index_into_cluster(
    paths: Iterable[Path | str],
    backend: str,
    *,
    part: Part = WHOLE,
    shape: IndexShape | None = None,
    jobs: int | None = None,
    prune: bool = False,
    rebuild: bool = False,
    lexicon: Path | str | None = None,
    feeds: Iterable[Path | str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Report:
    """Indexes the transcripts below `paths` into a library in a cluster, which is made if there is none; the other
    arguments are those of `index_paths`. `part` are the only episodes that this run looks after, also of a rebuild:
    the run that completes its last part swaps the versions. `shape` is that of a new index.

    Raises IndexProblem, also for a cluster that cannot be reached or refuses a request.
    """

    def run(cluster: Cluster) -> tuple[ClusterTarget, Report]:
        with TemporaryDirectory() as draft:
            target = ClusterTarget(cluster, part, shape or IndexShape(), rebuild, Path(draft), prune)
            report = index_paths(
                paths,
                jobs=jobs,
                prune=prune,
                rebuild=rebuild,
                lexicon=lexicon,
                feeds=feeds,
                progress=progress,
                into=target,
            )
        return target, report

    paths, feeds = list(paths), list(feeds)
    with connect(backend, _PATIENCE) as cluster:
        try:
            target, report = run(cluster)
        except BegunOtherwise:
            if part != WHOLE:
                raise
            _present(cluster)  # completes a swap, or its vocabulary would be that of the abandoned version
            abandon_next(cluster)
            target, report = run(cluster)
        target.finish(report)
        if prune and not report.interrupted:
            target.sweep()
        return report


def forget_in_cluster(names: Iterable[str], backend: str) -> tuple[list[Episode], list[str]]:
    """Removes episodes, named by id or by transcript path, from a library in a cluster, but not their files. Returns
    the removed episodes and the names that match none. Raises IndexProblem."""
    with connect(backend, _PATIENCE) as cluster:
        versions = _present(cluster)
        version = versions.current
        index = cluster.names.version(version)
        found, unknown = find_named(names, map(from_record, stored_records(cluster, index)))
        if found:
            home = home_of_backend(cluster.address)
            mirror(cluster, version, home)
            _remove(cluster, version, home, found)
            if versions.next and cluster.exists(f"/{cluster.names.version(versions.next)}"):
                _remove(cluster, versions.next, home, found)  # or the swap would bring them back
            epoch = vocabulary.settle(cluster, version)
            if epoch is not None and epoch.version > version:
                raise ClusterProblem(
                    _("{address}: was rebuilt meanwhile, perhaps with these episodes: forget them again").format(
                        address=cluster.address.shown
                    )
                )
    return list(found.values()), unknown


def _remove(cluster: Cluster, version: int, home: Path, names: Iterable[str]) -> None:
    with ClusterWriter(cluster, version, copies_of(home, version)).batch() as batch:
        for name in names:
            batch.remove(name)


def add_alias_in_cluster(right: str, heard: Sequence[str], backend: str) -> list[str]:
    """Adds an alias to a library in a cluster, for all who search it; returns the new ones of `heard`. Raises
    IndexProblem."""
    with connect(backend, _PATIENCE) as cluster:
        _present(cluster)
        new = give_alias(cluster, right, heard)
        if new:
            renew_epoch(cluster)
        return new


def _present(cluster: Cluster) -> Versions:
    """The versions of the library. Raises ClusterProblem if there is no library."""
    versions = read_versions(cluster)
    if versions is None:
        raise no_library(cluster)
    return _swapped(cluster, versions)


def _swapped(cluster: Cluster, versions: Versions) -> Versions:
    """The versions, after the swap that a killed process did not complete. Raises ClusterProblem."""
    if not awaits_swap(cluster, versions):
        return versions
    finish_next(cluster, versions)
    forget_parts(cluster, versions.next)
    return read_versions(cluster) or versions


class ClusterTarget:
    """Where a run writes to: a library in a cluster (`indexer.store.target.Target`)."""

    preview = None

    def __init__(
        self, cluster: Cluster, part: Part, shape: IndexShape, rebuild: bool, draft: Path, prune: bool = False
    ) -> None:
        """Makes the library if there is none, and with `rebuild` the next version of it, unless an interrupted rebuild
        has; with `prune` without what cannot be read. `draft` is an empty folder of this process alone, for the
        manifest of a version that has none yet: others, of this machine, too, may be about to agree upon it. Raises
        ClusterProblem."""
        self.home = home_of_backend(cluster.address)
        self._cluster = cluster
        self._part = part
        present = ensure_library(cluster, shape)
        self._versions: Versions = begin_next(cluster, present, shape) if rebuild else _swapped(cluster, present)
        self._rebuild, self._prune = rebuild, prune
        self._began = self._last_change()
        if rebuild and part != WHOLE:
            begin_part(cluster, self._versions.next, part[1], self._began)
        self._version = self._versions.next if rebuild else self._versions.current
        self.agrees = has_manifest(cluster, self._version)
        self._draft = draft
        self.copies = copies_of(self.home, self._version) if self.agrees else draft
        take_manifest(cluster, self._version if self.agrees else self._versions.current, self.home, self.copies)
        self._writer = ClusterWriter(cluster, self._version, self.copies, self._versions.current if rebuild else 0)

    @property
    def writer(self) -> ClusterWriter:
        return self._writer

    def agreed(self, manifest: Manifest, files: Sequence[str]) -> Manifest:
        """Stores the manifest of a new version, and the aliases of lexicons; returns the manifest that holds. Raises
        ClusterProblem and OSError."""
        # Those below the home and in the draft are copies of what the library has.
        own = [one for one in files if {self.home, self._draft}.isdisjoint(Path(one).parents)]
        if give_lexicons(self._cluster, own):
            renew_epoch(self._cluster)
        manifest = give_manifest(self._cluster, self._version, self.home, self.copies)
        self.copies = self._writer.folder = copies_of(self.home, self._version)
        return manifest

    def has(self, episode_id: str) -> bool:
        """True for an episode of this part."""
        return is_in_part(episode_id, self._part)

    def finish(self, report: Report) -> None:
        """Replaces the current version by a rebuilt one, if the run was complete; brings the vocabulary up to date.
        Raises ClusterProblem."""
        report.complaints.extend(self._writer.complaints)
        if self._rebuild:
            report.complaints.extend(self._lost())
            complaint = self._not_yet(report)
            if complaint is not None:
                report.complaints.append(complaint)
                return
        elif report.interrupted:
            return
        elif self._writer.format < FORMAT:
            what = _("is of format {found}, with which some searches read more: it is used as it is")
            cure = _("`podseek index --rebuild` makes it anew in format {known}")
            what, cure = what.format(found=self._writer.format), cure.format(known=FORMAT)
            report.complaints.append(self._complaint(what, cure))
        epoch = vocabulary.settle(self._cluster, self._version)
        if epoch is not None and epoch.version > self._version:
            what = _("was rebuilt meanwhile: what this run wrote is not in the new version")
            report.complaints.append(self._complaint(what, _("run the same command again"), fatal=True))
        elif self._rebuild:
            finish_next(self._cluster, self._versions)
            forget_parts(self._cluster, self._version)
            if self._last_change() != self._began:  # while the words were counted
                what = _("the library was changed during the rebuild: the changes are not in the new version")
                report.complaints.append(self._complaint(what, _("index or forget these episodes again"), fatal=True))

    def _lost(self) -> Iterator[Complaint]:
        """Episodes of this part whose records are damaged, so that it is not known of which files they are, and that
        are not in the new version either."""
        damaged = {key: name for key, name in self._writer.damaged.items() if self.has(name)}
        for key, state in read_states(self._cluster, self._writer.index, damaged).items():
            if state.seen is None:
                what = _("the record of {id} is damaged, and no file was read that is this episode")
                cure = _("left out") if self._prune else _("name the folder with its file, too")
                yield self._complaint(what.format(id=tidy(damaged[key], 200)), cure, fatal=not self._prune)

    def _not_yet(self, report: Report) -> Complaint | None:
        """Why a rebuilt version cannot replace the current one now; None if it can. Raises ClusterProblem."""
        if report.interrupted or report.missing or any(complaint.fatal for complaint in report.complaints):
            what = _("the rebuild is not complete: searches use the library as it was")
            cure = _("run the same command again, with --prune to leave out what cannot be read")
            return self._complaint(what, cure, fatal=True)
        left = self._left()
        if not left:
            return None
        number, count = self._part
        parts = ", ".join(f"--part {one}/{count}" for one in left)
        if number not in left:
            what = _("part {number}/{count} of the rebuild is done: searches use the library as it was")
            cure = _("the rebuild is in use as soon as these are done, too: {parts}")
            return self._complaint(what.format(number=number, count=count), cure.format(parts=parts))
        what = _("the library was changed during the rebuild: searches use it as it was, with the changes")
        if len(left) == 1:
            cure = _("run the same command again")
        else:
            cure = _("run these again, which read only what is new: {parts}").format(parts=parts)
        return self._complaint(what, cure, fatal=True)

    def _complaint(self, what: str, cure: str, fatal: bool = False) -> Complaint:
        return Complaint(self._cluster.address.shown, 0, what, cure, fatal)

    def _last_change(self) -> str:
        return written_token(self._cluster, self._versions.current)

    def _left(self) -> Collection[int]:
        """The parts of the rebuild that are not done. Raises ClusterProblem."""
        now = self._last_change()
        if self._part == WHOLE:
            return (1,) if now != self._began else ()
        return finish_part(self._cluster, self._version, *self._part, self._began, now)

    def sweep(self) -> None:
        """Deletes what killed processes left, and earlier versions: after a rebuild not yet the one it replaced, which
        searches may still read. Raises ClusterProblem."""
        sweep(self._cluster, self._cluster.names.version(self._version))
        delete_older(self._cluster, self._versions.current)
