"""The files of the last list and of the history: whatever is in them, a command answers or says in a line why not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.front_ends.commands import ran

from search.frontends.cli.output.recent import HISTORY, LAST, last_list, searched

FINE = {"schema": 1, "index": "/x", "query": "水", "moments": [[1, "tea/radio", 1.0, 2.0]]}
DAMAGED = (
    *("", "[]", "null", "{", "[" * 100_000, "\0", '"moments"', json.dumps({**FINE, "moments": []})),
    *(json.dumps({**FINE, "moments": moments}) for moments in (3, [1], [[1, 2, 3]], [["a", "b", "c", "d"]], {"a": 1})),
    *(
        '{{"index": "x", "query": "y", "moments": [[{}, "tea/radio", {}, {}]]}}'.format(*values)
        for values in (("1e999", "1", "2"), ("1", "NaN", "2"), ("1", "0", "1e999"), ("1", "-5", "2"), ("1", "9", "2"))
    ),
)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("search.frontends.cli.output.recent.default_state", lambda: str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_list_is_none(
    state: Path, tiny_index: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (state / LAST).write_text(content, "utf-8")
    assert last_list() is None
    for words in (["play", "1", "--print"], ["read", "1"]):
        run = ran(capsys, *words, "--index", str(tiny_index))
        assert (run.code, run.err.count("\n")) == (2, 1), run


def test_damaged_entries_of_the_history_are_left_out(state: Path) -> None:
    fine = '{"at": 1, "index": "a", "query": "b", "found": "c"}'
    lines = ["[" * 100_000, "{}", "3", fine.replace("1", "1e999"), fine.replace("1", "NaN"), fine, "\0", "x"]
    (state / HISTORY).write_text("\n".join(lines), "utf-8")
    assert [one.query for one in searched()] == ["b"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(state: Path) -> None:
    for name in (LAST, HISTORY):
        os.mkfifo(state / name)
    assert last_list() is None
    assert list(searched()) == []


def test_a_huge_limit_of_the_history_is_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "history", "-n", "9" * 30) == ran(capsys, "history", "-n", "5")
