"""What a cluster has of an episode now, which tells whether and how it is to be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.sanitize import tidy
from indexer.store.cluster.documents.terms import passage_id
from indexer.store.cluster.transport.bulk import Action
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.problems import ClusterProblem

_TRIES = 10


class StoredState(NamedTuple):
    """What the cluster has of an episode: its revision, sum and number of passages, and its place in the order of
    changes; None if it has no such episode."""

    revision: str = ""
    sum: str = ""
    passages: int = 0
    seen: tuple[int, int] | None = None


def read_states(cluster: Cluster, index: str, keys: Iterable[str]) -> dict[str, StoredState]:
    """What the cluster has of some episodes now, refreshed or not. Raises ClusterProblem."""
    wanted: list[dict[str, Any]] = [{"_id": key, "stored_fields": ["revision", "sum", "passages"]} for key in keys]
    if not wanted:
        return {}
    for attempt in range(_TRIES):
        if attempt:
            cluster.wait(attempt - 1)
        answer = cluster.call("POST", f"/{index}/_mget", {"docs": wanted})
        with cluster.understood():
            found = answer["docs"]
            failed = [dict(document["error"]) for document in found if "error" in document]
            if not failed:
                states = {document["_id"]: _state(document) for document in found}
                return {one["_id"]: states[one["_id"]] for one in wanted}
    raise ClusterProblem(
        _("{address}: cannot say what it has ({reason}): see the health of the cluster").format(
            address=cluster.address.shown, reason=tidy(str(failed[0].get("reason", failed[0])), 160)
        ),
        503,
    )


def deleted_passages(key: str, state: StoredState) -> Iterator[Action]:
    """The passages that an episode had, to be deleted by their ids."""
    for number in range(state.passages):
        yield Action("delete", passage_id(key, state.revision, number), key)


def _state(document: Mapping[str, Any]) -> StoredState:
    if not document.get("found"):
        return StoredState()
    fields = document["fields"]
    return StoredState(
        str(fields["revision"][0]),
        str(fields["sum"][0]),
        int(fields["passages"][0]),
        (int(document["_seq_no"]), int(document["_primary_term"])),
    )
