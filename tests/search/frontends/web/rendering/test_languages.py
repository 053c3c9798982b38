"""The language of a page is that of its reader, for what is wrong with a query, too, and for the page of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import page_of, served, words

from indexer.core import messages
from search.frontends.web.answering.worker_threads import Workers

CHINESE = {"accept-language": "zh-CN"}


class Catalogue:
    """Stands for the Chinese catalogue, whichever messages it has by now."""

    def gettext(self, text: str) -> str:
        return f"译：{text}"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"译：{many}"


@pytest.fixture(autouse=True)
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_catalogue", lambda language: Catalogue())


@pytest.fixture(scope="module")
def tea(tiny_index: Path) -> Iterator[TestClient]:
    with served(tiny_index, allow_edit=True) as client:
        yield client


@pytest.mark.parametrize("path", ["search?q=a AND", "search?q=a&sort=x", "concordance?q=a AND", "trend?words=,"])
def test_a_problem_is_said_in_the_language_of_the_page(tea: TestClient, path: str) -> None:
    chinese, english = tea.get(f"/{path}", headers=CHINESE), tea.get(f"/{path}")
    assert chinese.status_code == english.status_code == 400
    assert "译：" in chinese.text and "译：" not in english.text
    assert "译：" in tea.get(f"/{path}&lang=zh-CN").text
    tea.cookies.clear()


def test_a_problem_of_the_api_is_in_english_unless_its_client_asks(tea: TestClient) -> None:
    assert tea.get("/api/v1/search?q=a AND", headers={"accept-language": ""}).json()["error"].startswith("column 3")
    assert tea.get("/api/v1/search?q=a AND", headers=CHINESE).json()["error"].startswith("译：")


def test_a_refusal_is_said_in_the_language_of_the_page(tea: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workers, "_is_full", property(lambda self: True))
    page = tea.get("/search?q=没有人问过", headers=CHINESE)
    assert page.status_code == 503 and "译：too many questions at once" in page.text
    assert tea.post("/review", headers={**CHINESE, "origin": str(tea.base_url)}).status_code == 503


def test_the_page_of_the_api_is_translated(tea: TestClient) -> None:
    chinese = page_of_language(tea, "/docs")
    assert "译：Lists the frequent words." in words(chinese)
    assert "译：Lines at most." in words(chinese)
    assert 'id="search"' in chinese and chinese.count('id="search"') == 1
    english = page_of(tea, "/docs")
    assert "译：" not in english


def page_of_language(client: TestClient, path: str) -> str:
    return client.get(path, headers=CHINESE).text
