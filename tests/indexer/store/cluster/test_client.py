"""The client of a cluster: every way in which a node can fail, and what never reaches a message."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from support.stand_in import ADDRESS, NOTHING, Asked, StandIn, cluster_of, listening

from indexer.core.errors import PodseekProblem
from indexer.core.secret import Secret
from indexer.store.cluster.address import AddressProblem, ClusterNode, parse_address
from indexer.store.cluster.bulk import Action, BulkWriter
from indexer.store.cluster.client import Cluster, ClusterPatience, ClusterProblem
from indexer.store.cluster.connection import Connections, Reply, Unreachable, Untrusted
from indexer.store.cluster.credentials import Credentials, CredentialsProblem, read_credentials
from indexer.store.cluster.meta import read_data, read_values
from indexer.store.cluster.writer import read_states

SECRET = "s3cret-pass"

# --- addresses ------------------------------------------------------------------------------------


def test_an_address_names_nodes_and_a_library() -> None:
    address = parse_address("https://a.example.org:9201,[::1],b/podcasts.2026_")
    assert address.nodes == (ClusterNode("a.example.org", 9201), ClusterNode("[::1]", 9200), ClusterNode("b", 9200))
    assert (address.scheme, address.library) == ("https", "podcasts.2026_")
    assert address.shown == "https://a.example.org:9201/podcasts.2026_"


@pytest.mark.parametrize(
    "text",
    [
        "https://host:9200",
        "https://host:9200/",
        "https://host:9200/Podcasts",
        "https://host:9200/pod-casts",
        "https://host:9200/_all",
        "https://host:9200/*",
        "https://host:9200/a,b",
        "https://host:9200/a/b",
        "https://host:99999/a",
        "https://host:0/a",
        "https://ho st/a",
        "https://host/a?x=1",
        "https://,/a",
        "ftp://host/a",
        "https://host/..",
    ],
)
def test_what_is_no_address_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(AddressProblem) as raised:
        parse_address(text)
    assert "\n" not in str(raised.value)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(AddressProblem) as raised:
        parse_address(f"https://me:{SECRET}@host:9200/a")
    assert SECRET not in str(raised.value)


# --- credentials ----------------------------------------------------------------------------------


def test_credentials_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    path.write_text(f"# of the cluster\nuser = me\npassword = {SECRET}\n", "utf-8")
    of_file = read_credentials({"PODSEEK_BACKEND_CREDENTIALS": str(path)})
    of_variables = read_credentials({"PODSEEK_BACKEND_USER": "me", "PODSEEK_BACKEND_PASSWORD": SECRET})
    assert of_file == of_variables
    assert of_file.header.reveal() == "Basic bWU6czNjcmV0LXBhc3M="
    assert read_credentials({"PODSEEK_BACKEND_TOKEN": "abc"}).header.reveal() == "Bearer abc"
    assert not read_credentials({}).header.reveal()
    assert SECRET not in repr(of_file)


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"PODSEEK_BACKEND_USER": "me"}, ""),
        ({"PODSEEK_BACKEND_PASSWORD": SECRET}, ""),
        ({"PODSEEK_BACKEND_USER": "me", "PODSEEK_BACKEND_PASSWORD": f"{SECRET}\r\nX: y"}, ""),
        ({"PODSEEK_BACKEND_USER": "m:e", "PODSEEK_BACKEND_PASSWORD": SECRET}, ""),
        ({"PODSEEK_BACKEND_TOKEN": f"{SECRET} 钥匙"}, ""),
        ({}, f"pass word {SECRET}"),
        ({}, f"pasword = {SECRET}"),
    ],
)
def test_credentials_that_cannot_be_used_are_refused_without_repeating_them(
    environment: dict[str, str], text: str, tmp_path: Path
) -> None:
    if text:
        path = tmp_path / "credentials"
        path.write_text(text, "utf-8")
        environment = {"PODSEEK_BACKEND_CREDENTIALS": str(path)}
    with pytest.raises(CredentialsProblem) as raised:
        read_credentials(environment)
    assert SECRET not in str(raised.value)


def test_a_missing_file_of_credentials_or_certificates_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(CredentialsProblem, match="missing"):
        read_credentials({"PODSEEK_BACKEND_CREDENTIALS": missing})
    with pytest.raises(Untrusted, match="PODSEEK_BACKEND_CA"):
        Connections(parse_address("https://host/a"), Credentials(Secret(), missing))


def test_credentials_are_sent_in_the_open_to_this_machine_only() -> None:
    header = Secret(f"Bearer {SECRET}")
    with pytest.raises(Untrusted) as raised:
        Connections(parse_address("http://10.0.0.1/a"), Credentials(header))
    assert SECRET not in str(raised.value)
    for here in ("http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a"):
        Connections(parse_address(here), Credentials(header))


# --- requests over HTTP ---------------------------------------------------------------------------


def of_server(address: str, header: str = "", seconds: float = 5.0, tries: int = 3) -> Cluster:
    return Cluster(
        parse_address(address),
        Credentials(Secret(header)),
        ClusterPatience(tries, seconds),
        lambda _: None,
        lambda: 1.0,
    )


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


@pytest.mark.parametrize(
    ("status", "says"), [(401, "refuses access"), (403, "refuses access"), (301, "redirects"), (400, "refuses")]
)
def test_what_will_not_pass_is_not_tried_again(status: int, says: str) -> None:
    server = StandIn(fault=lambda asked, go: Reply(status, b'{"error": "no"}'))
    with pytest.raises(ClusterProblem, match=says) as raised:
        cluster_of(server).call("GET", "/library-meta/_doc/a")
    assert (len(server.asked), raised.value.status) == (1, status)


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


def test_what_is_no_opensearch_is_refused_in_one_line() -> None:
    server = StandIn(fault=lambda asked, go: Reply(200, b"<html>hello</html>"))
    with pytest.raises(ClusterProblem, match="not as OpenSearch"):
        cluster_of(server).call("GET", "/library-meta/_doc/a")


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"3", b'{"_shards": 1}', b'{"found": true}', b'{"items": [1]}', b"[" * 100_000]
)
def test_an_answer_of_another_form_is_refused_in_one_line(body: bytes) -> None:
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(200, body)))
    asked: list[Callable[[], object]] = [
        lambda: cluster.search("a", {}),
        lambda: cluster.msearch([("a", {})]),
        lambda: read_values(cluster, "epoch"),
        lambda: read_data(cluster, "manifest-1"),
        lambda: read_states(cluster, "a", ["b"]),
        lambda: BulkWriter(cluster).write("a", [Action("delete", "b")]),
    ]
    for ask in asked:
        with pytest.raises(ClusterProblem, match="not as OpenSearch"):
            ask()


def test_a_refusal_that_is_deeply_nested_is_one_line() -> None:
    server = StandIn(fault=lambda asked, go: Reply(400, b'{"error":' + b"[" * 100_000))
    with pytest.raises(ClusterProblem, match="400"):
        cluster_of(server).call("GET", "/library-meta/_doc/a")


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


def test_nothing_is_waited_for_after_the_last_try() -> None:
    waited: list[float] = []
    cluster = cluster_of(StandIn(fault=lambda asked, go: Reply(503, b"")), tries=3)
    cluster._sleep = waited.append  # type: ignore[assignment]
    with pytest.raises(ClusterProblem):
        cluster.call("GET", "/library-meta/_doc/a")
    assert len(waited) == 2


def test_connections_end_with_the_block() -> None:
    with listening(StandIn({"library-meta": {}})) as address, of_server(address) as cluster:
        cluster.call("GET", "/library-meta/_doc/a", missing_ok=True)
        (connection,) = cluster._connections._known().values()
    assert connection.sock is None


def test_a_busy_cluster_is_asked_again_as_late_as_it_wants() -> None:
    left = [503, 429]
    waited: list[float] = []

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        return Reply(left.pop(), b"", 3.0) if left else go()

    server = StandIn({"library-meta": {}}, fault=fault)
    cluster = cluster_of(server)
    cluster._sleep = waited.append  # type: ignore[assignment]
    assert cluster.call("GET", "/library-meta/_doc/a", missing_ok=True) is None
    assert waited == [3.0, 3.0]


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


# --- searches that are not whole ------------------------------------------------------------------


def shards(answered: int, total: int, failed: int = 0, timed_out: bool = False) -> Reply:
    counts = {"total": total, "successful": answered, "failed": failed}
    return Reply(200, json.dumps({"_shards": counts, "timed_out": timed_out, "hits": {"hits": []}}).encode())


def test_a_search_asks_again_before_it_takes_a_part() -> None:
    answers = [Reply(503, b"{}"), shards(1, 3), shards(2, 3)]
    allowed: list[str] = []

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        allowed.append(asked.params["allow_partial_search_results"])
        return answers.pop(0)

    answer = cluster_of(StandIn(fault=fault), tries=1).search("library", {})
    assert (answer.answered, answer.total, answer.is_whole) == (2, 3, False)
    assert allowed == ["false", "false", "true"]


@pytest.mark.parametrize(
    "reply", [shards(2, 3), shards(3, 3, failed=1), shards(3, 3, timed_out=True)], ids=["fewer", "failed", "late"]
)
def test_a_part_is_never_taken_for_the_whole(reply: Reply) -> None:
    assert not cluster_of(StandIn(fault=lambda asked, go: reply)).search("library", {}).is_whole


def test_one_of_several_searches_that_fails_is_asked_by_itself() -> None:
    whole = json.loads(shards(3, 3).body)

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if asked.path == "/_msearch":
            return Reply(200, json.dumps({"responses": [whole, {"error": {"type": "x"}, "status": 503}]}).encode())
        return shards(3, 3)

    server = StandIn(fault=fault)
    answers = cluster_of(server).msearch([("library", {"size": 1}), ("library", {"size": 2})])
    assert [answer.is_whole for answer in answers] == [True, True]
    assert [asked.path for asked in server.asked] == ["/_msearch", "/library/_search"]


def test_the_environment_is_read_if_no_credentials_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODSEEK_BACKEND_USER", "me")
    with pytest.raises(PodseekProblem, match="without a password"):
        Cluster(parse_address(ADDRESS))
    Cluster(parse_address(ADDRESS), NOTHING)
