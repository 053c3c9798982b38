"""The dry run into a library in a cluster: asks the cluster what it has, and says what a run would read, keep and
remove. Writes nothing, neither there nor here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from indexer.core.types import Complaint
from indexer.intake.cluster import Part, is_in_part
from indexer.store.cluster.client import Cluster, ClusterPatience, connect
from indexer.store.cluster.home import home_of_backend, mirror
from indexer.store.cluster.versions import Versions, awaits_swap, has_manifest, read_versions
from indexer.store.cluster.writer import stored_records
from indexer.store.manifest import Manifest
from indexer.store.target import Changes, ToRead
from indexer.update import Report, index_paths

_PATIENCE = ClusterPatience(tries=3, seconds=30.0, longest=45.0)
"""A person waits for the answer."""


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
    with connect(backend, _PATIENCE) as cluster, TemporaryDirectory() as copies:
        target = _Looking(cluster, part, rebuild, Path(copies))
        report = index_paths(paths, prune=prune, rebuild=rebuild, lexicon=lexicon, remember=False, into=target)
        return report, target.files


class _Looking:
    """Takes the place of a library (`indexer.store.target.Target`) in a run that ends before its first change."""

    is_dry = True
    agrees = True

    def __init__(self, cluster: Cluster, part: Part, rebuild: bool, copies: Path) -> None:
        self.home = home_of_backend(cluster.address)
        self.copies = copies
        self.files: list[ToRead] = []
        self._part = part
        self._records = _Records(cluster, copies)
        versions = read_versions(cluster)
        if versions is None:
            return
        if not rebuild and awaits_swap(cluster, versions):
            versions = Versions(versions.next)  # the run makes it the current one first
        if rebuild:
            self.agrees = versions.next > 0 and has_manifest(cluster, versions.next)
            if self.agrees:  # a rebuild that was begun goes on
                self._records.indices[cluster.names.version(versions.next)] = True
        if has_manifest(cluster, versions.current):
            self._records.indices[cluster.names.version(versions.current)] = not rebuild
            mirror(cluster, versions.next if rebuild and self.agrees else versions.current, copies, copies)

    @property
    def writer(self) -> _Records:
        return self._records

    def agreed(self, manifest: Manifest, files: Sequence[str]) -> Manifest:
        return manifest

    def has(self, episode_id: str) -> bool:
        return is_in_part(episode_id, self._part)

    def begins(self, files: Sequence[ToRead]) -> bool:
        self.files = list(files)
        return False


class _Records:
    """Reads the records of a library (`indexer.store.target.EpisodeWriter`)."""

    is_sealed = True

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.folder = folder
        self.complaints: list[Complaint] = []
        self.indices: dict[str, bool] = {}
        """Index -> whether its episodes are as a run would make them; in a rebuild, those of the version in use are
        not."""
        self._cluster = cluster

    def records(self) -> Iterator[dict[str, Any]]:
        found: set[str] = set()
        for index, is_as_made in self.indices.items():
            for record in stored_records(self._cluster, index):
                if record["id"] not in found:
                    found.add(record["id"])
                    yield record if is_as_made else {**record, "made": ""}

    @contextmanager
    def batch(self) -> Iterator[Changes]:
        raise AssertionError("a dry run changes nothing")
        yield

    def close(self) -> None:
        pass
