"""Explorations, mishearings and counts whose time ran out: a page with what was found and a line that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import attributes, page_of, served, words
from support.library import Tools, spaced, write_lines

from search.frontends.web import facets
from search.query.deadline import Deadline

EXPLORED = (
    "concordance?q=水",
    "trend?words=水",
    "dispersion?words=水",
    "terms",
    "keywords?show=两杯茶",
    "collocates?word=水",
    "variants?term=收音机",
)


@pytest.fixture(scope="module")
def tea(tiny_index: Path) -> Iterator[TestClient]:
    with served(tiny_index, allow_edit=True) as client:
        yield client


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """No deadline has any time left."""
    seconds = Deadline.__init__

    def over(self: Deadline, *given: object, **options: object) -> None:
        seconds(self, -1.0)

    monkeypatch.setattr(Deadline, "__init__", over)


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("page", EXPLORED)
def test_an_exploration_gives_what_it_has_and_says_that_it_is_a_part(tea: TestClient, page: str) -> None:
    assert "Time ran out" in words(page_of(tea, f"/{page}"))
    answer = tea.get(f"/api/v1/{page}")
    assert answer.status_code == 200
    assert str(answer.json()["incomplete"]).startswith("stopped ")
    lines = tea.get(f"/api/v1/{page}&format=jsonl" if "?" in page else f"/api/v1/{page}?format=jsonl")
    assert lines.headers["podseek-incomplete"] == answer.json()["incomplete"]


@pytest.mark.parametrize("page", EXPLORED)
def test_a_whole_exploration_says_nothing(tea: TestClient, page: str) -> None:
    assert "Time ran out" not in words(page_of(tea, f"/{page}"))
    answer = tea.get(f"/api/v1/{page}")
    assert answer.json()["incomplete"] is None
    assert "podseek-incomplete" not in answer.headers


def test_mishearings_are_looked_for_again_after_a_while(
    tools: Tools, tiny_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.frontends.web.served import reviewing
    from search.library import Library

    asked: list[Deadline] = []

    def nothing_yet(library: Library, limit: int, deadline: Deadline) -> list[object]:
        asked.append(deadline)
        deadline.reason = "stopped after 10 s" if len(asked) == 1 else None
        return []

    monkeypatch.setattr(Library, "suspects", nothing_yet)
    with served(tiny_index, allow_edit=True) as client:
        for _ in range(2):
            assert "Time ran out" in words(page_of(client, "/review"))
        assert len(asked) == 1
        monkeypatch.setattr(reviewing, "monotonic", lambda: float("1e12"))
        assert "Time ran out" not in words(page_of(client, "/review"))
        page_of(client, "/review")
        assert len(asked) == 2


def test_a_speaker_counts_the_moments_in_which_they_say_it(tools: Tools, tmp_path: Path) -> None:
    said = {"two": ["甲 水开了", "乙 茶好了", "乙 水凉了", "甲 再烧"], "one": ["甲 水真好", "甲 好茶"]}
    for name, lines in {**said, **{f"other{number}": ["丙 水来了"] for number in range(10)}}.items():
        cues = (f"{2 * n:02}:00.000 --> {2 * n:02}:04.000\n<v {line[0]}>{line[2:]}\n" for n, line in enumerate(lines))
        path = tmp_path / "show" / f"{name}.vtt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("WEBVTT\n\n" + "\n".join(cues), "utf-8")
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    with served(index) as client:
        html = page_of(client, "/search?q=水")
        shown = html[html.index('data-facet="speaker"') :]
        text = words(shown[: shown.index("</section>")])
        assert text == 'data-facet="speaker"> Speakers 丙 10 甲 2 乙 1'
        for address in attributes(shown[: shown.index("</section>")], "href"):
            amount = {"%E4%B8%99": "10", "%E7%94%B2": "2", "%E4%B9%99": "1"}[address[-9:]]
            assert f"{amount} moment" in words(page_of(client, address))


def test_numbers_of_a_part_say_that_there_are_more(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(24):
        write_lines(tmp_path / ("早潮" if number % 2 else "晚潮") / f"{number}.srt", spaced(["潮水来了"]))
    index = tools.index([tmp_path / "早潮", tmp_path / "晚潮"], tmp_path / "index")
    with served(index) as client:
        assert numbers(page_of(client, "/search?q=潮水")) == ["12", "12"]
    count = facets._count
    with served(index) as client:
        monkeypatch.setattr(facets, "_count", lambda *asked: (count(*asked)[0][:20], False))
        assert numbers(page_of(client, "/search?q=潮水")) == ["12+", "8+"]


def numbers(html: str) -> list[str]:
    return re.findall(r'class="count">([^<]*)<', html)
