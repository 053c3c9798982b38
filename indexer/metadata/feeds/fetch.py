"""Fetches what a feed is and what it points to: the only place where podseek uses the network, and only when asked.

http and https only, bounded in time, size and redirects, without cookies. A feed from the public network cannot
make podseek fetch from this machine or the network around it.
"""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from indexer.core.errors import PodseekProblem
from indexer.core.sanitize import tidy
from indexer.metadata.feeds.addresses import PUBLIC, inwardness_of_name
from indexer.metadata.feeds.addresses import inwardness as inwardness
from indexer.metadata.feeds.patience import Patience

TOTAL_SECONDS = 180.0
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65536


class FetchProblem(PodseekProblem):
    """What could not be fetched. The message is the reason, without the address."""


class _Silent(FetchProblem):
    """What a server did not answer, or not in time."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `data` is None where nothing changed; `etag` and `modified` ask for that the next time."""

    url: str
    data: bytes | None
    etag: str = ""
    modified: str = ""


class Fetcher:
    """Fetches for one feed. The first fetch may be of any address, unless `outside`; later ones, and where any of them
    is redirected to, no further inside than that. `total` is the seconds one fetch may take."""

    def __init__(self, outside: bool = False, total: float = TOTAL_SECONDS, patience: Patience | None = None) -> None:
        self.total = total
        self._patience = patience or Patience()
        self.inside: int | None = PUBLIC if outside else None
        self._socket: socket.socket | None = None
        self._end = 0.0
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            _Plain(self),
            _Secure(self),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            self._opener.add_handler(handler)

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        """What is at an address, of at most `largest` bytes. Raises FetchProblem, and NotTried where the patience of
        the run is over, be it with this server."""
        host = _host(url)
        total = min(self.total, self._patience.left(host))
        begin = time.monotonic()
        try:
            return self._fetch(url, largest, etag, modified, total)
        except _Silent as problem:
            self._patience.lose(host, time.monotonic() - begin)
            raise FetchProblem(str(problem)) from None

    def _fetch(self, url: str, largest: int, etag: str, modified: str, total: float) -> Fetched:
        late = f"it took more than {total:.3g} s"
        headers = {"User-Agent": "podseek", "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        with self._hurried(total) as is_late:
            try:
                fetched = self._follow(checked_address(url), headers, largest)
            except urllib.error.HTTPError as error:
                if error.code == 304 and (etag or modified):
                    return Fetched(url, None, etag, modified)
                raise FetchProblem(f"the server answered {error.code} {tidy(str(error.reason), 60)}".strip()) from None
            except (OSError, http.client.HTTPException, ValueError, FetchProblem) as error:
                raise _problem(error, late if is_late() else "", self._patience.answer()) from None
            if is_late():  # an answer without a length ends where the connection was shut
                raise _Silent(late)
            return fetched

    def _follow(self, url: str, headers: Mapping[str, str], largest: int) -> Fetched:
        """The answer, from wherever the address is redirected to."""
        for _ in range(MOST_REDIRECTS + 1):
            request = urllib.request.Request(url, headers=dict(headers))
            try:
                with self._opener.open(request, timeout=self._patience.answer()) as answer:
                    told = answer.headers
                    return Fetched(url, _body(answer, largest), told.get("ETag") or "", told.get("Last-Modified") or "")
            except urllib.error.HTTPError as error:
                target = error.headers.get("Location")
                if error.code not in _REDIRECTS or not target:
                    raise
                error.close()
                url = checked_address(urljoin(url, target))
        raise FetchProblem(f"redirected more than {MOST_REDIRECTS} times")

    @contextmanager
    def _hurried(self, total: float) -> Iterator[Callable[[], bool]]:
        """Shuts the connection when the time is over, however slowly the server goes on; yields whether it did."""
        self._end = end = time.monotonic() + total

        def shut() -> None:
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

        timer = Timer(total, shut)
        timer.daemon = True
        timer.start()
        try:
            yield lambda: time.monotonic() >= end
        finally:
            timer.cancel()
            self._forget()

    def left(self) -> float:
        """The seconds that the current fetch may still take."""
        return self._end - time.monotonic()

    def admit(self, found: int) -> None:
        """Raises FetchProblem for an address or a name that is too far inside."""
        if self.inside is None:
            self.inside = found
        elif found > self.inside:
            raise FetchProblem("it leads to this machine or a private network, and the feed is from elsewhere")

    def watch(self, connection: socket.socket) -> None:
        """Keeps a handle of the connection, to shut it when the time is over. It is one of its own, for TLS takes the
        other away when it begins."""
        self._forget()
        self._socket = connection.dup()

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def checked_address(url: str) -> str:
    """An http or https address in ASCII. Raises FetchProblem for any other, and for one that names a user."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchProblem("not an address") from None
    if parts.scheme not in ("http", "https"):
        raise FetchProblem(f"only http and https are fetched, not {tidy(parts.scheme, 20) or 'a file'}")
    if not host or parts.username is not None:
        raise FetchProblem("the address names a user and a password" if host else "the address names no server")
    try:
        name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise FetchProblem("the server has a name that none can have") from None
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((parts.scheme, f"{name}:{port}" if port else name, path or "/", query, ""))


def _body(answer: Any, largest: int) -> bytes:
    """The bytes of an answer, unpacked; never more than `largest` of them in memory."""
    packed = (answer.headers.get("Content-Encoding") or "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchProblem(f"it is packed in a way podseek does not read: {tidy(packed, 20)}")
    unpack = zlib.decompressobj(wbits=47) if packed in ("gzip", "x-gzip", "deflate") else None
    pieces, size = [], 0
    while chunk := answer.read(_CHUNK):
        try:
            piece = unpack.decompress(chunk, largest - size + 1) if unpack else chunk
        except zlib.error:
            raise FetchProblem("what was sent is not packed as it says") from None
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise FetchProblem(f"it is larger than {largest >> 20} MB")
    # Whoever reads by pieces is not told by http.client that some are missing.
    if answer.length or (unpack and not unpack.eof and size):
        raise FetchProblem("the connection ended too early")
    return b"".join(pieces)


def _problem(error: Exception, late: str, seconds: float) -> FetchProblem:
    """What is told of a failure, and whether it was the server's silence: one that cannot be connected to, or that
    lets wait."""
    waits = isinstance(error, TimeoutError) or (
        isinstance(error, urllib.error.URLError) and isinstance(error.reason, OSError)
    )
    return (_Silent if late or waits else FetchProblem)(late or _reason(error, seconds))


def _host(url: str) -> str:
    try:
        return urlsplit(url.strip()).netloc.lower()
    except ValueError:
        return ""


def _reason(error: Exception, seconds: float) -> str:
    """Why a fetch failed, in a few words."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"no answer within {seconds:.3g} seconds"
    if isinstance(reason, http.client.IncompleteRead):
        return "the connection ended too early"
    if isinstance(reason, OSError) and reason.strerror:
        return tidy(reason.strerror, 100)
    return tidy(str(reason), 100) or type(reason).__name__


class _Plain(urllib.request.HTTPHandler):
    """http, with each connection judged before anything is sent."""

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__()
        self.fetcher = fetcher

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        host = (urlsplit(req.full_url).hostname or "") if req.has_proxy() else ""
        return self.do_open(_judged(self.fetcher, host), req)


class _Secure(urllib.request.HTTPSHandler):
    """https, with each connection judged before anything is sent, be it the hello of TLS."""

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__()
        self.fetcher = fetcher

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        host = (urlsplit(req.full_url).hostname or "") if getattr(req, "_tunnel_host", None) else ""
        # HTTPSConnection leaves the plain connection to its base, and here that is the judged one.
        judged: Any = type("Judged", (http.client.HTTPSConnection, _judged(self.fetcher, host)), {})
        return self.do_open(judged, req)


def _looked_up(address: tuple[str, int], timeout: float) -> list[Any]:
    """The addresses of a host, as `socket.getaddrinfo` returns them. Raises TimeoutError after `timeout` seconds.

    A lookup cannot be stopped: it runs in a thread, which is abandoned.
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


def _connected(fetcher: Fetcher, address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
    """A connection to one of the addresses of a host, which is looked up and all of them tried within `timeout`
    seconds, and within those that the fetch has left."""
    end = time.monotonic() + min(timeout, fetcher.left())
    failure: OSError = TimeoutError()
    for family, kind, protocol, _, place in _looked_up(address, end - time.monotonic()):
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


def _judged(fetcher: Fetcher, proxied_host: str) -> Any:
    """The class of plain connections that are judged by a fetcher; behind a proxy by the name of the host, for no more
    is known of it."""

    class Judged(http.client.HTTPConnection):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            self._create_connection = partial(_connected, fetcher)

        def connect(self) -> None:
            if proxied_host:
                fetcher.admit(inwardness_of_name(proxied_host))
            super().connect()
            fetcher.watch(self.sock)
            if not proxied_host:
                fetcher.admit(inwardness(self.sock.getpeername()[0]))

    return Judged
