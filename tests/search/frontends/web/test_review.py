"""The one page that writes: only where it is allowed, only from its own form, only what was proposed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import attributes, page_of, served, words
from support.library import Tools

import search
from indexer.core.words.lexicon import read_lexicon


@pytest.fixture(scope="module")
def made(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tools.index_copies(tmp_path_factory.mktemp("review"))


@pytest.fixture
def index(made: Path) -> Iterator[Path]:
    yield made
    lexicon_of(made).unlink(missing_ok=True)


def lexicon_of(index: Path) -> Path:
    with search.open_library(index) as library:
        return library.alias_file


@pytest.fixture
def client(index: Path) -> Iterator[TestClient]:
    with served(index, allow_edit=True) as opened:
        yield opened


def form(html: str) -> dict[str, str]:
    names = ("key", "right", "heard", "at")
    return {name: attributes(html, "value", f'name="{name}"')[0] for name in names}


def aliases(index: Path) -> tuple[tuple[str, str], ...]:
    path = lexicon_of(index)
    return read_lexicon(path).aliases if path.exists() else ()


def test_both_can_be_heard_one_mishearing_after_the_other(client: TestClient) -> None:
    html = page_of(client, "/review")
    fields = form(html)
    assert len(attributes(html, "data-start", 'class="moment"')) == 2
    assert f"<mark>{fields['heard']}</mark>" in html and f"<mark>{fields['right']}</mark>" in html
    (later,) = attributes(html, "href", 'id="later"')
    assert form(page_of(client, later))["heard"] != fields["heard"]


def test_a_yes_is_written_to_the_lexicon_and_found_from_then_on(client: TestClient, index: Path) -> None:
    fields = form(page_of(client, "/review"))
    answer = client.post("/review", data={**fields, "verdict": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert aliases(index) == ((fields["right"], fields["heard"]),)
    assert form(page_of(client, "/review"))["heard"] != fields["heard"]
    with search.open_library(index) as library:
        hows = {m.how for moment in library.search(fields["right"], limit=None) for m in moment.matches}
    assert "alias" in hows
    with served(index, allow_edit=True) as again:
        assert form(page_of(again, "/review"))["heard"] != fields["heard"]


def test_a_no_is_not_asked_again_and_writes_nothing(client: TestClient, index: Path) -> None:
    fields = form(page_of(client, "/review"))
    assert client.post("/review", data={**fields, "verdict": "no"}).status_code == 303
    assert aliases(index) == ()
    assert form(page_of(client, "/review"))["heard"] != fields["heard"]


def test_when_all_are_judged_there_is_nothing_left(client: TestClient) -> None:
    for _ in range(300):
        html = page_of(client, "/review")
        if "Nothing to review" in words(html):
            return
        client.post("/review", data={**form(html), "verdict": "no"})
    raise AssertionError("there is always another")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": ""}, 403),
        ({"key": "x" * 43}, 403),
        ({"verdict": "perhaps"}, 400),
        ({"verdict": ""}, 400),
        ({"right": "大模型", "heard": "小模型"}, 400),
        ({"heard": 'x"]\nwords = ["y'}, 400),
        ({"heard": ""}, 400),
        ({"at": "-1"}, 400),
    ],
)
def test_no_other_form_writes(client: TestClient, index: Path, change: dict[str, str], status: int) -> None:
    fields = form(page_of(client, "/review"))
    answer = client.post("/review", data={**fields, "verdict": "no", **change})
    assert answer.status_code == status
    assert aliases(index) == ()


def test_no_other_site_can_send_the_form(client: TestClient, index: Path) -> None:
    fields = form(page_of(client, "/review"))
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}):
        answer = client.post("/review", data={**fields, "verdict": "yes"}, headers=headers)
        assert answer.status_code == 403
    assert aliases(index) == ()


def test_without_permission_there_is_no_such_page(index: Path) -> None:
    with served(index) as client:
        assert client.get("/review").status_code == 404
        assert "/review" not in page_of(client, "/")
        assert client.post("/review", data={"right": "a", "heard": "b", "verdict": "yes", "key": ""}).status_code == 404


def test_a_lexicon_that_cannot_be_written_is_said_so(client: TestClient, index: Path) -> None:
    fields = form(page_of(client, "/review"))
    lexicon = lexicon_of(index)
    lexicon.write_text("words = [", "utf-8")
    answer = client.post("/review", data={**fields, "verdict": "yes"})
    assert answer.status_code == 500
    assert "the lexicon cannot be read" in answer.text
    assert lexicon.read_text("utf-8") == "words = ["
