"""A client of `podseek serve` in this process, and ways to look into its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from anyio import sleep_forever
from starlette.testclient import TestClient

from search.frontends.web import app, facets
from search.frontends.web.answering.worker_threads import make_pools
from search.frontends.web.served.served_index import open_indexes
from search.frontends.web.settings import Settings
from support.library import PATIENCE

BASE = "http://127.0.0.1:8765"


@contextmanager
def served(*indexes: Path, base: str = BASE, **settings: Any) -> Iterator[TestClient]:
    """A client of these indexes; redirects are not followed. Nothing is cut short, however slow this machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facets, "IN_PASSING", PATIENCE)
        patch.setattr(app, "make_pools", partial(make_pools, seconds=PATIENCE, patience=PATIENCE))
        with TestClient(
            app.make_app(open_indexes(indexes), Settings(**settings)), base, follow_redirects=False
        ) as client:
            client.headers["accept-language"] = "en"
            yield client


def answered(client: TestClient, target: str) -> tuple[int, dict[str, str], str]:
    """(status, headers, body) of a GET request whose target is sent as it is: a client takes longer to quote one of
    10,000 characters than podseek to answer it."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(b"host", urlsplit(BASE).netloc.encode()), (b"accept-language", b"en")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8765),
        "state": client.app_state.copy(),
    }
    sent: list[Any] = []

    requests: list[dict[str, object]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, object]:
        if not requests:
            await sleep_forever()  # the client stays
        return requests.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)
    start, *rest = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, b"".join(part.get("body", b"") for part in rest).decode()


def words(html: str) -> str:
    """Returns the visible text of a page on one line."""
    body = re.sub(r"<(title|style|script)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", body)).split())


def attributes(html: str, name: str, selector: str = "") -> list[str]:
    """The values of an attribute, of the tags that contain the text `selector`."""
    tags = [tag for tag in re.findall(r"<[a-z][^>]*>", html) if selector in tag]
    return [unescape(value) for tag in tags for value in re.findall(rf'\s{name}="([^"]*)"', tag)]


def page_of(client: TestClient, address: str) -> str:
    """A page that there is."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text
