"""The API: the records of `--format json`, described by OpenAPI, and errors in one line."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient
from support.front_ends.web import page_of, served
from support.library import podseek

from search.frontends.mcp.tools import TOOLS
from search.frontends.schemas.records import row_schema
from search.frontends.web.api.routes import ENDPOINTS
from search.frontends.web.page_parameters import DEEPEST

ASKED = {
    "search": "q=收音机",
    "count": "q=收音机",
    "read": "episode=tea/kettle",
    "episodes": "",
    "variants": "term=收音机",
    "mishearings": "",
    "concordance": "q=绿茶",
    "trend": "words=绿茶,电池",
    "dispersion": "words=绿茶",
    "terms": "",
    "keywords": "show=茶",
    "collocates": "word=收音机",
}


@pytest.fixture(scope="module")
def tea(tiny_index: Path) -> Iterator[TestClient]:
    with served(tiny_index) as client:
        yield client


def asked(client: TestClient, name: str, query: str = "") -> Any:
    answer = client.get(f"/api/v1/{name}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_answer_is_as_it_is_described(tea: TestClient, endpoint: Any) -> None:
    described = tea.get("/api/v1/openapi.json").json()
    operation = described["paths"][f"/api/v1/{endpoint.name}"]["get"]
    answer = asked(tea, endpoint.name, ASKED[endpoint.name])
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator(schema).validate(answer)
    assert answer[endpoint.rows] or endpoint.name in ("mishearings", "collocates", "keywords")
    for row in answer[endpoint.rows]:
        assert list(row) == sorted(row, key=list(row_schema(endpoint.kind)["properties"]).index) or set(row) == set(
            row_schema(endpoint.kind)["properties"]
        )


@pytest.mark.parametrize(
    ("name", "query", "command"),
    [
        ("search", "q=收音机", ["search", "收音机"]),
        ("search", "q=收音鸡&sort=date&limit=3", ["search", "收音鸡", "--sort", "date", "-n", "3"]),
        ("search", "q=绿茶&show=茶&exact=true&context=0", ["search", "绿茶", "--show", "茶", "--exact", "-C", "0s"]),
        ("episodes", "show=茶", ["episodes", "--show", "茶"]),
        ("variants", "term=收音机", ["variants", "收音机"]),
        ("concordance", "q=绿茶&sort=right", ["concordance", "绿茶", "--sort", "right"]),
        ("trend", "words=绿茶,电池&by=year", ["trend", "绿茶", "电池", "--by", "year"]),
        ("dispersion", "words=水开了", ["dispersion", "水开了"]),
        ("terms", "limit=5", ["terms", "--frequent", "-n", "5"]),
    ],
)
def test_the_rows_are_those_of_the_command(
    tea: TestClient, tiny_index: Path, name: str, query: str, command: list[str]
) -> None:
    (rows,) = [endpoint.rows for endpoint in ENDPOINTS if endpoint.name == name]
    printed = podseek(*command, "--format", "jsonl", "-q", index=tiny_index)
    assert printed.code == 0
    expected = [json.loads(line) for line in printed.lines]
    assert asked(tea, name, query)[rows] == expected
    lines = tea.get(f"/api/v1/{name}?{query}&format=jsonl")
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.text.splitlines()] == expected


def test_a_time_may_be_written_as_on_a_clock(tea: TestClient) -> None:
    assert asked(tea, "read", "episode=tea/kettle&start=0:50") == asked(tea, "read", "episode=tea/kettle&start=50")


def test_an_exploration_is_a_table_for_a_spreadsheet(tea: TestClient, tiny_index: Path) -> None:
    table = tea.get("/api/v1/concordance?q=绿茶&format=csv")
    printed = podseek("concordance", "绿茶", "--format", "csv", "-q", index=tiny_index)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == 'attachment; filename="podseek-concordance.csv"'
    assert table.text.startswith("\ufeffschema,")
    assert table.text.removeprefix("\ufeff").splitlines() == printed.lines
    (link,) = re.findall(r'href="([^"]+)" download>CSV', tea.get("/concordance?q=绿茶").text)
    assert tea.get(html.unescape(link)).text.count("绿茶") > 1


def test_moments_are_no_table(tea: TestClient) -> None:
    refused = tea.get("/api/v1/search?q=绿茶&format=csv")
    assert (refused.status_code, refused.json()) == (400, {"error": "format=csv: there are json, jsonl"})


def test_results_go_on_where_they_ended(sample_index: Path) -> None:
    with served(sample_index) as client:
        whole = asked(client, "search", "q=电池&limit=10")["moments"]
        first = asked(client, "search", "q=电池&limit=4")
        second = asked(client, "search", f"q=电池&limit=4&offset={first['next']}")
    places = [(moment["episode"], moment["start"]) for moment in (*first["moments"], *second["moments"])]
    assert places == [(moment["episode"], moment["start"]) for moment in whole[:8]]
    assert [moment["rank"] for moment in second["moments"]] == [5, 6, 7, 8]


def test_the_parameters_are_those_of_the_assistant(tea: TestClient) -> None:
    paths = tea.get("/api/v1/openapi.json").json()["paths"]
    for tool in (tool for tool in TOOLS if tool.name in ("search", "read", "episodes")):
        names = {one["name"] for one in paths[f"/api/v1/{tool.name}"]["get"]["parameters"]}
        wanted = set(tool.arguments) - {"query"} if tool.name == "search" else set(tool.arguments)
        assert names >= wanted


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("search", 400, "q: is missing"),
        ("search?q=%20", 400, "q: has 1 characters"),
        (f"search?q={'水' * 4001}", 400, "q: has 4,001 characters"),
        ("search?q=a&limit=101", 400, "limit: 101 is not between 1 and 100"),
        ("search?q=a&limit=ten", 400, "limit='ten': is no integer"),
        ("search?q=a&limit=" + "9" * 5000, 400, "is no integer"),
        ("search?q=a&context=nan", 400, "context='nan': is no number"),
        ("search?q=a&exact=perhaps", 400, "exact='perhaps': is no boolean"),
        ("search?q=a&q=b", 400, "q: is given twice"),
        ("search?q=a&colour=red", 400, "colour: no such argument"),
        ("search?q=a&sort=best", 400, "sort: 'best' is none of score, date, time"),
        ("search?q=a&since=soon", 400, "since: soon"),
        ("search?q=a&format=xml", 400, "format=xml"),
        ("search?q=a%20AND", 400, "AND needs something"),
        ("read?episode=nothing", 404, "no such episode"),
        ("read?episode=tea/kettle&start=0:99", 400, "start: '0:99' is no number: give seconds, or a time"),
        ("keywords", 400, "choose a part"),
        ("trend?words=,", 400, "words: 0 are given"),
        ("trend?words=" + ",".join(map(str, range(200))), 400, "words: 200 are given"),
        ("trend?words=" + "%20".join(map(str, range(200))), 400, "at most 20 with 300 can be compared"),
        ("dispersion?words=" + "水" * 301, 400, "words: 1 with 301 characters are given"),
        ("count?q=a&limit=101", 400, "limit: 101 is not between 1 and 100"),
        ("concordance?q=a&limit=101", 400, "limit: 101 is not between 1 and 100"),
        ("nothing?q=a", 404, "There is no such page"),
    ],
)
def test_an_error_is_one_line_of_json(tea: TestClient, address: str, status: int, said: str) -> None:
    answer = tea.get(f"/api/v1/{address}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["error"]
    assert said in answer.json()["error"] and "\n" not in answer.json()["error"]


def test_at_the_deepest_offset_there_is_nothing_more(tea: TestClient) -> None:
    answer = tea.get(f"/api/v1/search?q=茶&offset={DEEPEST}").json()
    assert (answer["moments"], answer["next"]) == ([], None)


def test_the_page_of_the_api_has_every_endpoint_and_examples_that_work(tea: TestClient) -> None:
    html = page_of(tea, "/docs")
    for endpoint in ENDPOINTS:
        assert f'id="api-{endpoint.name}"' in html
        assert all(f"<code>{name}</code>" in html for name in endpoint.arguments)


def test_several_indexes_have_an_api_each(tiny_index: Path, sample_index: Path) -> None:
    with served(tiny_index, sample_index) as client:
        names = [
            address for address in page_of(client, "/").split('"') if address.startswith("/") and "/" in address[1:]
        ]
        roots = {"/" + name.split("/")[1] for name in names} - {"/static", "/search", "/episodes"}
        amounts = {
            len(client.get(f"{root}/api/v1/episodes").json()["episodes"]) for root in roots if root.count("/") == 1
        }
    assert {4, 14} <= amounts
