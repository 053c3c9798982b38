"""Requests to the nodes of a cluster, by the HTTP client of the standard library: one connection for each thread and
node, certificates verified, no redirect followed.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
import zlib
from contextlib import suppress
from functools import partial
from typing import Any

from indexer.core.errors import PodseekProblem, system_reason
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.sanitize import tidy
from indexer.store.cluster.transport.address import Address, ClusterNode
from indexer.store.cluster.transport.credentials import CA, Credentials

_LARGEST = 128 << 20
"""Bytes of an answer at most, also after it was decompressed. A search asks for 32 MB; a document has 100 MB at most
(`http.max_content_length`)."""
_SHORTEST = 0.001
"""Seconds of a timeout at least: 0 would not wait at all."""
_GZIP = 16 + zlib.MAX_WBITS


class Unreachable(Exception):
    """A node gave no answer; the message is the reason. Another node may, or the same one later."""


class AnswerTooLarge(Unreachable):
    """A node gave an answer that does not fit into memory; asked again, it gives the same."""


class Untrusted(PodseekProblem):
    """The certificate of a node is not one to trust, or credentials would be sent in the open."""


class Reply(NamedTuple):
    """The answer of a node. `after` is the number of seconds that it asks to wait, 0 if it does not; `kind` its content
    type; `wire` the bytes that were transferred, fewer than those of the body if it was compressed."""

    status: int
    body: bytes
    after: float = 0.0
    kind: str = ""
    wire: int = 0


class Connections:
    """The connections to the nodes of a cluster. Threads may share it."""

    def __init__(self, address: Address, credentials: Credentials) -> None:
        """Raises Untrusted for a file of certificates that cannot be used, and for credentials that plain http would
        carry to another machine."""
        self._address = address
        self._authorization = credentials.header
        self._context = _context(credentials.ca) if address.scheme == "https" else None
        self._own = threading.local()
        if self._context is None and credentials.header.reveal() and not all(node.is_here for node in address.nodes):
            raise Untrusted(
                _("{address}: http would show the password on its way: begin the address with https").format(
                    address=address.shown
                )
            )

    def ask(
        self,
        node: ClusterNode,
        method: str,
        target: str,
        body: bytes | None,
        kind: str,
        seconds: float,
        accept: str = "application/json",
    ) -> Reply:
        """Sends a request, and reads the whole answer within `seconds`. Raises Unreachable, after which the
        request may or may not have been carried out, and Untrusted."""
        end = time.monotonic() + seconds
        known = self._known()
        connection = known.pop(node, None) or self._connection(node, seconds)
        headers = {"User-Agent": "podseek", "Accept": accept, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = kind
        if authorization := self._authorization.reveal():
            headers["Authorization"] = authorization
        try:
            if connection.sock is None:
                connection.timeout = max(_SHORTEST, seconds)
                connection.connect()
            connection.sock.settimeout(max(_SHORTEST, end - time.monotonic()))
            connection.request(method, target, body, headers)
            connection.response_class = partial(_Response, end=end)  # type: ignore[assignment]
            answer = connection.getresponse()
            data = answer.read(_LARGEST + 1)
            if answer.length and len(data) <= _LARGEST:
                raise http.client.IncompleteRead(data[:0])
            if len(data) > _LARGEST:
                raise AnswerTooLarge(_("its answer is larger than {largest} MB").format(largest=_LARGEST >> 20))
            after = _seconds(answer.headers)
            unpacked = _unpacked(data, answer.headers)
        except BaseException as error:
            connection.close()
            raise _problem(error, self._address, seconds) from None
        if answer.will_close:
            connection.close()
        else:
            known[node] = connection
        return Reply(answer.status, unpacked, after, answer.headers.get_content_type(), len(data))

    def close(self) -> None:
        """Closes the connections of this thread."""
        for connection in self._known().values():
            with suppress(OSError):
                connection.close()
        self._known().clear()

    def _known(self) -> dict[ClusterNode, http.client.HTTPConnection]:
        known: dict[ClusterNode, http.client.HTTPConnection] | None = getattr(self._own, "known", None)
        if known is None:
            known = self._own.known = {}
        return known

    def _connection(self, node: ClusterNode, seconds: float) -> http.client.HTTPConnection:
        host = node.host.strip("[]")
        if self._context is not None:
            return http.client.HTTPSConnection(host, node.port, timeout=seconds, context=self._context)
        return http.client.HTTPConnection(host, node.port, timeout=seconds)


class _Until(io.RawIOBase):
    """Reads from a socket until a moment of the monotonic clock, then raises TimeoutError: the timeout of a socket is
    for each piece, and a node that sends a byte now and then would be waited for without end."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer that is read until a moment at the latest."""

    def __init__(self, sock: socket.socket, *args: Any, end: float, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        self.fp.close()
        self.fp = io.BufferedReader(_Until(sock, end))


def _context(ca: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        reason = system_reason(error) if isinstance(error, OSError) and error.strerror else str(error)
        raise Untrusted(
            _("{path}: is not a certificate file ({reason}): {name} names one in PEM").format(
                path=ca, reason=tidy(reason, 100), name=CA
            )
        ) from None


def _problem(error: BaseException, address: Address, seconds: float) -> BaseException:
    """What to raise for a request that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        what = _("{address}: its certificate is not one to trust ({reason}): name the certificates in {name}")
        return Untrusted(
            what.format(address=address.shown, reason=tidy(error.verify_message or str(error), 100), name=CA)
        )
    if isinstance(error, TimeoutError):
        return Unreachable(_("no answer within {seconds:.3g} seconds").format(seconds=seconds))
    if isinstance(error, ssl.SSLError):
        return Unreachable(_("no TLS with it ({reason})").format(reason=tidy(error.reason or str(error), 80)))
    if isinstance(error, OSError):
        return Unreachable(tidy(system_reason(error), 100) or type(error).__name__)
    if isinstance(error, http.client.HTTPException):
        return Unreachable(_("the connection ended too early"))
    return error


def _unpacked(data: bytes, headers: http.client.HTTPMessage) -> bytes:
    """A body without the compression that its headers name. Raises Unreachable if it is damaged, AnswerTooLarge."""
    if (headers.get("Content-Encoding") or "").strip().lower() != "gzip" or not data:
        return data
    unpacker = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacker.decompress(data, _LARGEST + 1)
    except zlib.error:
        raise Unreachable(_("its compressed answer is damaged")) from None
    if len(unpacked) > _LARGEST:
        raise AnswerTooLarge(_("its answer is larger than {largest} MB").format(largest=_LARGEST >> 20))
    if not unpacker.eof:
        raise Unreachable(_("its compressed answer is damaged"))
    return unpacked


def _seconds(headers: http.client.HTTPMessage) -> float:
    """The seconds of a `Retry-After`."""
    value = headers.get("Retry-After") or ""
    return float(value) if value.isdecimal() and len(value) < 6 else 0.0
