"""What is fetched, from where, how much of it, and for how long."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from support.transcripts.feeds import Site, answer

from indexer.metadata.feeds.addresses import address_level
from indexer.metadata.feeds.http_client import Fetcher, FetchProblem, checked_address

MB = 1024 * 1024


def redirect(target: str, code: int = 302) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda request: answer(request, b"elsewhere", code=code, Location=target)


def why(fetcher: Fetcher, url: str, largest: int = MB) -> str:
    """Why it could not be fetched."""
    with pytest.raises(FetchProblem) as problem:
        fetcher.fetch(url, largest)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_a_page_is_fetched_and_not_again_while_it_is_the_same(site: Site) -> None:
    site.pages["/a"] = "聲音".encode()
    fetched = Fetcher().fetch(site.url("/a"), MB)
    assert (fetched.data, fetched.url) == ("聲音".encode(), site.url("/a"))
    again = Fetcher().fetch(site.url("/a"), MB, fetched.etag, fetched.modified)
    assert (again.data, again.etag) == (None, fetched.etag)
    site.pages["/a"] = b"new"
    assert Fetcher().fetch(site.url("/a"), MB, fetched.etag).data == b"new"


def test_an_address_may_have_any_characters(site: Site) -> None:
    site.pages["/%E8%8C%B6%20%C3%A9.srt?q=%E8%8C%B6&a=1"] = b"tea"
    assert Fetcher().fetch(site.url("/茶 é.srt?q=茶&a=1"), MB).data == b"tea"
    assert Fetcher().fetch(site.url("/%E8%8C%B6%20%C3%A9.srt?q=茶&a=1#t=3"), MB).data == b"tea"


def test_nothing_is_told_of_the_user_and_cookies_are_not_kept(site: Site) -> None:
    told: list[dict[str, str]] = []

    def page(request: BaseHTTPRequestHandler) -> None:
        told.append(dict(request.headers))
        answer(request, b"x", Set_Cookie="a=b")

    site.pages["/a"] = page
    fetcher = Fetcher()
    fetcher.fetch(site.url("/a"), MB)
    fetcher.fetch(site.url("/a"), MB)
    assert all(set(headers) == {"Host", "User-Agent", "Accept-Encoding", "Connection"} for headers in told)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "only http and https are fetched, not file"),
        ("ftp://example.org/a", "only http and https are fetched, not ftp"),
        ("data:text/plain,hi", "only http and https are fetched, not data"),
        ("/etc/passwd", "only http and https are fetched, not a file"),
        ("http://", "the address names no server"),
        ("http://[", "not an address"),
        ("http://a:b@example.org/", "the address names a user and a password"),
        ("http://example.org:99999/", "not an address"),
        ("http://" + "a" * 64 + ".org/", "the server has a name that none can have"),
    ],
)
def test_other_addresses_are_refused(address: str, reason: str) -> None:
    with pytest.raises(FetchProblem, match=reason):
        checked_address(address)


def test_redirects_are_followed_five_times(site: Site) -> None:
    for n in range(6):
        site.pages[f"/{n}"] = redirect(f"{n + 1}", code=(301, 302, 303, 307, 308)[n % 5])
    site.pages["/6"] = b"there"
    assert Fetcher().fetch(site.url("/1"), MB).data == b"there"
    assert Fetcher().fetch(site.url("/1"), MB).url == site.url("/6")
    assert why(Fetcher(), site.url("/0")) == "redirected more than 5 times"


def test_a_redirect_to_a_file_is_refused(site: Site) -> None:
    site.pages["/a"] = redirect("file:///etc/passwd")
    assert why(Fetcher(), site.url("/a")) == "only http and https are fetched, not file"


def test_a_feed_from_elsewhere_does_not_lead_to_this_machine(site: Site) -> None:
    site.pages["/a"] = b"secret"
    assert why(Fetcher(outside=True), site.url("/a")).startswith("it leads to this machine or a private network")
    assert why(Fetcher(outside=True), site.url("/a").replace("127.0.0.1", "localhost")).startswith("it leads to this")
    assert site.asked == [], "nothing was asked of it"


def test_not_even_a_hello_of_tls_is_sent_to_what_is_too_far_inside() -> None:
    sent: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(20)
                sent.append(connection.recv(4096))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        told = why(Fetcher(outside=True), f"https://127.0.0.1:{server.getsockname()[1]}/a")
        listener.join(20)
    assert told.startswith("it leads to this machine or a private network")
    assert sent == [b""], "the connection was shut without a byte"


def test_a_server_that_never_answers_the_hello_of_tls_is_left_when_the_time_is_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:  # accepts, and says nothing
        assert why(Fetcher(total=0.3), f"https://127.0.0.1:{server.getsockname()[1]}/a") == "it took more than 0.3 s"


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("93.184.216.34", 0),
        ("2606:4700::1111", 0),
        ("10.1.2.3", 1),
        ("192.168.1.1", 1),
        ("100.64.0.1", 1),
        ("fd00::1", 1),
        ("127.0.0.1", 2),
        ("::1", 2),
        ("::ffff:127.0.0.1", 2),
        ("169.254.169.254", 3),
        ("fe80::1%eth0", 3),
        ("::ffff:169.254.169.254", 3),
        ("0.0.0.0", 3),
        ("64:ff9b::93.184.216.34", 0),
        ("64:ff9b::127.0.0.1", 2),
        ("64:ff9b::10.1.2.3", 1),
        ("64:ff9b::a9fe:a9fe", 3),
        ("64:ff9b:1::7f00:1", 2),
        ("64:ff9b:1::5db8:d822", 1),
        ("2002:5db8:d822::1", 0),
        ("2002:7f00:1::", 2),
        ("2002:c0a8:101::1", 1),
        ("2002:a9fe:a9fe::", 3),
        ("2001:0:5db8:d822::80ff:fffe", 2),
        ("2001:0:7f00:1::a247:27dd", 2),
        ("2001::3f57:fffe", 3),
        ("::ffff:0:127.0.0.1", 2),
        ("::127.0.0.1", 2),
    ],
)
def test_addresses_are_public_near_here_or_for_machines(address: str, inside: int) -> None:
    assert address_level(address) == inside


def test_what_is_too_large_is_refused_packed_or_not(site: Site) -> None:
    site.pages["/plain"] = b"x" * (MB + 1)
    site.pages["/fits"] = b"x" * MB
    bomb = gzip.compress(b"\0" * (200 * MB), 1)
    site.pages["/bomb"] = lambda request: answer(request, bomb, Content_Encoding="gzip")
    assert why(Fetcher(), site.url("/plain")) == "it is larger than 1 MB"
    assert why(Fetcher(), site.url("/bomb")) == "it is larger than 1 MB"
    assert len(Fetcher().fetch(site.url("/fits"), MB).data or b"") == MB


def test_packed_answers_are_unpacked(site: Site) -> None:
    packed = gzip.compress("聲音".encode())
    site.pages["/a"] = lambda request: answer(request, packed, Content_Encoding="gzip")
    site.pages["/cut"] = lambda request: answer(request, packed[:-9], Content_Encoding="gzip")
    site.pages["/lie"] = lambda request: answer(request, b"plain", Content_Encoding="gzip")
    site.pages["/odd"] = lambda request: answer(request, b"plain", Content_Encoding="zstd")
    assert Fetcher().fetch(site.url("/a"), MB).data == "聲音".encode()
    assert why(Fetcher(), site.url("/cut")) == "the connection ended too early"
    assert why(Fetcher(), site.url("/lie")) == "what was sent is not packed as it says"
    assert why(Fetcher(), site.url("/odd")) == "it is packed in a way podseek does not read: zstd"


def test_an_answer_cut_short_is_told(site: Site) -> None:
    site.pages["/a"] = lambda request: answer(request, b"half", Content_Length="100")
    assert why(Fetcher(), site.url("/a")) == "the connection ended too early"


def test_a_server_that_never_ends_is_left_when_the_time_is_over(site: Site) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        answer(request, b"")
        while True:  # until nobody listens
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    site.pages["/drip"] = drip
    assert why(Fetcher(total=0.5), site.url("/drip")) == "it took more than 0.5 s"


def test_errors_are_told_in_a_few_words(site: Site) -> None:
    assert why(Fetcher(), site.url("/none")) == "the server answered 404 Not here"
    site.pages["/loop"] = lambda request: answer(request, b"", code=304)
    assert why(Fetcher(), site.url("/loop")).startswith("the server answered 304")
    assert why(Fetcher(), "http://127.0.0.1:1/") == "Connection refused"
    assert "not known" in why(Fetcher(), "http://nosuch.invalid/") or "resolution" in why(
        Fetcher(), "http://nosuch.invalid/"
    )


def test_behind_a_proxy_the_name_of_the_host_is_judged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", site.address)
    site.pages["http://example.invalid/a"] = b"by proxy"
    assert Fetcher(outside=True).fetch("http://example.invalid/a", MB).data == b"by proxy"
    for host in ("localhost", "a.localhost", "127.0.0.2", "[::1]", "169.254.169.254", "10.0.0.1"):
        monkeypatch.setenv("no_proxy", "")
        assert why(Fetcher(outside=True), f"http://{host}/a").startswith("it leads to this machine")
    assert site.asked == ["http://example.invalid/a"]


@pytest.mark.parametrize("total", [0.05, 0.1])
def test_a_lookup_of_a_name_that_hangs_is_abandoned(monkeypatch: pytest.MonkeyPatch, total: float) -> None:
    done = threading.Event()

    def hangs(*_arguments: object, **_options: object) -> list[object]:
        done.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    try:
        assert why(Fetcher(total=total), "http://podcast.test/feed.xml") == f"it took more than {total} s"
        assert not done.is_set()
    finally:
        done.set()


def test_a_name_that_nobody_has_is_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_options: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert why(Fetcher(), "http://podcast.test/feed.xml") == "Name or service not known"
