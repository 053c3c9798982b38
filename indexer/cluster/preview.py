"""The dry run into a library in a cluster: asks the cluster what it has, and says what a run would read, keep and
remove. Writes nothing, neither there nor here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.cluster.parts import Part, is_in_part
from indexer.store.cluster.library.home import home_of_backend, mirror
from indexer.store.cluster.library.versions import Versions, awaits_swap, has_manifest, read_versions
from indexer.store.cluster.transport.client import Cluster, connect
from indexer.store.cluster.transport.retry_policy import WHILE_WAITING
from indexer.store.cluster.writer import ClusterWriter
from indexer.store.manifest import Manifest
from indexer.store.target import ToRead
from indexer.update import Report, index_paths


def preview_of_cluster(
    paths: Sequence[Path],
    backend: str,
    *,
    part: Part = (1, 1),
    prune: bool = False,
    rebuild: bool = False,
    lexicon: Path | None = None,
) -> tuple[Report, list[ToRead]]:
    """What `index_into_cluster` would do with these arguments: the report has `unchanged`, `removed` and `missing`; the
    list has the files that it would read. A library that is not there counts as an empty one.

    Raises IndexProblem as the run would: for a cluster that does not answer, and for other words or another jieba.
    """
    with connect(backend, WHILE_WAITING) as cluster, TemporaryDirectory() as copies:
        target = _Looking(cluster, part, rebuild, Path(copies))
        report = index_paths(paths, prune=prune, rebuild=rebuild, lexicon=lexicon, into=target)
        return report, target.preview


class _Looking:
    """Takes the place of a library (`indexer.store.target.Target`) in a run that ends before its first change."""

    agrees = True

    def __init__(self, cluster: Cluster, part: Part, rebuild: bool, copies: Path) -> None:
        self.home = home_of_backend(cluster.address)
        self.copies = copies
        self.preview: list[ToRead] = []
        self._part = part
        versions = read_versions(cluster) or Versions(0)
        if not rebuild and awaits_swap(cluster, versions):
            versions = Versions(versions.next)  # the run makes it the current one first
        if rebuild:
            self.agrees = versions.next > 0 and has_manifest(cluster, versions.next)
        present = versions.current if versions.current and has_manifest(cluster, versions.current) else 0
        begun = versions.next if rebuild and self.agrees else 0  # a rebuild that was begun goes on
        if present:
            mirror(cluster, begun or present, copies, copies)
        self._writer = ClusterWriter(cluster, begun if rebuild else present, copies, present if rebuild else 0)

    @property
    def writer(self) -> ClusterWriter:
        return self._writer

    def agreed(self, manifest: Manifest, files: Sequence[str]) -> Manifest:
        return manifest

    def has(self, episode_id: str) -> bool:
        return is_in_part(episode_id, self._part)
