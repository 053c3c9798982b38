"""Fetches feeds and the files they link to. With `connections` the only code that opens connections, and only for feeds
that the user named.

Supports http and https, with limits on time, size and redirects, without cookies. A feed from the public network
cannot make podseek fetch from this machine or a private network.
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
from threading import Timer
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.text.sanitize import tidy
from indexer.metadata.feeds.addresses import PUBLIC
from indexer.metadata.feeds.connections import CheckedHTTP, CheckedHTTPS
from indexer.metadata.feeds.time_budget import TimeBudget

TOTAL_SECONDS = 180.0
MOST_REDIRECTS = 5
_MOST_REDIRECTS_OF_AUDIO = 10
"""Hosts of podcasts count listeners by chains of redirects."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65536


class FetchProblem(PodseekProblem):
    """A fetch failed. The message is the reason, without the address."""


class RangeRefused(FetchProblem):
    """The server does not send the part of a file that was requested."""


class _Silent(FetchProblem):
    """The server did not answer in time, or cannot be reached."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response. `data` is None if the content has not changed; `etag` and `modified` make the next request
    conditional."""

    url: str
    data: bytes | None
    etag: str = ""
    modified: str = ""


class Fetcher:
    """Fetches for one feed. The first fetch may be of any address, unless `outside`, which permits public ones only.
    Redirects and later fetches must not lead to a more internal address than the first. `total` is the time limit of
    one fetch in seconds."""

    def __init__(self, outside: bool = False, total: float = TOTAL_SECONDS, budget: TimeBudget | None = None) -> None:
        self.total = total
        self._budget = budget or TimeBudget()
        self.inside: int | None = PUBLIC if outside else None
        self._socket: socket.socket | None = None
        self._end = 0.0
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            CheckedHTTP(self),
            CheckedHTTPS(self),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            self._opener.add_handler(handler)

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        """Fetches a URL, at most `largest` bytes. Raises FetchProblem if that fails, and NotTried if the time of the
        run is spent or this server did not answer before."""
        host = _host(url)
        total = min(self.total, self._budget.left(host))
        begin = time.monotonic()
        try:
            return self._fetch(url, largest, etag, modified, total)
        except _Silent as problem:
            self._budget.give_up_on(host, time.monotonic() - begin)
            raise FetchProblem(str(problem)) from None

    def _fetch(self, url: str, largest: int, etag: str, modified: str, total: float) -> Fetched:
        late = _("it took more than {total:.3g} s").format(total=total)
        headers = {"User-Agent": "podseek", "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        with self._hurried(total) as is_late:
            try:
                fetched = self._follow(checked_address(url), headers, largest)
            except urllib.error.HTTPError as error:
                if error.code == 304 and (etag or modified):
                    return Fetched(url, None, etag, modified)
                raise FetchProblem(
                    _("the server answered {code} {reason}")
                    .format(code=error.code, reason=tidy(str(error.reason), 60))
                    .strip()
                ) from None
            except (OSError, http.client.HTTPException, ValueError, FetchProblem) as error:
                raise _problem(error, late if is_late() else "", self._budget.answer()) from None
            if is_late():  # a response without Content-Length seems complete when the connection is shut
                raise _Silent(late)
            return fetched

    @contextmanager
    def opened(self, url: str, headers: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
        """Yields the response for a large file, whose body the caller reads within `total` seconds; no read waits
        longer than for an answer. Raises FetchProblem, also while the body is read."""
        total = min(self.total, self._budget.left(_host(url)))
        late = _("it took more than {total:.3g} s").format(total=total)
        with self._hurried(total) as is_late:
            try:
                asked = {"User-Agent": "podseek", **headers}
                with self._answer(checked_address(url), asked, _MOST_REDIRECTS_OF_AUDIO)[0] as answer:
                    yield answer
                if is_late():
                    raise FetchProblem(late)
            except urllib.error.HTTPError as error:
                kind = RangeRefused if error.code == 416 else FetchProblem
                said = _("the server answered {code} {reason}")
                raise kind(said.format(code=error.code, reason=tidy(str(error.reason), 60)).strip()) from None
            except FetchProblem:
                raise
            except (OSError, http.client.HTTPException, ValueError) as error:
                if isinstance(error, OSError) and error.filename is not None:  # a file of the caller
                    raise
                raise FetchProblem(late if is_late() else _reason(error, self._budget.answer())) from None

    def _follow(self, url: str, headers: Mapping[str, str], largest: int) -> Fetched:
        """Returns the whole response, following redirects."""
        answer, url = self._answer(url, headers)
        with answer:
            etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            return Fetched(url, _body(answer, largest), etag or "", modified or "")

    def _answer(self, url: str, headers: Mapping[str, str], most: int = MOST_REDIRECTS) -> tuple[Any, str]:
        """Returns the response with its body unread, and its URL, following redirects."""
        for __ in range(most + 1):
            request = urllib.request.Request(url, headers=dict(headers))
            try:
                return self._opener.open(request, timeout=self._budget.answer()), url
            except urllib.error.HTTPError as error:
                target = error.headers.get("Location")
                if error.code not in _REDIRECTS or not target:
                    raise
                error.close()
                url = checked_address(urljoin(url, target))
        raise FetchProblem(_("redirected more than {most} times").format(most=most))

    @contextmanager
    def _hurried(self, total: float) -> Iterator[Callable[[], bool]]:
        """Shuts the connection after `total` seconds, even if the server is still sending; yields a function that
        returns True once they are over."""
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
        """Returns the seconds left for the current fetch."""
        return self._end - time.monotonic()

    def admit(self, found: int) -> None:
        """Raises FetchProblem if an address of this level (`address_level`) is too internal. The first call sets the
        limit unless it is set already."""
        if self.inside is None:
            self.inside = found
        elif found > self.inside:
            raise FetchProblem(_("it leads to this machine or a private network, and the feed is from elsewhere"))

    def watch(self, connection: socket.socket) -> None:
        """Keeps a duplicate of the socket, to shut it when the time is over; TLS detaches the original when it
        starts."""
        self._forget()
        self._socket = connection.dup()

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def checked_address(url: str) -> str:
    """Returns an http or https URL encoded in ASCII. Raises FetchProblem for any other URL, and for one with
    credentials."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchProblem(_("not an address")) from None
    if parts.scheme not in ("http", "https"):
        scheme = tidy(parts.scheme, 20)
        message = (
            _("only http and https are fetched, not {scheme}")
            if scheme
            else _("only http and https are fetched, not a file")
        )
        raise FetchProblem(message.format(scheme=scheme))
    if not host or parts.username is not None:
        raise FetchProblem(_("the address names a user and a password") if host else _("the address names no server"))
    try:
        name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise FetchProblem(_("the server has a name that none can have")) from None
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((parts.scheme, f"{name}:{port}" if port else name, path or "/", query, ""))


def _body(answer: Any, largest: int) -> bytes:
    """Reads and decompresses the body of a response. Raises FetchProblem if it exceeds `largest` bytes, is incomplete
    or is compressed in an unknown way."""
    packed = (answer.headers.get("Content-Encoding") or "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchProblem(_("it is packed in a way podseek does not read: {packing}").format(packing=tidy(packed, 20)))
    unpack = zlib.decompressobj(wbits=47) if packed in ("gzip", "x-gzip", "deflate") else None
    pieces, size = [], 0
    while chunk := answer.read(_CHUNK):
        try:
            piece = unpack.decompress(chunk, largest - size + 1) if unpack else chunk
        except zlib.error:
            raise FetchProblem(_("what was sent is not packed as it says")) from None
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise FetchProblem(_("it is larger than {largest} MB").format(largest=largest >> 20))
    # http.client does not report a truncated body when it is read in chunks.
    if answer.length or (unpack and not unpack.eof and size):
        raise FetchProblem(_("the connection ended too early"))
    return b"".join(pieces)


def _problem(error: Exception, late: str, seconds: float) -> FetchProblem:
    """Converts an error to a FetchProblem; to _Silent if the server was late, timed out or could not be reached."""
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
    """Returns a short reason why a fetch failed."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return _("no answer within {seconds:.3g} seconds").format(seconds=seconds)
    if isinstance(reason, http.client.IncompleteRead):
        return _("the connection ended too early")
    if isinstance(reason, OSError) and reason.strerror:
        return tidy(reason.strerror, 100)
    return tidy(str(reason), 100) or type(reason).__name__
