"""Makes a library in a cluster: its meta index, and the index and the manifest of a version.

The meta document `versions` names the version in use and, during a rebuild, the next one. Several processes may begin
at once: whichever creates a document first decides, and the others take what it wrote.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.words.pronunciation import FILE as READINGS
from indexer.store.cluster.documents import layout
from indexer.store.cluster.library.home import mirror
from indexer.store.cluster.library.meta import (
    Change,
    Values,
    change_values,
    note_format,
    read_values,
    undamaged_epoch,
    update_values,
    write_data,
    write_values,
)
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem
from indexer.store.manifest import FILE, Manifest, read_manifest

VERSIONS = "versions"
_TIMEOUT = 408
_EXISTS = "resource_already_exists_exception"


class Versions(NamedTuple):
    """The version in use, and the one that a rebuild makes, 0 for none."""

    current: int
    next: int = 0


class IndexShape(NamedTuple):
    """The number of shards of a new index, and of copies of each; None: one copy if there is another node."""

    shards: int = 3
    replicas: int | None = None


def read_versions(cluster: Cluster) -> Versions | None:
    """The versions of a library; None if there is none. Raises ClusterProblem."""
    found = read_values(cluster, VERSIONS)
    return _versions(cluster, found.values) if found else None


def _versions(cluster: Cluster, values: Values) -> Versions:
    with cluster.understood():
        return Versions(int(values["current"]), int(values.get("next", 0)))


def ensure_library(cluster: Cluster, shape: IndexShape) -> Versions:
    """Returns the versions of the library, which is made if there is none. Raises ClusterProblem."""
    present = read_versions(cluster)
    if present is None:
        create_index(cluster, cluster.names.meta, layout.META, layout.small_settings())
        write_values(cluster, VERSIONS, Versions(1)._asdict(), new=True)
        present = read_versions(cluster)
        assert present is not None
    index = cluster.names.version(present.current)
    if not cluster.exists(f"/{index}"):
        _create_version(cluster, present.current, shape)
        point(cluster, cluster.names.library, index)
    elif not cluster.exists(f"/{cluster.names.library}"):  # the process that made the index was killed before this
        point(cluster, cluster.names.library, index)
    return present


def begin_next(cluster: Cluster, present: Versions, shape: IndexShape) -> Versions:
    """Returns the versions with a next one, whose index is there: one that a rebuild has begun, or a new one. `present`
    are the versions that were read; another process may have replaced them since. Raises ClusterProblem."""

    def begun(values: Values | None) -> Values | None:
        nonlocal present
        present = _versions(cluster, values) if values else present
        if present.next:
            return None
        present = present._replace(next=present.current + 1)
        return present._asdict()

    if not present.next:
        _update(cluster, begun)
    if not cluster.exists(f"/{cluster.names.version(present.next)}"):
        _create_version(cluster, present.next, shape)
    return present


def _create_version(cluster: Cluster, version: int, shape: IndexShape) -> None:
    """Makes the index of a version, unless another process is about to. Raises ClusterProblem."""
    note_format(cluster, version)
    create_index(cluster, cluster.names.version(version), layout.EPISODES, layout.episode_settings(*shape))


def abandon_next(cluster: Cluster) -> None:
    """Gives the next version a new number, under which nothing is written yet: processes that still write the former
    next version cannot mix with it. The index of the former stays until `delete_older`. Raises ClusterProblem."""

    def abandoned(values: Values | None) -> Values | None:
        present = None if values is None else _versions(cluster, values)
        return present._replace(next=present.next + 1)._asdict() if present and present.next else None

    change_values(cluster, VERSIONS, abandoned)


def awaits_swap(cluster: Cluster, versions: Versions) -> bool:
    """True if the next version is complete, and the process that made it was killed before it made that the current
    one: the vocabulary is already that of the next version. Raises ClusterProblem."""
    epoch = undamaged_epoch(cluster) if versions.next else None
    return epoch is not None and epoch.version == versions.next


def finish_next(cluster: Cluster, present: Versions) -> None:
    """Makes the next version of `present` the current one. The previous one stays, because searches may still read it,
    until `delete_older`. Changes nothing if that version, or a later one, is current already; a later next version
    stays the next one. Raises ClusterProblem."""
    current = 0

    def finished(values: Values | None) -> Values | None:
        nonlocal current
        known = _versions(cluster, values) if values else present
        current = max(known.current, present.next)
        if known.current >= present.next:
            return None
        return Versions(present.next, known.next if known.next > present.next else 0)._asdict()

    known = read_versions(cluster)
    if known is not None and known.current >= present.next:
        return
    point(cluster, cluster.names.library, cluster.names.version(present.next))
    _update(cluster, finished)
    if current > present.next:  # another process made a later version the current one meanwhile
        point(cluster, cluster.names.library, cluster.names.version(current))


def _update(cluster: Cluster, change: Change) -> None:
    busy = _("{address}: other processes keep beginning and completing rebuilds: try again later")
    update_values(cluster, VERSIONS, change, busy.format(address=cluster.address.shown))


def delete_older(cluster: Cluster, version: int) -> None:
    """Deletes the versions before this one. Raises ClusterProblem."""
    for number in range(version - 1, 0, -1):
        if cluster.call("DELETE", f"/{cluster.names.version(number)}", missing_ok=True) is None:
            return


def create_index(cluster: Cluster, name: str, mapping: dict[str, Any], settings: dict[str, Any]) -> None:
    """Creates an index unless there is one, and waits until it can be written. Raises ClusterProblem."""
    try:
        cluster.call("PUT", f"/{name}", {"settings": settings, "mappings": mapping})
    except ClusterProblem as problem:
        if problem.kind != _EXISTS:
            raise
    try:
        cluster.call("GET", f"/_cluster/health/{name}", params={"wait_for_status": "yellow", "timeout": "50s"})
    except ClusterProblem as problem:
        if problem.status != _TIMEOUT:
            raise
        raise ClusterProblem(
            _("{address}: the index {name} does not start: see the health of the cluster").format(
                address=cluster.address.shown, name=name
            ),
            problem.status,
        ) from None


def point(cluster: Cluster, alias: str, index: str) -> None:
    """Lets an alias name an index and no other, in one step. Raises ClusterProblem."""
    # Among the indices of the library: a user without rights to others may not ask for an alias that there is not yet.
    found = cluster.call("GET", f"/{cluster.names.library}-*/_alias/{alias}", missing_ok=True)
    held: dict[str, Any] = {} if found is None else found
    if not (isinstance(held, dict) and all(isinstance(one, dict) for one in held.values())):
        raise cluster.misunderstood()
    if cluster.exists(f"/{alias}") and not held:
        raise ClusterProblem(
            _("{address}: {name} is an index of something else: name another library").format(
                address=cluster.address.shown, name=alias
            )
        )
    actions: list[dict[str, Any]] = [{"remove": {"index": one, "alias": alias}} for one in held if one != index]
    if index not in held:
        actions.append({"add": {"index": index, "alias": alias}})
    if actions:
        cluster.call("POST", "/_aliases", {"actions": actions})


def has_manifest(cluster: Cluster, version: int) -> bool:
    """True once a version has its manifest, with which everything in it is made."""
    return cluster.exists(f"/{cluster.names.meta}/_doc/manifest-{version}")


def copy_manifest(cluster: Cluster, version: int, home: Path, folder: Path) -> None:
    """Makes `home`, and brings the copies of a version in `folder` up to date, unless it has no manifest yet. Raises
    ClusterProblem and OSError."""
    from indexer.core.files.atomic_write import make_folder

    make_folder(home)
    if has_manifest(cluster, version):
        mirror(cluster, version, home, folder)


def publish_manifest(cluster: Cluster, version: int, home: Path, folder: Path) -> Manifest:
    """Stores the manifest that was agreed upon in `folder`, unless the version has one, and brings the copies below
    `home` up to date; returns that of the version. Raises ClusterProblem if another process, with other words, was
    first."""
    mine = read_manifest(folder)
    assert mine is not None
    if not has_manifest(cluster, version):
        write_data(cluster, f"readings-{mine.readings}", (folder / READINGS).read_bytes())
        write_data(cluster, f"manifest-{version}", (folder / FILE).read_bytes(), new=True)
    theirs = mirror(cluster, version, home)
    if theirs.fingerprint != mine.fingerprint:
        raise ClusterProblem(
            _("{address}: was begun by another process with other words or another jieba: use the same lexicon").format(
                address=cluster.address.shown
            )
        )
    return theirs
