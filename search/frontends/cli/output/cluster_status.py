"""What `podseek status` shows of a library in a cluster, beside what it shows of every index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.core.messages import _
from indexer.store.cluster import checking, vocabulary
from indexer.store.cluster.documents.layout import FORMAT
from indexer.store.cluster.library.meta import read_epoch
from indexer.store.cluster.library.size import size_in_bytes
from indexer.store.cluster.transport.client import connect
from search.frontends.formats.listings import lists
from search.results.records import status_record

if TYPE_CHECKING:
    from search.results.health import Status


def lines(backend: str, status: Status) -> Iterator[str]:
    """A line per fact. Files of other machines are not looked for. Raises IndexProblem."""
    with connect(backend) as cluster:
        epoch = read_epoch(cluster)
        size = size_in_bytes(cluster)
        is_settled = epoch is None or vocabulary.is_up_to_date(cluster, epoch.version, refresh=False)
    yield lists.fact(_("library"), cluster.address.shown)
    yield from lists.status_lines(replace(status, size=size, missing=0))
    if epoch is not None and epoch.format < FORMAT:
        value = _(
            "{found}: `podseek index --backend {address} --rebuild` makes format {known}, of which searches read less"
        )
        shown = cluster.address.shown
        yield lists.fact(_("format"), value.format(found=epoch.format, known=FORMAT, address=shown))
    if not is_settled:
        value = _("older than the episodes: the next `podseek index --backend {address}` counts them again")
        yield lists.fact(_("words"), value.format(address=cluster.address.shown))


def record(backend: str, status: Status) -> dict[str, Any]:
    """The status as a JSON object; `folder` is the address. Raises IndexProblem."""
    with connect(backend) as cluster:
        found = replace(status, size=size_in_bytes(cluster), missing=0)
        return {**status_record(found), "folder": cluster.address.shown}


def faults(backend: str) -> list[str]:
    """Reads everything in a library; one line per fault. Raises IndexProblem if it does not answer."""
    with connect(backend) as cluster:
        epoch = read_epoch(cluster)
        return checking.faults(cluster, epoch) if epoch is not None else []
