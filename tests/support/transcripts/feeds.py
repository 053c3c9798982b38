"""Feeds for the tests, and a server for them, as a plugin. PYTEST_DONT_REWRITE"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

HEAD = (
    '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/">'
)


def rss(*items: str, title: str = "回声机房", more: str = "") -> bytes:
    """A feed of items, each given as its inner XML."""
    told = "".join(f"<item>{item}</item>" for item in items)
    return f"{HEAD}<channel><title>{title}</title>{more}{told}</channel></rss>".encode()


def srt(*texts: str) -> bytes:
    """A transcript of these cues of 3 s each."""
    cues = (f"{n}\n00:00:{n * 3 - 3:02},000 --> 00:00:{n * 3:02},000\n{text}\n" for n, text in enumerate(texts, 1))
    return "\n".join(cues).encode()


Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server whose pages are bytes, or functions that answer a request themselves. `asked` lists the paths requested
    so far."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, bytes | Answer] = {}
        self.asked: list[str] = []

    def url(self, path: str) -> str:
        return self.address + path


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            page = found.pages.get(self.path)
            if callable(page):
                page(self)
                return
            etag = f'"{hash(page)}"'
            if page is None:
                self.send_error(404, "Not here")
            elif self.headers["If-None-Match"] == etag:
                answer(self, b"", code=304)
            else:
                answer(self, page, ETag=etag)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients may hang up
    found = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()


def answer(request: BaseHTTPRequestHandler, body: bytes, code: int = 200, **headers: str) -> None:
    """Sends a response; `_` in the name of a header means `-`."""
    request.send_response(code)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)
