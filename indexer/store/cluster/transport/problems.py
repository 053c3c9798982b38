"""What is wrong when a cluster cannot be reached, refuses a request, or answers in another form than OpenSearch."""

from __future__ import annotations

import json
import re
from contextlib import suppress

from indexer.core.errors import IndexProblem
from indexer.core.messages import _
from indexer.core.text.sanitize import tidy
from indexer.store.cluster.transport import cbor
from indexer.store.cluster.transport.address import Address
from indexer.store.cluster.transport.answers import decoded
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.credentials import CA

TOO_LARGE = "answer_too_large"
"""The kind of the error for an answer that does not fit into memory."""
NO_INDEX = "index_not_found_exception"
"""The kind of the error for an index that is not there."""
_ESCAPED = re.compile(rb"\\u00([0-7][0-9a-fA-F])|\\/")
"""A character of ASCII as JSON may write it."""


class ClusterProblem(IndexProblem):
    """The cluster cannot be reached or refused a request: one line, without credentials. `status` is that of HTTP, 0
    without an answer; `kind` is the type of the error that OpenSearch names; `after` the seconds that it asks to
    wait."""

    def __init__(self, message: str, status: int = 0, kind: str = "", after: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.after = after


def misunderstood(address: Address) -> ClusterProblem:
    """The error for an answer that is not one of OpenSearch."""
    return ClusterProblem(
        _("{address}: answers, but not as OpenSearch does: see that the address is right").format(address=address.shown)
    )


def unreachable(address: Address, reason: str, kind: str = "") -> ClusterProblem:
    """The error for a cluster of which no node answers; `kind` is TOO_LARGE if only this request has none."""
    return ClusterProblem(
        _("{address}: cannot be reached ({reason}): see that the cluster runs and the address is right").format(
            address=address.shown, reason=reason
        ),
        kind=kind,
    )


def refusal(address: Address, reply: Reply, hidden: bytes) -> ClusterProblem:
    """The error for an answer with a status of HTTP that is none of success; `hidden` is what no message repeats."""
    kind, reason = _error(_shown(reply, hidden))
    if kind == NO_INDEX:
        return index_gone(address, reason)
    if reply.status == 403 and kind:
        what = _("{address}: the cluster does not let this user do that ({reason}): give it the rights it needs")
        return ClusterProblem(what.format(address=address.shown, reason=reason), reply.status, kind)
    if reply.status in (401, 403):
        what = _("{address}: the cluster refuses access ({status}): see its users, and the variables {names}")
        names = "PODSEEK_BACKEND_USER, ..."
        return ClusterProblem(what.format(address=address.shown, status=reply.status, names=names), reply.status)
    if 300 <= reply.status < 400:
        what = _("{address}: redirects, which is not followed: name the cluster itself (certificates: {name})")
        return ClusterProblem(what.format(address=address.shown, name=CA), reply.status)
    what = _("{address}: the cluster refuses the request ({status} {reason})")
    return ClusterProblem(
        what.format(address=address.shown, status=reply.status, reason=reason), reply.status, kind, reply.after
    )


def index_gone(address: Address, reason: str) -> ClusterProblem:
    """The error for an index of the library that somebody deleted."""
    what = _("{address}: an index of the library is gone ({reason}): {cure}")
    return ClusterProblem(
        what.format(address=address.shown, reason=reason, cure=made_by_indexing(address)), 404, NO_INDEX
    )


def made_by_indexing(address: Address) -> str:
    """The cure for what any indexing run makes that does not find it."""
    cure = _("`podseek index --backend {address} FOLDER`, with the transcripts, makes it anew")
    return cure.format(address=address.shown)


def _shown(reply: Reply, hidden: bytes) -> bytes:
    """The body of a refusal as JSON, without what is hidden, in whatever way JSON writes its characters."""
    body = reply.body
    if cbor.is_cbor(reply.kind):
        with suppress(ValueError):
            body = json.dumps(cbor.decode(body), default=repr).encode()
    if not hidden:
        return body
    try:
        body = json.dumps(decoded(body), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):  # perhaps cut off within
        body = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]) if found[1] else b"/", body)
    quoted = json.dumps(hidden.decode("utf-8", "replace"), ensure_ascii=False)[1:-1].encode()
    return body.replace(quoted, b"***").replace(hidden, b"***")


def _error(body: bytes) -> tuple[str, str]:
    """The type and the reason of an error that OpenSearch reports."""
    try:
        error = decoded(body)["error"]
        if isinstance(error, str):
            return "", tidy(error, 200)
        cause = (error.get("root_cause") or [error])[0]
        return str(error["type"]), tidy(f"{cause['type']}: {cause['reason']}", 200)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return "", tidy(body[:200].decode("utf-8", "replace"), 120)
