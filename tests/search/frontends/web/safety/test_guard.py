"""Who may ask, and what every answer says to the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import attributes, served

from search.frontends.web.safety import tokens
from search.frontends.web.settings import public_address

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(scope="module")
def client(tiny_index: Path) -> Iterator[TestClient]:
    with served(tiny_index) as opened:
        yield opened


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "[0:0::1]:8765", "LOCALHOST:8765"])
def test_this_machine_is_answered_by_each_of_its_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8766", "localhost"),
        *("127.0.0.1:8765.evil.example", "127.0.0.1.evil.example:8765", "localhost.:8765", "user@127.0.0.1:8765"),
        *("127.0.0.1:8765:8765", "[::1]", "::1:8765", "[::2]:8765", "0.0.0.0:8765", "192.168.0.1:8765", "", " "),
        *(
            "127.0.0.1:08765x",
            "127.1:8765",
            "[::ffff:127.0.0.1]:8765",
            "127.0.0.1:8765, evil.example",
            "[127.0.0.1]:8765",
        ),
    ],
)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    """DNS rebinding: the browser of a reader is made to ask us under the name of another site."""
    assert client.get("/", headers={"host": host}).status_code == 421


def test_two_hosts_are_refused(client: TestClient) -> None:
    headers = [("host", "127.0.0.1:8765"), ("host", "evil.example")]
    assert client.get("/", headers=headers).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"origin": "http://127.0.0.1:8765.evil.example"},
        {"origin": "http://[::1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "audio"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
def test_other_sites_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/search?q=a", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    ],
)
def test_our_own_pages_and_links_that_someone_clicks_are_answered(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/search?q=绿茶", headers=headers).status_code == 200


@pytest.mark.parametrize("address", ["/", "/search?q=绿茶", "/nowhere", "/healthz", "/search?q=a&offset=x"])
def test_every_answer_has_the_safety_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers


def test_a_refusal_has_the_safety_headers_too(client: TestClient) -> None:
    assert "default-src 'none'" in client.get("/", headers={"host": "evil"}).headers["content-security-policy"]


def test_audio_may_come_from_the_hosts_of_the_episodes_shown_and_no_others(client: TestClient) -> None:
    assert "media-src 'self' https://example.org" in client.get("/episode/tea/radio").headers["content-security-policy"]
    policy = client.get("/episode/bridge/stone").headers["content-security-policy"]
    assert policy.split("media-src ")[1].split(";")[0] == "'self'"


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/", "/\\evil.example/", "/search/", "//", "/%2f%2fevil.example/"]
)
def test_no_path_redirects_to_another_site(client: TestClient, path: str) -> None:
    answer = client.get(f"http://127.0.0.1:8765{path}")
    assert answer.status_code in (307, 404)
    assert answer.headers.get("location", "/").startswith(("/", "http://127.0.0.1:8765/search")), answer.headers
    assert not answer.headers.get("location", "/").startswith(("//", "/\\"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_pages_can_only_be_read(client: TestClient, method: str) -> None:
    answer = client.request(method, "/search?q=a")
    assert answer.status_code == 405 and set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert "This page can only be read" in answer.text
    assert client.request(method, "/api/v1/search").json() == {"error": "This page can only be read"}


def test_what_there_is_not_is_said_to_programs(client: TestClient) -> None:
    assert client.get("/api/v1/nothing").json() == {"error": "There is no such page"}


def test_a_large_request_is_refused(client: TestClient) -> None:
    assert client.post("/", content=b"x" * 100_000).status_code == 413
    assert client.get("/search?q=" + "a" * 50_000).status_code == 414


def test_with_a_token_nothing_is_shown_without_it(tiny_index: Path) -> None:
    with served(tiny_index, token=TOKEN) as client:
        for address in ("/", "/search?q=绿茶", "/episode/tea/kettle", "/audio/tea/kettle", "/nowhere"):
            answer = client.get(address)
            assert answer.status_code == 401
            assert "绿茶" not in answer.text.replace("q=绿茶", "") and TOKEN not in answer.text
        assert client.get("/healthz").status_code == 200


def test_the_token_is_asked_for_once_and_then_a_cookie_is_enough(tiny_index: Path) -> None:
    with served(tiny_index, token=TOKEN) as client:
        answer = client.post("/login", data={"token": TOKEN, "back": "/search?q=绿茶"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=%E7%BB%BF%E8%8C%B6")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and TOKEN not in cookie
        assert client.get("/search?q=绿茶").status_code == 200
        client.cookies.clear()
        assert client.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        client.cookies.set("podseek-reader", "0" * 64)
        assert client.get("/").status_code == 401


def test_a_login_leads_to_no_other_site(tiny_index: Path) -> None:
    with served(tiny_index, token=TOKEN) as client:
        for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""):
            assert client.post("/login", data={"token": TOKEN, "back": back}).headers["location"] == "/"


def test_tokens_cannot_be_tried_for_long(tiny_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(tokens, "monotonic", lambda: clock[0])
    with served(tiny_index, token=TOKEN) as client:
        tries = [client.post("/login", data={"token": f"wrong{number}"}).status_code for number in range(12)]
        assert tries[0] == 401 and tries[-1] == 429
        assert client.get("/", headers={"authorization": "Bearer wrong"}).status_code == 429
        clock[0] += 61
        assert client.post("/login", data={"token": "wrong"}).status_code == 401


def test_wrong_tokens_of_others_lock_nobody_out_who_has_the_right_one(tiny_index: Path) -> None:
    with served(tiny_index, token=TOKEN) as client:
        tries = [client.post("/login", data={"token": f"wrong{number}"}).status_code for number in range(20)]
        assert tries[-1] == 429
        assert client.get("/").status_code == 401  # no token, so not a wrong one: the form
        assert client.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.post("/login", data={"token": TOKEN}).status_code == 303


def test_the_cookies_of_other_programs_on_this_machine_lock_nobody_out(tiny_index: Path) -> None:
    with served(tiny_index, token=TOKEN) as client:
        client.post("/login", data={"token": TOKEN})
        ours = f"podseek-reader={client.cookies['podseek-reader']}"
        client.cookies.clear()
        for other in ('choices={"theme": 1}', "a b=c", "x[y]=1"):
            assert client.get("/", headers={"cookie": f"{other}; {ours}"}).status_code == 200


def test_a_login_leads_back_to_a_page_whose_name_has_signs_of_addresses(tiny_index: Path) -> None:
    with served(tiny_index, token=TOKEN) as client:
        back = attributes(client.get("/shows/C%23%3F?sort=title").text, "value", "back")[0]
        assert client.post("/login", data={"token": TOKEN, "back": back}).headers["location"] == (
            "/shows/C%23%3F?sort=title"
        )


def test_behind_a_prefix_every_address_has_it(tiny_index: Path) -> None:
    public = public_address("https://pods.example.org/talks")
    with served(tiny_index, base="https://pods.example.org", public=public) as client:
        for address in ("/search?q=绿茶", "/talks/search?q=绿茶"):  # a proxy may strip it, or not
            html = client.get(address).text
            links = [link for link in html.split('"') if link.startswith("/")]
            assert len(links) > 10 and all(f"{link}/".startswith("/talks/") for link in links)


@pytest.mark.parametrize("address", ["/{name}", "/talks/{name}", "/{name}?lang=zh-CN&x=%E8%8C%B6"])
def test_the_address_of_an_index_without_its_slash_keeps_the_prefix(
    tiny_index: Path, sample_index: Path, address: str
) -> None:
    public = public_address("https://pods.example.org/talks")
    with served(tiny_index, sample_index, base="http://pods.example.org", public=public) as client:
        home = attributes(client.get("/").text, "href", "cover")[0]
        asked = address.format(name=home.split("/")[2])
        answer = client.get(asked)
        assert answer.status_code == 307
        assert answer.headers["location"] == home + asked[len(asked.partition("?")[0]) :]
        assert client.get(answer.headers["location"]).status_code == 200


def test_no_address_is_redirected_to_the_host_of_the_request(tiny_index: Path, sample_index: Path) -> None:
    public = public_address("https://pods.example.org/talks")
    for indexes in ((tiny_index,), (tiny_index, sample_index)):
        with served(*indexes, base="http://pods.example.org", public=public) as client:
            for address in ("/search/", "/episodes/", "/healthz/", f"/{tiny_index.name}/search/?q=a"):
                answer = client.get(address)
                assert answer.status_code == 404 and "location" not in answer.headers


def test_hosts_that_audio_may_redirect_to_are_allowed_where_there_is_such_audio(tiny_index: Path) -> None:
    with served(tiny_index, audio_hosts=("*.cdn.example.net",)) as client:
        policy = client.get("/episode/tea/radio").headers["content-security-policy"]
        assert policy.endswith("media-src 'self' https://*.cdn.example.net https://example.org")
        assert "cdn" not in client.get("/episode/bridge/stone").headers["content-security-policy"]
