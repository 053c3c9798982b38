"""A rebuild by several processes: which parts of the next version are done. The process that completes the last one
swaps the versions.

The meta document `rebuild-N` of version N says into how many parts it is divided, which are done, and what was the last
change of the version it replaces when they began: what is added or forgotten later, the swap would undo.
"""

from __future__ import annotations

from collections.abc import Collection

from indexer.core.messages import _
from indexer.store.cluster.library.meta import Change, Values, delete_values, update_values
from indexer.store.cluster.library.versions import read_versions
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem

_REPLACED = "replaced"


def begin_part(cluster: Cluster, version: int, count: int, replaced: str) -> None:
    """Divides the rebuild that makes a version into `count` parts, unless it is. `replaced` is the token of the last
    change of the version in use: parts that were done before another count as not done. Raises ClusterProblem, also if
    it is divided otherwise: a process with the other division may be at work."""

    def begun(values: Values | None) -> Values | None:
        if values is not None:
            _done(cluster, values, count)
            if values.get(_REPLACED) == replaced:
                return None
        return _values(count, (), replaced)

    _update(cluster, version, begun)


def finish_part(cluster: Cluster, version: int, number: int, count: int, began: str, replaced: str) -> Collection[int]:
    """Notes that a part of the rebuild is done; returns the numbers of those that are not, none if the version is in
    use already. `began` is the token of the last change of the version in use when the part began, `replaced` that of
    now. This part, too, is not done if the version in use was changed after the parts had read their transcripts.
    Raises ClusterProblem, also if the rebuild is divided otherwise."""
    left: Collection[int] = ()

    def finished(values: Values | None) -> Values | None:
        nonlocal left
        versions = read_versions(cluster)
        if versions is not None and versions.current >= version:
            left = ()
            return None
        done = _done(cluster, values, count) if values else set()
        if values and values.get(_REPLACED) != began:  # another part began after the change
            left = _left(count, done - {number})
            return None
        new, token = done | {number}, began
        if len(new) == count and replaced != began:
            new, token = set(), replaced
        left = _left(count, new)
        return None if new == done and token == began else _values(count, new, token)

    _update(cluster, version, finished)
    return left


def forget_parts(cluster: Cluster, version: int) -> None:
    """Forgets the parts of a version that is complete. Raises ClusterProblem."""
    delete_values(cluster, _name(version))


def _left(count: int, done: Collection[int]) -> list[int]:
    return sorted(set(range(1, count + 1)).difference(done))


def _values(count: int, done: Collection[int], replaced: str) -> Values:
    return {"parts": count, "done": sorted(done), _REPLACED: replaced}


def _update(cluster: Cluster, version: int, change: Change) -> None:
    busy = _("{address}: other processes keep changing the parts of its rebuild: try again later")
    update_values(cluster, _name(version), change, busy.format(address=cluster.address.shown))


def _done(cluster: Cluster, values: Values, count: int) -> set[int]:
    """The parts that are done. Raises ClusterProblem if there are not `count` parts in all."""
    with cluster.understood():
        divided, done = int(values["parts"]), set(map(int, values["done"]))
    if divided != count:
        raise ClusterProblem(
            _("{address}: is being rebuilt in {n} parts: use --part K/{n}, or no --part to rebuild all at once").format(
                address=cluster.address.shown, n=divided
            )
        )
    return done


def _name(version: int) -> str:
    return f"rebuild-{version}"
