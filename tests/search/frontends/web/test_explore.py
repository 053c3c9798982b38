"""The explorations and lists as pages: forms, tables that sort, charts whose points are doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus

import pytest
from starlette.testclient import TestClient
from support.front_ends import web as support
from support.front_ends.web import attributes, page_of, served, words
from support.library import spaced, write_lines

import indexer
import search.frontends.web as web
from search.frontends.formats.charts import pictures
from search.frontends.formats.charts.pictures import NoPlotting
from search.frontends.web.answering.worker_threads import COUNTING, SEARCHING, Workers, make_pools
from search.frontends.web.pages.explore import EXPLORED
from search.frontends.web.rendering.chart_pictures import chart_html
from search.frontends.web.rendering.languages import translator
from search.frontends.web.rendering.wording import WORDING

ASKED = {
    "concordance": "q=电池&sort=right",
    "trend": "words=电池，芯片",
    "dispersion": "words=电池",
    "terms": "limit=10",
    "keywords": "title=电池",
    "collocates": "word=机器",
    "variants": "term=短报文",
}


@pytest.fixture(scope="module")
def sample_pages(sample_index: Path) -> Iterator[TestClient]:
    with served(sample_index) as client:
        yield client


def rows(html: str) -> list[list[str]]:
    """The texts of the table's body."""
    (body,) = re.findall(r"<tbody>(.*?)</tbody>", html, re.S)
    return [
        [words(cell) for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S)
    ]


@pytest.mark.parametrize("name", EXPLORED)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_exploration_has_a_form_and_a_table(sample_pages: TestClient, name: str, language: str) -> None:
    empty = page_of(sample_pages, f"/{name}?lang={language}")
    assert attributes(empty, "action", 'id="ask"') == [f"/{name}"]
    html = page_of(sample_pages, f"/{name}?{ASKED[name]}&lang={language}")
    assert len(rows(html)) > 0
    assert f'<html lang="{language}"' in html
    sample_pages.cookies.clear()


