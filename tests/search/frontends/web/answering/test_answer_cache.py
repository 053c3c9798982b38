"""What was answered is remembered: within its room and time, and until the index or a lexicon changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import page_of, served, words
from support.library import Tools, spaced, write_lines

from indexer.core.words.lexicon import add_alias
from search.frontends.web import facets
from search.frontends.web.answering.answer_cache import AnswerCache
from search.library import Library, open_library


def test_those_that_were_not_used_for_longest_are_forgotten_first() -> None:
    kept = AnswerCache[str](room=40)
    for name in "abcd":
        kept.keep(name, name.upper(), 10)
    assert kept.get("a") == "A"
    kept.keep("e", "E", 10)
    assert [kept.get(name) for name in "abcde"] == ["A", None, "C", "D", "E"]
    kept.keep("large", "X", 11)  # more than a quarter
    assert kept.get("large") is None and kept.get("a") == "A"
    kept.keep("a", "again", 10)
    assert [kept.get(name) for name in "acde"] == ["again", "C", "D", "E"]


def test_an_answer_is_kept_for_its_time() -> None:
    now = [0.0]
    kept = AnswerCache[str](room=40, seconds=60, clock=lambda: now[0])
    kept.keep("a", "A", 10)
    now[0] = 59.0
    assert kept.get("a") == "A"
    now[0] = 60.0
    assert kept.get("a") is None
    for name in "bcde":  # the room of what is too old is free again
        kept.keep(name, name, 10)
    assert kept.get("b") == "b"


@pytest.fixture
def folder(tools: Tools, tmp_path: Path) -> Path:
    write_lines(tmp_path / "show" / "one.srt", spaced(["水开了", "茶好了", "水开了没有"]))
    return tools.index([tmp_path / "show"], tmp_path / "index")


def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that the library is asked from now on."""
    asked: list[str] = []
    search = Library.search

    def watched(library: Library, query: object, **options: object) -> object:
        asked.append(query.query)  # type: ignore[attr-defined]
        return search(library, query, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Library, "search", watched)
    return asked


@pytest.fixture
def tea(folder: Path) -> Iterator[TestClient]:
    with served(folder) as client:
        yield client


def test_a_page_is_made_once_for_all_who_ask_for_it(tea: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = searches(monkeypatch)
    first = tea.get("/search?q=茶")
    again = tea.get("/search?q=茶")
    assert asked == ["茶"]
    assert again.content == first.content and again.headers == first.headers
    chinese = tea.get("/search?q=茶", headers={"accept-language": "zh"})
    assert 'lang="zh-CN"' in chinese.text and 'lang="en"' in first.text
    assert "set-cookie" not in first.headers
    assert "podseek-language=zh-CN" in tea.get("/search?q=茶&lang=zh-CN").headers["set-cookie"]
    tea.cookies.clear()
    assert asked == ["茶"]  # the same moments on another page
    assert 'lang="en"' in tea.get("/search?q=茶").text


def test_the_lines_of_an_episode_are_searched_once(tea: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = searches(monkeypatch)
    page_of(tea, "/episode/show/one?q=水开")
    page_of(tea, "/lines/show/one?q=水开&first=1")
    assert asked == ["水开"]


def test_a_commit_and_a_lexicon_make_a_page_anew(folder: Path, tools: Tools, tea: TestClient) -> None:
    assert "1 moment in 1 episode" in words(page_of(tea, "/search?q=茶"))
    assert "Nothing found" in words(page_of(tea, "/search?q=普洱"))
    write_lines(folder.parent / "show" / "two.srt", spaced(["茶凉了"]))
    tools.index([folder.parent / "show"], folder)
    assert "2 moments in 2 episodes" in words(page_of(tea, "/search?q=茶"))
    with open_library(folder) as library:
        add_alias(library.alias_file, "普洱", ["茶"])
    assert "2 moments in 2 episodes" in words(page_of(tea, "/search?q=普洱"))


def test_an_answer_that_was_stopped_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.query.deadline import Deadline

    with served(folder) as client:
        asked = searches(monkeypatch)
        with monkeypatch.context() as patch:
            patch.setattr(Deadline, "is_over", lambda self: setattr(self, "reason", "stopped after 3 s") or True)
            assert "took too long" in words(page_of(client, "/search?q=水开 茶"))
        assert "took too long" not in words(page_of(client, "/search?q=水开 茶"))
        assert asked == ["水开 茶", "水开 茶"]


def test_a_page_learns_how_many_moments_there_are(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        write_lines(tmp_path / "show" / f"{number}.srt", spaced(["潮水来了"]))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    address = f"/search?q={quote('潮水')}"
    with served(index) as client:
        monkeypatch.setattr(facets, "IN_PASSING", 0)
        for _ in range(2):
            assert "at least 10 moments" in words(page_of(client, address))
        assert "12 moments in 12 episodes" in words(page_of(client, f"{address}&counts=all"))
        assert "at least" not in words(page_of(client, address))
