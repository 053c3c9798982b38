"""Fetches what a feed is and what it points to: the only place where podseek uses the network, and only when asked.

http and https only, bounded in time, size and redirects, without cookies. A feed from the public network cannot
make podseek fetch from this machine or the network around it.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from indexer.errors import PodseekProblem
from indexer.tidy import tidy

ANSWER_SECONDS = 15.0
"""For a connection, and for each answer of a server that is slow."""
TOTAL_SECONDS = 180.0
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65536

_PUBLIC, _NEAR, _HERE, _NOWHERE = range(4)
"""How far inside an address is: on the public network, on a private one, on this machine, for machines only."""


_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")))
"""Whose last 32 bits are an IPv4 address: NAT64 (RFC 6052 and 8215), SIIT (RFC 2765), IPv4-compatible (RFC 4291)."""
_LOCAL_USE = ipaddress.IPv6Network("64:ff9b:1::/48")


class FetchProblem(PodseekProblem):
    """What could not be fetched. The message is the reason, without the address."""


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

    def __init__(self, outside: bool = False, total: float = TOTAL_SECONDS) -> None:
        self.total = total
        self._late = f"it took more than {total:g} s"
        self.inside: int | None = _PUBLIC if outside else None
        self._socket: socket.socket | None = None
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
        """What is at an address, of at most `largest` bytes. Raises FetchProblem."""
        headers = {"User-Agent": "podseek", "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        with self._hurried() as is_late:
            try:
                fetched = self._follow(checked_address(url), headers, largest)
            except urllib.error.HTTPError as error:
                if error.code == 304 and (etag or modified):
                    return Fetched(url, None, etag, modified)
                raise FetchProblem(f"the server answered {error.code} {tidy(str(error.reason), 60)}".strip()) from None
            except (OSError, http.client.HTTPException, ValueError, FetchProblem) as error:
                raise FetchProblem(self._late if is_late() else _reason(error)) from None
            if is_late():  # an answer without a length ends where the connection was shut
                raise FetchProblem(self._late)
            return fetched

    def _follow(self, url: str, headers: Mapping[str, str], largest: int) -> Fetched:
        """The answer, from wherever the address is redirected to."""
        for _ in range(MOST_REDIRECTS + 1):
            request = urllib.request.Request(url, headers=dict(headers))
            try:
                with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
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
    def _hurried(self) -> Iterator[Callable[[], bool]]:
        """Shuts the connection when the time is over, however slowly the server goes on; yields whether it did."""
        end = time.monotonic() + self.total

        def shut() -> None:
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

        timer = Timer(self.total, shut)
        timer.daemon = True
        timer.start()
        try:
            yield lambda: time.monotonic() >= end
        finally:
            timer.cancel()
            self._forget()

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


def inwardness(address: str) -> int:
    """How far inside an IP address is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return _inwardness(ip)
    if same := ip.ipv4_mapped or ip.sixtofour:  # Pythons differ about these, so only the IPv4 address counts
        return _inwardness(same)
    if any(ip in one for one in _TRANSLATED) and not (ip.is_loopback or ip.is_unspecified):  # about these as well
        inside = _inwardness(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        return max(_NEAR, inside) if ip in _LOCAL_USE else inside
    return max(map(_inwardness, (ip, *(ip.teredo or ()))))


def _inwardness(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    if ip.is_loopback:
        return _HERE
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_global):
        return _NOWHERE
    return _PUBLIC if ip.is_global else _NEAR


def _named(host: str) -> int:
    """How far inside a host is, by its name alone."""
    try:
        return inwardness(host)
    except ValueError:
        return _HERE if host == "localhost" or host.endswith(".localhost") else _PUBLIC


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


def _reason(error: Exception) -> str:
    """Why a fetch failed, in a few words."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"no answer within {ANSWER_SECONDS:.0f} seconds"
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


def _judged(fetcher: Fetcher, proxied_host: str) -> Any:
    """The class of plain connections that are judged by a fetcher; behind a proxy by the name of the host, for no more
    is known of it."""

    class Judged(http.client.HTTPConnection):
        def connect(self) -> None:
            if proxied_host:
                fetcher.admit(_named(proxied_host))
            super().connect()
            fetcher.watch(self.sock)
            if not proxied_host:
                fetcher.admit(inwardness(self.sock.getpeername()[0]))

    return Judged
