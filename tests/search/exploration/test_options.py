"""The options and formats that the exploring commands share work for every one of them, or are refused in one line."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import called, ran
from support.library import Run, Tools, spaced, write_lines

from search import Filter, Library

COMMANDS = {
    "concordance": ("concordance", "模型"),
    "terms": ("terms", "--frequent"),
    "typical terms": ("terms", "--title", "电池"),
    "n-grams": ("terms", "--frequent", "-g", "2-3"),
    "new words": ("terms", "--new"),
    "collocates": ("collocates", "模型"),
    "trend": ("trend", "电池"),
    "dispersion": ("dispersion", "电池"),
    "evenness": ("dispersion", "电池", "--summary"),
    "similar": ("similar", "14-listener"),
    "similar episodes": ("similar", "14-listener", "-l"),
    "chapters": ("chapters", "14-listener"),
    "summary": ("summary",),
    "episodes": ("episodes",),
}
FILTERED = [name for name in COMMANDS if name not in ("chapters", "summary")]


@pytest.fixture
def sample_podseek(sample_index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command in this process: there are two hundred of them here."""
    monkeypatch.setenv("PODSEEK_INDEX", str(sample_index))

    def run(*arguments: object) -> Run:
        return ran(capsys, *map(str, arguments))

    return run


def test_a_process_of_its_own_prints_the_same(sample_podseek: Any, sample_index: Path) -> None:
    for command in (*COMMANDS["trend"], "--format", "tsv"), (*COMMANDS["terms"], "--since", "nonsense"):
        assert called(*command, index=sample_index) == sample_podseek(*command)


def records(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.lines]


@pytest.mark.parametrize("option", [("--since", "nonsense"), ("--until", "2025-13"), ("--show", ""), ("--title", " ")])
@pytest.mark.parametrize("name", FILTERED)
def test_a_filter_that_is_none_is_refused(sample_podseek: Any, name: str, option: tuple[str, str]) -> None:
    run = sample_podseek(*COMMANDS[name], *option)
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 1


@pytest.mark.parametrize("name", FILTERED)
def test_what_no_episode_passes_finds_nothing(sample_podseek: Any, name: str) -> None:
    run = sample_podseek(*COMMANDS[name], "--since", "2031", "--format", "jsonl")
    counts = [record["count"] for record in records(run)]
    assert run.code == 1
    assert not any(counts)
    assert run.err


@pytest.mark.parametrize("name", ["concordance", "similar", "similar episodes", "episodes"])
def test_listed_is_what_passes_the_filters(sample_podseek: Any, name: str) -> None:
    command = (*COMMANDS[name], "--format", "jsonl", *(() if name == "episodes" else ("-n", 500)))
    dates = [record["date"] for record in records(sample_podseek(*command))]
    late = [record["date"] for record in records(sample_podseek(*command, "--since", "2025-05-09"))]
    assert late
    assert min(dates) < "2025-05-09" <= min(late)


@pytest.mark.parametrize("form", ["jsonl", "json", "tsv", "csv"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_list_is_a_table_through_a_pipe_and_in_a_file(
    sample_podseek: Any, tmp_path: Path, name: str, form: str
) -> None:
    piped = sample_podseek(*COMMANDS[name], "--format", form, "-q")
    assert (piped.code, piped.err) == (0, "")
    written = sample_podseek(*COMMANDS[name], "-o", tmp_path / f"a.{form}", "-q")
    assert (written.code, written.out, written.err) == (0, "", "")
    text = (tmp_path / f"a.{form}").read_bytes().decode("utf-8-sig" if form == "csv" else "utf-8")
    assert text.splitlines() == piped.out.splitlines()
    rows = read(text, form)
    assert rows
    assert all(row.keys() == rows[0].keys() for row in rows)


def read(text: str, form: str) -> list[dict[str, Any]]:
    """The rows of a table, as another program reads them."""
    if form == "jsonl":
        return list(map(json.loads, text.splitlines()))
    if form == "json":
        return list(json.loads(text))
    return list(csv.DictReader(io.StringIO(text), delimiter="," if form == "csv" else "\t", strict=True))


@pytest.mark.parametrize("form", ["tsv", "csv"])
def test_what_has_parts_of_its_own_is_json_in_a_cell(sample_podseek: Any, form: str) -> None:
    (row,) = read(sample_podseek("summary", "--format", form, "-q").out, form)
    (record,) = records(sample_podseek("summary", "--format", "jsonl", "-q"))
    for name in ("damped_lines", "languages", "months", "shares"):
        assert json.loads(row[name]) == record[name]
    assert row["growth"] == "; ".join(map(str, record["growth"]))


def test_every_row_of_the_library_is_a_dataclass_of_plain_values(sample: Library) -> None:
    explore, part = sample.explore, [Filter("title", "电池")]
    dispersed = explore.dispersion(["电池"])
    lists: list[Any] = [
        *(explore.terms(sizes=(1, 2)), explore.keywords(part), explore.new_words(), explore.collocates("模型")),
        *(explore.concordance("电池"), explore.trend(["电池"]), dispersed, dispersed.evenness),
        *(explore.outline("05-speech"), explore.similar("05-speech"), [explore.summary()], explore.summary().shares),
    ]
    for rows in lists:
        assert len(rows)
        for row in rows:
            assert dataclasses.is_dataclass(row)
            assert all(is_plain(getattr(row, field.name)) for field in dataclasses.fields(row))


def is_plain(value: Any) -> bool:
    """True for what a table holds: texts, numbers, and tuples of them or of rows."""
    if isinstance(value, tuple):
        return all(is_plain(part) or dataclasses.is_dataclass(part) for part in value)
    return value is None or type(value) in (str, int, float, bool)


def test_the_summary_counts_one_episode_in_the_singular(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["今天聊火星茶壶"]))
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    told = {language: called("summary", index=index, PODSEEK_LANG=language).out for language in ("en", "zh")}
    assert "1 episode  " in told["en"]
    assert "1 episodes" not in told["en"]
    assert "1 期  " in told["zh"]
