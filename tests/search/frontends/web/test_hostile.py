"""Transcripts, titles, speakers, shows and file names that attack the page, its reader or the server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import answered, attributes, served
from support.library import Tools

from search.frontends.web.api.routes import ENDPOINTS

SCRIPT = "<script>alert(1)</script>"
BREAKS = "\"'><img src=x onerror=alert(1)>{{7*7}}{% raw %}</title></textarea>&lt;b&gt;"
STEERS = "\u202eabc\u2066\x07\x1b[31m\x00\x85\u2028"
HOSTILE = f"{SCRIPT}{BREAKS}{STEERS}"
NAME = f"a{SCRIPT}{BREAKS}?q=1#x%2e%2e%00&amp;".replace("/", "÷").replace("\x00", "")
"""Of a file, which cannot have a slash; it is short enough for a file system."""
AUDIO = (
    "https://evil.example/{stem}';script-src *;.mp3",
    "https://evil.example/beside-a-file.mp3",
    "https://evil.example;script-src/{stem}.mp3",
)


@pytest.fixture(scope="module")
def index(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    show = folder / f"show{NAME}"
    show.mkdir()
    cues = [
        {"start": n * 4, "end": n * 4 + 4, "text": f"水开了{HOSTILE}第{n}句", "speaker": f"甲{HOSTILE}"}
        for n in range(30)
    ]
    for number in range(3):
        (show / f"{number}{NAME}.json").write_text(json.dumps({"segments": cues}), "utf-8")
    (show / f"1{NAME}.mp3").write_bytes(b"sound")
    lines = [f"show = {json.dumps(f'台{SCRIPT}{BREAKS}')}", f"speakers = [{json.dumps(f'乙{SCRIPT}{BREAKS}')}]"]
    for number, audio in enumerate(AUDIO):
        lines.append(f"[episodes.{json.dumps(f'{number}{NAME}')}]")
        lines += [f"title = {json.dumps(f'题{number}{SCRIPT}{BREAKS}')}", f"audio = {json.dumps(audio)}"]
        lines.append(f"chapters = [{{start = 0, title = {json.dumps(f'章{SCRIPT}{BREAKS}')}}}]")
    (show / "podcast.toml").write_text("\n".join(lines), "utf-8")
    return tools.index([show], folder / "index")


@pytest.fixture(scope="module")
def client(index: Path) -> Iterator[TestClient]:
    with served(index, allow_edit=True) as opened:
        yield opened


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def check_page(html: str) -> None:
    """Nothing of a transcript is an element, an attribute, a control character or a link that runs something."""
    page = Elements(html)
    for tag, traits in page.found:
        assert tag not in ("img", "iframe", "object", "embed", "base", "textarea", "style", "b1"), tag
        assert tag != "script" or (traits.get("type") == "module" and str(traits.get("src")).startswith("/static/"))
        for name, value in traits.items():
            assert not name.startswith("on") and name not in ("style", "srcdoc", "x", "7*7"), (tag, name)
            if name in ("href", "src", "action", "data-audio", "data-piece") and value:
                assert re.match(r"/(?!/)|\?|#|https?://", value), value
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", html)
    assert "49" not in re.findall(r"onerror=alert\(1\)&gt;(..)", html)


def test_no_page_runs_or_shows_what_a_transcript_says(client: TestClient) -> None:
    query = quote("水开了")
    seen, waiting = (
        set[str](),
        ["/", f"/search?q={query}", "/episodes", f"/concordance?q={query}", f"/trend?words={query}"],
    )
    waiting += [f"/dispersion?words={query}", f"/variants?term={query}", "/terms", "/explore", "/docs", "/review"]
    waiting += [
        f"/search?q={quote(HOSTILE)}",
        f"/search?q=a&show={quote(HOSTILE)}",
        f"/{quote(NAME)}",
        f"/search?q=a&since={quote(HOSTILE)}",
    ]
    while waiting and len(seen) < 60:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 303, 307, 400, 404), (address, answer.text)
        if "html" in answer.headers["content-type"]:
            check_page(answer.text)
            links = [link.partition("#")[0] for link in attributes(answer.text, "href") if link.startswith("/")]
            kinds = {re.split(r"[/?]", link)[1]: link for link in links if "/static/" not in link}
            waiting += [link for link in kinds.values() if link not in seen and not link.startswith("/api")]
    assert len(seen) > 25


def test_the_hostile_texts_are_shown_as_texts(client: TestClient) -> None:
    html = client.get(f"/search?q={quote('水开了')}").text
    (episode, *_) = attributes(html, "data-title", 'class="moment"')
    assert re.match(rf"题\d{re.escape(SCRIPT)}", episode)
    assert any(SCRIPT in text or "alert(1)" in text for text in Elements(html).texts)


def test_every_link_to_an_episode_leads_there_whatever_its_file_is_called(client: TestClient) -> None:
    html = client.get("/episodes").text
    links = attributes(html, "href", 'class="open"')
    assert len(links) == 3
    for link, name in zip(links, attributes(html, "data-episode", 'class="episode"'), strict=True):
        answer = client.get(link)
        assert answer.status_code == 200
        assert attributes(answer.text, "data-episode", 'id="reader"') == [name]


def test_the_policy_of_a_page_cannot_be_widened_by_the_address_of_audio(client: TestClient) -> None:
    for link in attributes(client.get("/episodes").text, "href", 'class="open"'):
        policy = client.get(link).headers["content-security-policy"]
        assert policy.count("script-src") == 1 and "\n" not in policy
        media = [part for part in policy.split("; ") if part.startswith("media-src")]
        assert media in (["media-src 'self'"], ["media-src 'self' https://evil.example"])


def test_the_header_of_an_audio_file_has_nothing_of_its_name(client: TestClient) -> None:
    names = [
        link.replace("/episode/", "/audio/")
        for link in attributes(client.get("/episodes").text, "href", 'class="open"')
    ]
    played = [answer for answer in map(client.get, names) if answer.status_code == 200]
    assert [answer.content for answer in played] == [b"sound"]
    assert played[0].headers["content-type"] == "audio/mpeg"
    assert not any("alert" in unquote(value) for value in played[0].headers.values())


@pytest.mark.parametrize(
    "value",
    [
        HOSTILE,
        "\x00",
        "%",
        "%zz",
        "%ff%fe",
        "\ud800".encode("utf-8", "surrogatepass"),
        "水" * 4000,
        '"',
        "((((",
        "a AND",
        "*",
        "~",
        "=",
        "date:x",
        "9" * 4000,
    ],
)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_the_api_answers_whatever_it_is_asked(client: TestClient, endpoint: Any, value: str | bytes) -> None:
    written = quote(value) if not isinstance(value, str) or not value.startswith("%") else value
    for name in endpoint.arguments:
        given = {required: "水" for required in endpoint.required if required != name}
        query = "&".join([f"{name}={written}", *(f"{one}={quote(text)}" for one, text in given.items())])
        status, headers, body = answered(client, f"/api/v1/{endpoint.name}?{query}")
        assert status in (200, 400, 404), (query[:200], body)
        assert "html" not in headers["content-type"]
        json.loads(body, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))