@pytest.mark.parametrize("stopped", [SEARCHING, COUNTING])
def test_pages_and_api_of_explorations_are_answered_by_the_counting_thread(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    def pools(*given: Any, **more: Any) -> dict[str, Workers]:
        made = make_pools(*given, **more)
        made[stopped].stop()
        return made

    monkeypatch.setattr(support, "make_pools", pools)
    with served(sample_index) as client:
        statuses = {
            f"{before}/{name}": client.get(f"{before}/{name}?{ASKED[name]}").status_code
            for before in ("", "/api/v1")
            for name in EXPLORED
        }
        search = client.get("/search?q=电池").status_code
    assert set(statuses.values()) == {503 if stopped == COUNTING else 200}, statuses
    assert search == (200 if stopped == COUNTING else 503)


@pytest.mark.parametrize("name", ["trend", "dispersion"])
def test_too_many_words_are_refused_in_one_line(sample_pages: TestClient, name: str) -> None:
    for separator in ("，", " "):
        answer = sample_pages.get(f"/{name}", params={"words": separator.join(f"词{number}" for number in range(200))})
        assert answer.status_code == 400
        assert "words: 200 " in words(answer.text) and "can be compared" in words(answer.text)


@pytest.mark.parametrize("name", EXPLORED)
def test_the_places_of_a_table_lead_to_their_moments(sample_pages: TestClient, name: str) -> None:
    html = page_of(sample_pages, f"/{name}?{ASKED[name]}")
    doors = [link for link in attributes(html, "href") if link.startswith("/episode/") and "#t=" in link]
    assert doors or name == "terms"
    for link in doors[:3]:
        address, _, anchor = link.partition("#")
        assert attributes(page_of(sample_pages, address), "data-start", f'id="{anchor}"')


def test_a_table_is_sorted_by_the_links_in_its_head(sample_pages: TestClient) -> None:
    html = page_of(sample_pages, "/terms?limit=30")
    (address,) = [link for link in attributes(html, "href") if link.endswith("order=-episodes")]
    html = page_of(sample_pages, address)
    counts = [int(row[3]) for row in rows(html)]
    assert counts == sorted(counts, reverse=True)
    assert attributes(html, "aria-sort") == ["descending"]
    (address,) = [link for link in attributes(html, "href") if link.endswith("order=episodes")]
    counts = [int(row[3]) for row in rows(page_of(sample_pages, address))]
    assert counts == sorted(counts)


@pytest.mark.parametrize("name", ["trend", "dispersion"])
def test_the_points_of_a_chart_lead_to_their_moments(sample_pages: TestClient, name: str) -> None:
    html = page_of(sample_pages, f"/{name}?{ASKED[name]}")
    (svg,) = re.findall(r"<svg.*?</svg>", html, re.S)
    links = attributes(svg, "href", "<a")
    assert links and all(link.startswith("/episode/corpus/") and "#t=" in link for link in links)
    assert set(re.findall(r"<(\w+)", svg)) <= {"svg", "g", "a", "path", "rect", "line", "text", "title"}
    assert not re.search(r"\s(on\w+|style|xlink:href|target)=", svg)
    page_of(sample_pages, links[0].partition("#")[0])


def test_a_chart_is_in_the_language_of_its_page(sample_pages: TestClient) -> None:
    html = sample_pages.get("/trend?words=电池&by=year", headers={"accept-language": "zh"}).text
    (svg,) = re.findall(r"<svg.*?</svg>", html, re.S)
    assert "每小时谈话的次数" in words(svg) and "times in an hour" not in words(svg)
    html = sample_pages.get("/trend?words=电池&by=year", headers={"accept-language": "en"}).text
    assert "times in an hour" in words(html)


def test_a_chart_holds_only_shapes_and_links_within_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">
      <script>alert(1)</script><style>*{}</style>
      <foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>
      <a xlink:href="javascript:alert(1)"><text onclick="alert(1)" style="x">&lt;script&gt;alert(2)</text></a>
      <a href="//evil.example"><path d="M0"/></a><a href="http://site.invalid.evil.example/"><path d="M0"/></a>
      <a href="http://site.invalid/episode/x#t=1"><image href="https://evil.example/x.png"/></a></svg>"""
    monkeypatch.setattr("search.frontends.web.rendering.chart_pictures.svg_of", lambda chart: hostile)
    html = str(chart_html({}))
    assert "&lt;script&gt;alert(2)" in html
    assert set(re.findall(r"<(\w+)", html)) == {"svg", "a", "text", "path"}
    assert re.findall(r'href="([^"]*)"', html) == ["/episode/x#t=1"]
    assert not re.search(r"\s(on\w+|style)=", html)


def test_without_the_library_that_draws_the_table_is_there(
    sample_pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise NoPlotting("--plot: vl-convert-python is not installed: pip install 'podseek[plot]'")

    monkeypatch.setattr(pictures, "_drawer", missing)
    html = page_of(sample_pages, "/trend?words=电池")
    assert rows(html) and "<svg" not in html
    assert "pip install 'podseek[plot]'" in words(html)


@pytest.mark.parametrize("address", ["/concordance?q=a%20AND", "/trend?words=,", "/terms?limit=0", "/keywords?limit=0"])
def test_a_wrong_question_is_explained_above_its_form(sample_pages: TestClient, address: str) -> None:
    answer = sample_pages.get(address)
    assert answer.status_code == 400
    assert 'class="warning"' in answer.text and 'id="ask"' in answer.text


@pytest.mark.parametrize("address", ["/keywords", "/keywords?limit=5&show=&title=%20"])
def test_typical_words_without_a_part_ask_for_one(sample_pages: TestClient, address: str) -> None:
    html = page_of(sample_pages, address)
    assert "Choose the part to compare with the rest" in words(html)
    assert 'class="warning"' not in html and 'id="table"' not in html
    assert re.search(r'<details class="field filters" open>', html)  # that is where it is chosen
    assert "Choose the part" not in words(page_of(sample_pages, f"/keywords?{ASKED['keywords']}"))


def test_episodes_are_listed_sorted_and_filtered(sample_pages: TestClient) -> None:
    def listed(address: str) -> list[str]:
        return attributes(page_of(sample_pages, address), "data-episode", 'class="episode"')

    newest = listed("/episodes")
    assert len(newest) == 14 and newest[0] == "corpus/14-listener-letters"
    assert sorted(listed("/episodes?sort=title")) == sorted(newest) and listed("/episodes?sort=title") != newest
    assert listed("/episodes?since=2025-06&until=2025-06") == ["corpus/12-internet", "corpus/11-graphics"]
    assert listed("/shows/" + quote("回声机房")) == newest
    assert sample_pages.get("/shows/" + quote("回声")).status_code == 404
    assert sample_pages.get("/episodes?since=soon").status_code == 400


def test_the_first_page_has_words_to_try_that_are_found(sample_pages: TestClient) -> None:
    (chips,) = re.findall(r'<ul class="chips">.*?</ul>', page_of(sample_pages, "/"), re.S)
    links = attributes(chips, "href")
    assert len(links) == 8
    for link in links:
        assert 'class="moment"' in page_of(sample_pages, link)


def test_every_text_of_the_templates_is_there_in_both_languages() -> None:
    templates = (Path(web.__file__).parent / "rendering" / "templates").glob("*.html")
    keys = {key for path in templates for key in re.findall(r"""\bt\("([^"]+)"[,)]""", path.read_text("utf-8"))}
    assert len(keys) > 60
    assert keys - WORDING.keys() == set()
    for language in ("en", "zh-CN"):
        text = translator(language)
        values = dict.fromkeys(("q", "what", "time", "host", "shown", "file", "heard", "right"), "x")
        assert all(text(key, 2, **values) for key in WORDING)


