"""The contract of the API, tried with random questions: whatever its description allows is answered as it describes,
and whatever it forbids is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient
from support.front_ends.web import served

from search.frontends.web.api.openapi import openapi

DESCRIBED = openapi("1", "")
PATHS = sorted(DESCRIBED["paths"])
WORDS = st.sampled_from(
    ("水开了", "绿茶 红茶", '"两杯茶"', "收音鸡", "RTL-SDR", "晚安 OR 石桥", "tea/radio", "茶", "2025", "2025-01")
)
TEXTS = st.one_of(WORDS, WORDS, st.text(max_size=12))


@pytest.fixture(scope="module")
def client(tiny_index: Path) -> Iterator[TestClient]:
    with served(tiny_index) as opened:
        yield opened


@cache
def validator(path: str, kind: str) -> Draft202012Validator:
    content = DESCRIBED["paths"][path]["get"]["responses"]["200"]["content"]
    return Draft202012Validator(content[kind]["schema"])


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.sampled_from(("true", "false"))
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if schema["type"] == "number":
        return st.floats(schema["minimum"], schema["maximum"], allow_subnormal=False)
    return TEXTS


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    path = draw(st.sampled_from(PATHS))
    params: dict[str, Any] = {}
    for one in DESCRIBED["paths"][path]["get"]["parameters"]:
        if one.get("required") or draw(st.integers(0, 3)) == 0:
            params[one["name"]] = draw(fitting(one["schema"]))
    return path, params


@given(questions())
def test_what_the_description_allows_is_answered_as_it_says(
    client: TestClient, question: tuple[str, dict[str, Any]]
) -> None:
    path, params = question
    answer = client.get(path, params=params)
    kind = answer.headers["content-type"]
    assert answer.status_code in (200, 400, 404), answer.text
    if answer.status_code != 200:
        assert list(answer.json()) == ["error"] and answer.json()["error"]
    elif params.get("format") == "jsonl":
        for line in answer.text.splitlines():
            validator(path, kind).validate(json.loads(line))
    elif params.get("format") == "csv":
        assert kind == "text/csv; charset=utf-8"
        assert len({len(row) for row in csv.reader(io.StringIO(answer.text))}) <= 1
    else:
        validator(path, kind).validate(json.loads(answer.text, parse_constant=pytest.fail))


@st.composite
def wrong_questions(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Questions of which one parameter is not what its schema allows."""
    path, params = draw(questions())
    bounded = [
        one
        for one in DESCRIBED["paths"][path]["get"]["parameters"]
        if one["schema"]["type"] != "string" or "enum" in one["schema"]
    ]
    one = draw(st.sampled_from(bounded))
    schema = one["schema"]
    wrong = ["x", "1e999", "nan"]
    if "maximum" in schema:
        wrong += [str(schema["maximum"] + 1), str(schema["minimum"] - 1)]
    return path, {**params, one["name"]: draw(st.sampled_from(wrong))}


@given(wrong_questions())
def test_what_the_description_forbids_is_refused(client: TestClient, question: tuple[str, dict[str, Any]]) -> None:
    path, params = question
    answer = client.get(path, params=params)
    assert answer.status_code == 400, (params, answer.text)
    assert list(answer.json()) == ["error"]


def test_the_description_has_what_a_client_needs() -> None:
    assert DESCRIBED["openapi"] == "3.1.0"
    names = [operation["get"]["operationId"] for operation in DESCRIBED["paths"].values()]
    assert len(set(names)) == len(names) == 12
    for operation in DESCRIBED["paths"].values():
        for one in operation["get"]["parameters"]:
            assert one["in"] == "query" and one["description"].strip()
            Draft202012Validator.check_schema(one["schema"])
        for content in operation["get"]["responses"]["200"]["content"].values():
            Draft202012Validator.check_schema(content["schema"])
