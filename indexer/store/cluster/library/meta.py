"""What a library knows of itself, in its meta index: the epoch, the manifest and the readings of each version, the
lexicons with aliases, and what was written last.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from indexer.core.files.inflate import inflate
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.store.cluster.documents import layout
from indexer.store.cluster.transport.client import CONFLICT, Cluster
from indexer.store.cluster.transport.problems import ClusterProblem, made_by_indexing

Values: TypeAlias = Mapping[str, Any]
"""What a meta document says."""
Change: TypeAlias = Callable[["Values | None"], "Values | None"]
"""A function from what a meta document says, None if there is none, to what it should say, None to leave it as it
is."""
_TRIES = 20
_LONGEST = 1 << 26
"""Bytes of a manifest or of readings; both have less than 1 MB."""


class Epoch(NamedTuple):
    """A state of the library with its vocabulary. `index_name` and `words_name` are those of its indices; `epoch` grows
    with each; `atoms` is the length of all episodes; `written` the token of the last change that the vocabulary
    includes."""

    version: int
    epoch: int
    index_name: str
    words_name: str
    episodes: int
    atoms: int
    written: str
    format: int = layout.FORMAT


class Versioned(NamedTuple):
    """A meta document, with what it takes to replace it and nothing newer."""

    values: Values
    seen: tuple[int, int]


class DamagedEpoch(ClusterProblem):
    """The epoch is not as it was written. The next indexing run makes another one: all that is in it can be counted."""


def read_epoch(cluster: Cluster) -> Epoch | None:
    """The epoch now; None if nothing is in the library. Raises DamagedEpoch, and ClusterProblem, also for a library of
    a later podseek."""
    found = read_values(cluster, "epoch")
    return None if found is None else epoch_of(cluster, found.values)


def epoch_of(cluster: Cluster, known: Values) -> Epoch:
    """The epoch of what its meta document says. Raises as `read_epoch` does."""
    try:
        format = int(known["format"])
        _must_be_known(cluster, format)
        return Epoch(
            int(known["version"]),
            int(known["epoch"]),
            str(known["index_name"]),
            str(known["words_name"]),
            int(known["episodes"]),
            int(known["atoms"]),
            str(known["written"]),
            format,
        )
    except (LookupError, TypeError, ValueError, OverflowError):
        raise DamagedEpoch(
            _("{address}: its epoch is not as it was written: {cure}").format(
                address=cluster.address.shown, cure=made_by_indexing(cluster.address)
            )
        ) from None


def undamaged_epoch(cluster: Cluster) -> Epoch | None:
    """The epoch now; None if nothing is in the library, or it is damaged. Raises ClusterProblem."""
    try:
        return read_epoch(cluster)
    except DamagedEpoch:
        return None


def _must_be_known(cluster: Cluster, format: int) -> None:
    if format > layout.FORMAT:
        raise ClusterProblem(
            _("{address}: has format {found}, this podseek reads {known}: upgrade podseek").format(
                address=cluster.address.shown, found=format, known=layout.FORMAT
            )
        )


def existing_epoch(cluster: Cluster) -> Epoch:
    """The epoch now. Raises ClusterProblem, also if nothing is in the library."""
    epoch = read_epoch(cluster)
    if epoch is None:
        raise no_library(cluster)
    return epoch


def no_library(cluster: Cluster) -> ClusterProblem:
    """The error for a cluster without this library."""
    return ClusterProblem(
        _("{address}: there is no library here: make one with `podseek index --backend {address}`").format(
            address=cluster.address.shown
        )
    )


def renew_epoch(cluster: Cluster) -> None:
    """Makes an epoch of the same vocabulary, so that searches notice that something else has changed. Raises
    ClusterProblem."""

    def renewed(values: Values | None) -> Values | None:
        if values is None:
            return None
        try:
            return {**values, "epoch": epoch_of(cluster, values).epoch + 1}
        except DamagedEpoch:
            return None  # the next indexing run makes another one

    change_values(cluster, "epoch", renewed)  # a process that is first makes a new epoch, too


def format_of(cluster: Cluster, version: int) -> int:
    """The format of the documents of a version. Raises ClusterProblem, also for that of a later podseek."""
    found = read_values(cluster, _format(version))
    with cluster.understood():
        format = int(found.values["format"]) if found else 1  # which no document said
    _must_be_known(cluster, format)
    return format


def note_format(cluster: Cluster, version: int) -> None:
    """Notes, before the index of a version is made, that it is one of this format. Raises ClusterProblem."""
    write_values(cluster, _format(version), {"format": layout.FORMAT}, new=True)


def _format(version: int) -> str:
    return f"format-{version}"


def written(version: int) -> str:
    """The name of the meta document with the token of the last change of a version. Each version has its own: a rebuild
    is no change of the version in use."""
    return f"written-{version}"


def written_token(cluster: Cluster, version: int) -> str:
    """The token of the last change of a version, complete or not; empty if there was none."""
    found = read_values(cluster, written(version))
    return str(found.values.get("token", "")) if found else ""


def read_values(cluster: Cluster, name: str) -> Versioned | None:
    """A meta document; None if there is none. Reads what was written last, whether refreshed or not."""
    found = cluster.call("GET", f"/{cluster.names.meta}/_doc/{name}", missing_ok=True)
    with cluster.understood():
        if found is None or not found["found"]:
            return None
        values = found["_source"].get("values")
        return Versioned(values if isinstance(values, dict) else {}, (found["_seq_no"], found["_primary_term"]))


def write_values(
    cluster: Cluster, name: str, values: Mapping[str, object], seen: tuple[int, int] | None = None, new: bool = False
) -> bool:
    """Writes a meta document: over any, over the one that was `seen`, or only a `new` one. Returns False if another
    process was first."""
    return _write(cluster, name, {"kind": name.partition("-")[0], "values": values}, seen, new)


def change_values(cluster: Cluster, name: str, change: Change) -> bool:
    """Replaces a meta document by what `change` makes of it. Returns False if another process replaced it meanwhile,
    and this one did nothing."""
    found = read_values(cluster, name)
    values = change(found.values if found else None)
    return values is None or write_values(cluster, name, values, found.seen if found else None, new=found is None)


def update_values(cluster: Cluster, name: str, change: Change, busy: str) -> None:
    """Replaces a meta document as `change_values` does, and tries again if another process was first. Raises
    ClusterProblem with the message `busy` if one was at each try."""
    for attempt in range(_TRIES):
        if change_values(cluster, name, change):
            return
        cluster.wait(attempt)
    raise ClusterProblem(busy)


def delete_values(cluster: Cluster, name: str) -> None:
    """Deletes a meta document, if it is there."""
    cluster.call("DELETE", f"/{cluster.names.meta}/_doc/{name}", missing_ok=True)


def read_data(cluster: Cluster, name: str) -> bytes | None:
    """The bytes of a meta document; None if there is none. Raises ClusterProblem if they are damaged."""
    found = cluster.call("GET", f"/{cluster.names.meta}/_doc/{name}", missing_ok=True)
    with cluster.understood():
        if found is None or not found["found"]:
            return None
        source = dict(found["_source"])
    try:
        return inflate(base64.b64decode(source["data"], validate=True), _LONGEST)
    except (KeyError, TypeError, ValueError, zlib.error):
        raise ClusterProblem(
            _("{address}: its {name} is not as it was written: `podseek index --rebuild` makes it anew").format(
                address=cluster.address.shown, name=name
            )
        ) from None


def write_data(cluster: Cluster, name: str, data: bytes, new: bool = False) -> bool:
    """Writes bytes; with `new` only if there are none. Returns False if another process was first."""
    packed = base64.b64encode(zlib.compress(data)).decode()
    return _write(cluster, name, {"kind": name.partition("-")[0], "data": packed}, None, new)


def _write(
    cluster: Cluster, name: str, document: Mapping[str, object], seen: tuple[int, int] | None, new: bool
) -> bool:
    params: dict[str, object] = {"refresh": "false"}
    if new:
        params["op_type"] = "create"
    if seen is not None:
        params["if_seq_no"], params["if_primary_term"] = seen
    try:
        cluster.call("PUT", f"/{cluster.names.meta}/_doc/{name}", document, params)
    except ClusterProblem as problem:
        if problem.status != CONFLICT:
            raise
        # A request that was carried out and repeated conflicts with itself.
        return _is_there(cluster, name, document)
    return True


def _is_there(cluster: Cluster, name: str, document: Mapping[str, object]) -> bool:
    found = cluster.call("GET", f"/{cluster.names.meta}/_doc/{name}", missing_ok=True)
    with cluster.understood():
        return found is not None and found.get("_source") == json.loads(json.dumps(document))
