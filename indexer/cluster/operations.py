"""What commands do to a library in a cluster: index into it, forget episodes, add an alias.

An indexing run is the same as into a folder (`indexer.update`), but any number of processes on any number of machines
can share it, each with a part of the episodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.cluster.parts import WHOLE, Part
from indexer.cluster.target import ClusterTarget, connect_patiently, swapped
from indexer.core.messages import _
from indexer.core.types import Episode
from indexer.forgetting import find_named
from indexer.runs.compatibility import BegunOtherwise
from indexer.store.cluster import vocabulary
from indexer.store.cluster.library.home import copies_of, home_of_backend, mirror, publish_alias
from indexer.store.cluster.library.meta import no_library, renew_epoch
from indexer.store.cluster.library.versions import IndexShape, Versions, abandon_next, read_versions
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem
from indexer.store.cluster.writer import ClusterWriter, stored_records
from indexer.store.fields.record import from_record
from indexer.update import Report, index_paths


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
    with connect_patiently(backend) as cluster:
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
    with connect_patiently(backend) as cluster:
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
            epoch = vocabulary.bring_up_to_date(cluster, version)
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
    with connect_patiently(backend) as cluster:
        _present(cluster)
        new = publish_alias(cluster, right, heard)
        if new:
            renew_epoch(cluster)
        return new


def _present(cluster: Cluster) -> Versions:
    """The versions of the library. Raises ClusterProblem if there is no library."""
    versions = read_versions(cluster)
    if versions is None:
        raise no_library(cluster)
    return swapped(cluster, versions)
