"""The connections to a cluster: every way in which a node can fail."""

from __future__ import annotations

import gzip
import json
import ssl
import subprocess
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from support.nodes.reached import cluster_of, listening, of_server
from support.nodes.stand_in import Asked, StandIn

from indexer.core.configuration.secret import Secret
from indexer.store.cluster.transport.address import ClusterNode, parse_address
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.connection import Reply, Unreachable, Untrusted
from indexer.store.cluster.transport.credentials import Credentials
from indexer.store.cluster.transport.problems import ClusterProblem

SECRET = "s3cret-pass"


def test_a_connection_is_kept_and_carries_the_credentials() -> None:
    seen: list[tuple[str | None, object]] = []

    def raw(handler: BaseHTTPRequestHandler) -> bool:
        seen.append((handler.headers.get("Authorization"), handler.client_address))
        return False

    with listening(StandIn({"library-meta": {}}), raw) as address:
        cluster = of_server(address, f"Bearer {SECRET}")
        assert not cluster.exists("/library-meta/_doc/epoch")
        assert cluster.call("PUT", "/library-meta/_doc/epoch", {"values": {"词": 1}}) == {}
        assert cluster.call("GET", "/library-meta/_doc/epoch")["_source"] == {"values": {"词": 1}}
        cluster.close()
    assert {header for header, _ in seen} == {f"Bearer {SECRET}"}
    assert len({place for _, place in seen}) == 1


def test_a_request_says_what_kind_of_body_it_has_and_which_answer_it_takes() -> None:
    seen: list[tuple[str | None, str | None]] = []

    def raw(handler: BaseHTTPRequestHandler) -> bool:
        seen.append((handler.headers.get("Content-Type"), handler.headers.get("Accept")))
        return False

    with listening(StandIn({"library-meta": {}}), raw) as address, of_server(address) as cluster:
        cluster.call("PUT", "/library-meta/_doc/epoch", {"values": {}})
        cluster.bulk("/library-meta/_bulk", b"", {})
        cluster.call("GET", "/library-meta/_doc/epoch", accept="application/cbor")
    assert seen == [
        ("application/json", "application/json"),
        ("application/x-ndjson", "application/json"),
        (None, "application/cbor"),
    ]


def _closes(handler: BaseHTTPRequestHandler) -> bool:
    handler.close_connection = True
    return True


def _breaks_off(handler: BaseHTTPRequestHandler) -> bool:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    handler.close_connection = True
    return True


def _is_no_http(handler: BaseHTTPRequestHandler) -> bool:
    handler.wfile.write(b"SSH-2.0\r\n")
    handler.close_connection = True
    return True


@pytest.mark.parametrize("fails", [_closes, _breaks_off, _is_no_http])
def test_a_connection_that_fails_is_tried_again(fails: Callable[[BaseHTTPRequestHandler], bool]) -> None:
    left = [fails, fails]

    def raw(handler: BaseHTTPRequestHandler) -> bool:
        return left.pop()(handler) if left else False

    with listening(StandIn({"library-meta": {}}), raw) as address:
        assert of_server(address).call("GET", "/library-meta/_doc/a", missing_ok=True) is None
        left += [fails] * 3
        with pytest.raises(ClusterProblem, match="cannot be reached") as raised:
            of_server(address).call("GET", "/library-meta/_doc/a")
    assert "\n" not in str(raised.value)


def test_a_node_that_does_not_answer_in_time_is_given_up() -> None:
    from threading import Event

    ended = Event()

    def raw(handler: BaseHTTPRequestHandler) -> bool:
        ended.wait(30)
        return _closes(handler)

    with listening(StandIn(), raw) as address:
        with pytest.raises(ClusterProblem, match=r"0\.05 seconds"):
            of_server(address, seconds=0.05, tries=1).call("GET", "/library-meta/_doc/a")
        ended.set()


def test_no_message_shows_a_credential_that_the_server_repeats() -> None:
    def raw(handler: BaseHTTPRequestHandler) -> bool:
        body = json.dumps({"error": {"type": "x", "reason": handler.headers["Authorization"]}}).encode()
        handler.send_response(400)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        return True

    with listening(StandIn(), raw) as address, pytest.raises(ClusterProblem) as raised:
        of_server(address, f"Bearer {SECRET}").call("GET", "/library-meta/_doc/a")
    assert SECRET not in str(raised.value)


def test_a_node_that_sends_a_byte_now_and_then_is_given_up() -> None:
    from threading import Event

    ended = Event()

    def raw(handler: BaseHTTPRequestHandler) -> bool:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            if ended.wait(0.02):
                break
            handler.wfile.write(b" ")
            handler.wfile.flush()
        return _closes(handler)

    with listening(StandIn(), raw) as address:
        with pytest.raises(ClusterProblem, match=r"0\.2 seconds"):
            of_server(address, seconds=0.2, tries=1).call("GET", "/library-meta/_doc/a")
        ended.set()


