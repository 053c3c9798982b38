"""Attacks on the server itself, over a socket: requests that never end, odd targets, headers in addresses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from support.front_ends.web import BASE, page_of, served, words
from support.library import PATIENCE, Tools, spaced, write_lines

from search.frontends.web import server
from search.frontends.web.app import make_app
from search.frontends.web.safety import connections
from search.frontends.web.served.served_index import open_indexes
from search.frontends.web.settings import Settings


@pytest.fixture(scope="module")
def port(tiny_index: Path) -> Iterator[int]:
    """A server whose patience with requests is short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PATIENCE", 0.1)
        listener = socket.create_server(("127.0.0.1", 0))
        number = int(listener.getsockname()[1])
        settings = Settings(port=number)
        running = uvicorn.Server(server._config(make_app(open_indexes([tiny_index]), settings), settings))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield number
        running.should_exit = True
        thread.join(PATIENCE)


def answer(port: int, *parts: bytes) -> bytes:
    """What the server sends until it closes the connection, if these are sent to it."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as opened:
        for part in parts:
            opened.sendall(part)
        got = b""
        while more := opened.recv(65536):
            got += more
        return got


HOST = "Host: 127.0.0.1:{port}\r\n"


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTT",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 2000,
    ],
)
def test_a_request_that_never_ends_does_not_hold_a_connection(port: int, begun: bytes) -> None:
    assert answer(port, begun) == b""


def test_a_body_that_never_ends_does_not_hold_a_connection(port: int) -> None:
    head = f"POST /review HTTP/1.1\r\n{HOST}Content-Length: 50\r\n\r\nkey=".format(port=port)
    assert answer(port, head.encode()).partition(b"\r\n")[0] in (b"", b"HTTP/1.1 404 Not Found")


def test_a_whole_request_is_answered_however_short_the_patience(port: int) -> None:
    head = f"GET /search?q=%E6%B0%B4 HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".format(port=port)
    got = answer(port, head[:20].encode(), head[20:].encode())
    assert got.startswith(b"HTTP/1.1 200 OK") and got.endswith(b"</html>")


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://evil.example/", "127.0.0.1:{port}", b"404"),  # the whole address, as to a proxy
        ("/", "evil.example", b"421"),
        ("/", "127.0.0.1:{port}@evil.example", b"421"),
        ("/", "evil.example:{port}", b"421"),
        ("/", "127.0.0.1.evil.example:{port}", b"421"),
        ("/", "127.0.0.1.:{port}", b"421"),
        ("/", "127.0.0.1:{port}\r\nHost: evil.example", b"400"),
        ("//evil.example/", "127.0.0.1:{port}", b"404"),
        ("/static/../../../etc/passwd", "127.0.0.1:{port}", b"404"),
        ("/static/%2e%2e/%2e%2e/etc/passwd", "127.0.0.1:{port}", b"404"),
        ("/audio/%2e%2e/%2e%2e/etc/passwd", "127.0.0.1:{port}", b"404"),
        ("/audio/..%5c..%5cetc%5cpasswd%00.mp3", "127.0.0.1:{port}", b"404"),
        ("/episode/%ff%fe%00", "127.0.0.1:{port}", b"404"),
    ],
)
def test_odd_targets_and_hosts_lead_nowhere(port: int, target: str, host: str, status: bytes) -> None:
    request = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".format(port=port)
    assert answer(port, request.encode()).split(b" ", 2)[1] == status


def test_what_a_proxy_would_add_changes_no_address(tiny_index: Path) -> None:
    forged = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "javascript", "forwarded": "host=evil.example"}
    with served(tiny_index) as client:
        poisoned = client.get("/search?q=水", headers=forged).text
        assert "evil" not in poisoned and poisoned == page_of(client, "/search?q=水")


@pytest.mark.parametrize("odd", ["%0d%0aset-cookie:a=b", "%0aX:%20y", "%E2%80%A8", "%00"])
def test_no_line_of_an_address_becomes_a_header(tiny_index: Path, odd: str) -> None:
    token = "a-token-that-nobody-guesses"
    with served(tiny_index) as client:
        for path in (f"/search?q={odd}", f"/?lang={odd}", f"/search?show={odd}", f"/search?q=a&sort={odd}"):
            told = client.get(path)
            assert told.status_code in (200, 303, 307, 400)
            assert "set-cookie" not in told.headers and "x" not in told.headers
    with served(tiny_index, token=token) as client:
        back = client.post("/login", data={"token": token, "back": f"/{odd}"}, headers={"origin": BASE})
        assert back.status_code == 303 and "x" not in back.headers
        assert len(back.headers.get_list("set-cookie")) == 1


def test_an_address_to_go_back_to_leads_to_no_other_site(tiny_index: Path) -> None:
    token = "a-token-that-nobody-guesses"
    with served(tiny_index, token=token) as client:
        for odd in (
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "\t//evil.example",
        ):
            back = client.post("/login", data={"token": token, "back": odd}, headers={"origin": BASE})
            place = back.headers["location"]
            assert place.startswith("/") and not place.startswith(("//", "/\\")) and "\t" not in place


def test_thousands_of_speakers_and_shows_do_not_fill_a_page(tools: Tools, tmp_path: Path) -> None:
    lines = [
        f"00:{n // 60:02}:{n % 60:02}.000 --> 00:{n // 60:02}:{n % 60:02}.900\n<v 说话人{n}>水开了\n"
        for n in range(999)
    ]
    (tmp_path / "shows" / "many").mkdir(parents=True)
    (tmp_path / "shows" / "many" / "voices.vtt").write_text("WEBVTT\n\n" + "\n".join(lines), "utf-8")
    for number in range(60):
        write_lines(tmp_path / "shows" / f"show{number}" / "one.srt", spaced(["水开了"]))
    with served(tools.index([tmp_path / "shows"], tmp_path / "index")) as client:
        assert page_of(client, "/").count('class="cover"') == 24
        found = page_of(client, "/search?q=水")
        assert found.count('class="count"') <= 24
        reader = page_of(client, "/episode/many/voices")
        assert "说话人11" in words(reader) and "+987" in words(reader)
        assert len(reader[: reader.index('id="lines"')]) < 20_000
