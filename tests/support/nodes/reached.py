"""Ways to a stand-in for OpenSearch: in this process, and over HTTP."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.core.configuration.secret import Secret
from indexer.store.cluster.transport.address import parse_address
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.connection import Reply, Unreachable
from indexer.store.cluster.transport.credentials import Credentials
from indexer.store.cluster.transport.retry_policy import RetryPolicy
from support.nodes.stand_in import Asked, StandIn

ADDRESS = "http://127.0.0.1:9200/library"


NOTHING = Credentials(Secret())


class InProcess:
    """Takes the place of `Connections`: asks a stand-in without a network."""

    def __init__(self, server: StandIn) -> None:
        self._server = server

    def ask(
        self, node: object, method: str, target: str, body: bytes | None, kind: str, seconds: float, accept: str
    ) -> Reply:
        parts = urlsplit(target)
        asked = Asked(method, unquote(parts.path), dict(parse_qsl(parts.query)), body or b"")
        return self._server.answer(asked)

    def close(self) -> None:
        pass


def cluster_of(server: StandIn, address: str = ADDRESS, tries: int = 4) -> Cluster:
    """A cluster that is a stand-in; it waits for nothing."""
    made = Cluster(parse_address(address), NOTHING, RetryPolicy(tries), lambda seconds: None, lambda: 1.0)
    made._connections = InProcess(server)  # type: ignore[assignment]
    return made


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is what a test wants."""


@contextmanager
def listening(
    server: StandIn, raw: Callable[[BaseHTTPRequestHandler], bool] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serves a stand-in over HTTP, or HTTPS; yields its address. `raw` may answer a request, and returns True if it
    did."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if raw is not None and raw(self):
                return
            parts = urlsplit(self.path)
            try:
                reply = server.answer(Asked(self.command, unquote(parts.path), dict(parse_qsl(parts.query)), body))
            except Unreachable:
                self.close_connection = True
                return
            self.send_response(reply.status)
            data = b"" if self.command == "HEAD" else reply.body
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer

        def log_message(self, *_: object) -> None:
            pass

    http = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        http.socket = tls.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{http.server_address[1]}/library"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def of_server(address: str, header: str = "", seconds: float = 5.0, tries: int = 3) -> Cluster:
    return Cluster(
        parse_address(address),
        Credentials(Secret(header)),
        RetryPolicy(tries, seconds),
        lambda _: None,
        lambda: 1.0,
    )
