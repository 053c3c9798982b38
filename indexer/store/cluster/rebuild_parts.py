"""A rebuild by several processes: which parts of the next version are done. The process that completes the last one
swaps the versions.

The meta document `rebuild-N` of version N says into how many parts it is divided, which are done, and what was the last
change of the version it replaces when they began: what is added or forgotten later, the swap would undo.
"""

from __future__ import annotations

from collections.abc import Collection

from indexer.core.messages import _
from indexer.store.cluster.client import Cluster, ClusterProblem
from indexer.store.cluster.meta import Versioned, delete_values, read_values, write_values
from indexer.store.cluster.versions import read_versions

_TRIES = 20
_REPLACED = "replaced"


def begin_part(cluster: Cluster, version: int, count: int, replaced: str) -> None:
    """Divides the rebuild that makes a version into `count` parts, unless it is. `replaced` is the token of the last
    change of the version in use: parts that were done before another count as not done. Raises ClusterProblem, also if
    it is divided otherwise: a process with the other division may be at work."""
    for attempt in range(_TRIES):
        found = read_values(cluster, _name(version))
        if found is not None:
            _done(cluster, found, count)
            if found.values.get(_REPLACED) == replaced:
                return
        if _write(cluster, version, found, count, (), replaced):
            return
        cluster.wait(attempt)
    raise _busy(cluster)


def finish_part(cluster: Cluster, version: int, number: int, count: int, began: str, replaced: str) -> Collection[int]:
    """Notes that a part of the rebuild is done; returns the numbers of those that are not, none if the version is in
    use already. `began` is the token of the last change of the version in use when the part began, `replaced` that of
    now. This part, too, is not done if the version in use was changed after the parts had read their transcripts.
    Raises ClusterProblem, also if the rebuild is divided otherwise."""
    for attempt in range(_TRIES):
        found = read_values(cluster, _name(version))
        versions = read_versions(cluster)
        if versions is not None and versions.current >= version:
            return ()
        done = _done(cluster, found, count) if found else set()
        if found and found.values.get(_REPLACED) != began:  # another part began after the change
            return _left(count, done - {number})
        new, token = done | {number}, began
        if len(new) == count and replaced != began:
            new, token = set(), replaced
        if (new == done and token == began) or _write(cluster, version, found, count, new, token):
            return _left(count, new)
        cluster.wait(attempt)
    raise _busy(cluster)


def forget_parts(cluster: Cluster, version: int) -> None:
    """Forgets the parts of a version that is complete. Raises ClusterProblem."""
    delete_values(cluster, _name(version))


def _left(count: int, done: Collection[int]) -> list[int]:
    return sorted(set(range(1, count + 1)).difference(done))


def _write(
    cluster: Cluster, version: int, found: Versioned | None, count: int, done: Collection[int], replaced: str
) -> bool:
    values = {"parts": count, "done": sorted(done), _REPLACED: replaced}
    return write_values(cluster, _name(version), values, found.seen if found else None, new=found is None)


def _done(cluster: Cluster, found: Versioned, count: int) -> set[int]:
    """The parts that are done. Raises ClusterProblem if there are not `count` parts in all."""
    with cluster.understood():
        divided, done = int(found.values["parts"]), set(map(int, found.values["done"]))
    if divided != count:
        raise ClusterProblem(
            _("{address}: is being rebuilt in {n} parts: use --part K/{n}, or no --part to rebuild all at once").format(
                address=cluster.address.shown, n=divided
            )
        )
    return done


def _name(version: int) -> str:
    return f"rebuild-{version}"


def _busy(cluster: Cluster) -> ClusterProblem:
    return ClusterProblem(
        _("{address}: other processes keep changing the parts of its rebuild: try again later").format(
            address=cluster.address.shown
        )
    )
