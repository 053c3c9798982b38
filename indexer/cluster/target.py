"""A library in a cluster as what an indexing run writes to (`indexer.store.target.Target`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from indexer.cluster.parts import WHOLE, Part, is_in_part
from indexer.core.messages import _
from indexer.core.text.sanitize import tidy
from indexer.core.types import Complaint
from indexer.store.cluster import vocabulary
from indexer.store.cluster.documents.layout import FORMAT
from indexer.store.cluster.leftovers import sweep
from indexer.store.cluster.library.home import copies_of, home_of_backend, publish_lexicons
from indexer.store.cluster.library.meta import renew_epoch, written_token
from indexer.store.cluster.library.rebuild_parts import begin_part, finish_part, forget_parts
from indexer.store.cluster.library.versions import (
    IndexShape,
    Versions,
    awaits_swap,
    begin_next,
    copy_manifest,
    delete_older,
    ensure_library,
    finish_next,
    has_manifest,
    publish_manifest,
    read_versions,
)
from indexer.store.cluster.stored_state import read_states
from indexer.store.cluster.transport.client import Cluster, connect
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from indexer.store.cluster.writer import ClusterWriter
from indexer.store.manifest import Manifest
from indexer.update import Report

_PATIENT = RetryPolicy(tries=10)
"""A node that was killed is back, or replaced by a copy, within a minute."""


def connect_patiently(backend: str) -> Cluster:
    """The cluster of a library that is written to. Raises what `connect` does."""
    return connect(backend, _PATIENT)


def swapped(cluster: Cluster, versions: Versions) -> Versions:
    """The versions, after the swap that a killed process did not complete. Raises ClusterProblem."""
    if not awaits_swap(cluster, versions):
        return versions
    finish_next(cluster, versions)
    forget_parts(cluster, versions.next)
    return read_versions(cluster) or versions


class ClusterTarget:
    """What a run writes to."""

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
        self._versions: Versions = begin_next(cluster, present, shape) if rebuild else swapped(cluster, present)
        self._rebuild, self._prune = rebuild, prune
        self._began = self._last_change()
        if rebuild and part != WHOLE:
            begin_part(cluster, self._versions.next, part[1], self._began)
        self._version = self._versions.next if rebuild else self._versions.current
        self.agrees = has_manifest(cluster, self._version)
        self._draft = draft
        self.copies = copies_of(self.home, self._version) if self.agrees else draft
        copy_manifest(cluster, self._version if self.agrees else self._versions.current, self.home, self.copies)
        self._writer = ClusterWriter(cluster, self._version, self.copies, self._versions.current if rebuild else 0)

    @property
    def writer(self) -> ClusterWriter:
        return self._writer

    def agreed(self, manifest: Manifest, files: Sequence[str]) -> Manifest:
        """Stores the manifest of a new version, and the aliases of lexicons; returns the manifest that holds. Raises
        ClusterProblem and OSError."""
        # Those below the home and in the draft are copies of what the library has.
        own = [one for one in files if {self.home, self._draft}.isdisjoint(Path(one).parents)]
        if publish_lexicons(self._cluster, own):
            renew_epoch(self._cluster)
        manifest = publish_manifest(self._cluster, self._version, self.home, self.copies)
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
        epoch = vocabulary.bring_up_to_date(self._cluster, self._version)
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