def test_connections_end_with_the_block() -> None:
    with listening(StandIn({"library-meta": {}})) as address, of_server(address) as cluster:
        cluster.call("GET", "/library-meta/_doc/a", missing_ok=True)
        (connection,) = cluster._connections._known().values()
    assert connection.sock is None


def test_another_node_is_asked_and_remembered() -> None:
    server = StandIn({"library-meta": {}})
    cluster = cluster_of(server, "http://127.0.0.1:1,127.0.0.1:2,127.0.0.1:3/library")
    nodes: list[int] = []

    class OnlyTheThird:
        def ask(self, node: ClusterNode, *request: object) -> Reply:
            nodes.append(node.port)
            if node.port != 3:
                raise Unreachable("down")
            return Reply(200, b"{}")

    cluster._connections = OnlyTheThird()  # type: ignore[assignment]
    cluster.call("GET", "/library-meta/_doc/a")
    cluster.call("GET", "/library-meta/_doc/a")
    assert nodes == [1, 2, 3, 3]


@pytest.mark.needs("openssl")
def test_a_certificate_is_trusted_only_if_it_was_named(tmp_path: Path) -> None:
    key, certificate, other = tmp_path / "key.pem", tmp_path / "it.pem", tmp_path / "other.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=here"]
    for out, name in ((other, "127.0.0.1"), (certificate, "127.0.0.1")):
        more = ["-addext", f"subjectAltName=IP:{name}", "-keyout", str(key), "-out", str(out)]
        subprocess.run([*command, *more], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = StandIn({"library-meta": {}})
    with listening(server, tls=context) as address:
        for ca in (None, str(other)):
            cluster = Cluster(parse_address(address), Credentials(Secret(f"Bearer {SECRET}"), ca))
            with pytest.raises(Untrusted, match="PODSEEK_BACKEND_CA"):
                cluster.call("GET", "/library-meta/_doc/a")
        assert server.asked == []
        named = Cluster(parse_address(address), Credentials(Secret(f"Bearer {SECRET}"), str(certificate)))
        assert named.call("GET", "/library-meta/_doc/a", missing_ok=True) is None
        with pytest.raises(Untrusted):  # of another host
            Cluster(parse_address(address.replace("127.0.0.1", "localhost")), named_credentials(certificate)).call(
                "GET", "/"
            )
        named.close()


def named_credentials(certificate: Path) -> Credentials:
    return Credentials(Secret(), str(certificate))


def _packed(data: bytes, says: str = "gzip") -> Callable[[BaseHTTPRequestHandler], bool]:
    """Answers with a body that is said to be compressed."""

    def raw(handler: BaseHTTPRequestHandler) -> bool:
        assert handler.headers["Accept-Encoding"] == "gzip"
        handler.send_response(200)
        handler.send_header("Content-Encoding", says)
        handler.send_header("Content-Type", "application/json; charset=UTF-8")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
        return True

    return raw


def test_a_compressed_answer_is_unpacked_and_counts_as_transferred() -> None:
    packed = gzip.compress(b'{"a": "%s"}' % (b"x" * 5000))
    with listening(StandIn(), _packed(packed)) as address, of_server(address) as cluster:
        assert cluster.call("GET", "/")["a"] == "x" * 5000
        assert cluster._asked("GET", "/", None, None).wire == len(packed)


@pytest.mark.parametrize(
    "body", [b"{}", gzip.compress(b"{}" * 50)[:-9], gzip.compress(b" " * 4000)], ids=["plain", "cut off", "too large"]
)
def test_a_compressed_answer_that_is_damaged_or_too_large_is_one_line(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.cluster.transport.connection._LARGEST", 2000)
    refused = pytest.raises(ClusterProblem, match=r"its compressed answer is damaged|its answer is larger")
    with listening(StandIn(), _packed(body)) as address, of_server(address, tries=1) as cluster, refused:
        cluster.call("GET", "/")


def test_an_answer_that_is_too_large_is_asked_for_once_of_each_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.store.cluster.transport.connection._LARGEST", 2000)
    asked: list[str] = []

    def fault(one: Asked, go: Callable[[], Reply]) -> Reply:
        asked.append(one.path)
        return Reply(200, b" " * 4000)

    refused = pytest.raises(ClusterProblem, match="its answer is larger than 0 MB")
    with listening(StandIn(fault=fault)) as address, of_server(address, tries=5) as cluster, refused:
        cluster.call("GET", "/")
    assert asked == ["/"]


@pytest.mark.parametrize("kind", ["application/cbor", "application/vnd.elasticsearch+cbor;compatible-with=8"])
def test_the_headers_of_elasticsearch_8_are_taken(kind: str) -> None:
    def raw(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("X-elastic-product", "Elasticsearch")
        handler.send_header("Warning", '299 Elasticsearch-8.17.0-0 "this request accesses system indices"')
        handler.send_header("content-type", kind)
        handler.send_header("content-length", "6")
        handler.end_headers()
        handler.wfile.write(b"\xbf\x61a\x18\x2a\xff")
        return True

    with listening(StandIn(), raw) as address, of_server(address) as cluster:
        assert cluster.call("GET", "/library", accept="application/cbor") == {"a": 42}