def test_every_text_is_used() -> None:
    folder = Path(web.__file__).parent
    files = [
        *folder.glob("rendering/templates/*.html"),
        *(path for path in folder.rglob("*.py") if path.name != "wording.py"),
    ]
    source = "".join(path.read_text("utf-8") for path in files)
    named = set(re.findall(r"""["']([\w.-]+)["'{]""", source))

    def is_used(key: str) -> bool:
        parts = key.split(".")
        return key in named or any(".".join(parts[:end]) + "." in named for end in range(1, len(parts)))

    assert [key for key in WORDING if not is_used(key) and not key.startswith("chart.")] == []


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("/trend?words=电池，open source&since=2025-05", '/concordance?q=电池 "open source"&since=2025-05'),
        ("/concordance?q=电池 芯片&context=20", "/trend?words=电池,芯片"),
        ('/concordance?q="锂电池"', "/collocates?word=锂电池"),
        ("/collocates?word=电池&limit=5", "/variants?term=电池"),
        ("/dispersion?words=电池,芯片", "/variants?term=电池"),
        ("/keywords?title=电池", "/trend?title=电池"),
        ("/explore?q=电池", "/dispersion?words=电池"),
        ("/search?q=self attention 电池", "/trend?words=self attention 电池"),
        ("/search?q=电池", "/concordance?q=电池"),
        ("/concordance?q=电池 AND 芯片", "/trend"),
    ],
)
def test_the_words_go_along_to_the_other_explorations(sample_pages: TestClient, page: str, leads_to: str) -> None:
    html = page_of(sample_pages, page)
    path = leads_to.partition("?")[0]
    assert leads_to in [unquote_plus(one) for one in attributes(html, "href", f'href="{path}')]


def test_a_trend_tells_what_has_no_date(tmp_path: Path) -> None:
    for name, text in (("2025-01-02 a", "茶"), ("b", "水"), ("c", "水")):
        write_lines(tmp_path / "show" / f"{name}.srt", spaced([text]))
    indexer.index_paths([tmp_path / "show"], tmp_path / "index", jobs=1)
    with served(tmp_path / "index") as client:
        for by in ("", "&by=year"):
            html = page_of(client, f"/trend?words=水{by}&lang=en")
            assert "2 episodes have no date and belong to no" in html
        html = page_of(client, "/trend?words=水&by=show")
        assert "have no date" not in html


def test_a_page_that_counts_tells_of_recordings_that_count_twice(tmp_path: Path) -> None:
    for name in ("talk", "talk_raw"):
        write_lines(tmp_path / "show" / f"{name}.srt", spaced(["今天喝绿茶", "明天喝红茶", "后天什么也不喝"]))
    indexer.index_paths([tmp_path / "show"], tmp_path / "index", jobs=1)
    with served(tmp_path / "index") as client:
        for address in ("/trend?words=茶", "/dispersion?words=茶", "/concordance?q=茶", "/terms"):
            assert "1 recording counts twice" in page_of(client, address), address
        assert "counts twice" not in page_of(client, "/trend?words=茶&title=raw")
