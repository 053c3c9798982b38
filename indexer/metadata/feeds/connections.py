"""Connections whose address is checked before anything is sent, and that give up in time, even while a name is looked
up."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.request
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol
from urllib.parse import urlsplit

from indexer.metadata.feeds.addresses import address_level, host_level


class Owner(Protocol):
    """Decides about the connections of one fetch."""

    def left(self) -> float:
        """Returns the seconds left for the fetch."""

    def admit(self, found: int) -> None:
        """Raises an error if an address of this level (`addresses`) must not be connected to."""

    def watch(self, connection: socket.socket) -> None:
        """Is called with each socket once it is connected, before anything is sent."""


class CheckedHTTP(urllib.request.HTTPHandler):
    """Handles http; checks the address of each connection before anything is sent."""

    def __init__(self, owner: Owner) -> None:
        super().__init__()
        self.owner = owner

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        host = (urlsplit(req.full_url).hostname or "") if req.has_proxy() else ""
        return self.do_open(_judged(self.owner, host), req)


class CheckedHTTPS(urllib.request.HTTPSHandler):
    """Handles https; checks the address of each connection before anything is sent, even the TLS handshake."""

    def __init__(self, owner: Owner) -> None:
        super().__init__()
        self.owner = owner

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        host = (urlsplit(req.full_url).hostname or "") if getattr(req, "_tunnel_host", None) else ""
        # HTTPSConnection.connect() calls the next class in the method resolution order: the one that checks.
        judged: Any = type("Judged", (http.client.HTTPSConnection, _judged(self.owner, host)), {})
        return self.do_open(judged, req)


def _looked_up(address: tuple[str, int], timeout: float) -> list[Any]:
    """Returns the addresses of a host as `socket.getaddrinfo` does. Raises OSError, and TimeoutError after `timeout`
    seconds.

    A lookup cannot be cancelled: it runs in a daemon thread, which is abandoned.
    """
    answers: SimpleQueue[list[Any] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put([*socket.getaddrinfo(*address, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, timeout))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _connected(owner: Owner, address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
    """Looks up a host and connects to the first of its addresses that accepts, within `timeout` seconds in all and the
    time left for the fetch. Raises OSError."""
    end = time.monotonic() + min(timeout, owner.left())
    failure: OSError = TimeoutError()
    for family, kind, protocol, __, place in _looked_up(address, end - time.monotonic()):
        left = end - time.monotonic()
        if left <= 0:
            break
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(left)
            connection.connect(place)
            connection.settimeout(timeout)
            return connection
        except OSError as error:
            connection.close()
            failure = error
    raise failure


def _judged(owner: Owner, proxied_host: str) -> Any:
    """Returns a class of connections whose address the owner checks; behind a proxy, where the address is unknown, it
    checks the name of the host."""

    class Judged(http.client.HTTPConnection):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            self._create_connection = partial(_connected, owner)

        def connect(self) -> None:
            if proxied_host:
                owner.admit(host_level(proxied_host))
            super().connect()
            owner.watch(self.sock)
            if not proxied_host:
                owner.admit(address_level(self.sock.getpeername()[0]))

    return Judged
