"""Errors of the server: what the log says of them, and what it must not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.front_ends.web import served

from search.frontends.web import server
from search.library import Library

SECRET = "what-someone-looked-for"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The lines that `podseek serve -v` would print."""
    lines: list[str] = []
    for name in ("uvicorn", "podseek.serve"):
        for attribute in ("handlers", "level", "propagate"):
            monkeypatch.setattr(logging.getLogger(name), attribute, getattr(logging.getLogger(name), attribute))
    server._log_to(lines.append)
    yield lines


@pytest.mark.parametrize("address", ["/search", "/api/v1/search"])
def test_a_fault_is_logged_by_its_type_and_place_without_what_was_looked_for(
    tiny_index: Path, monkeypatch: pytest.MonkeyPatch, log: list[str], address: str
) -> None:
    def breaks(*given: object) -> None:
        raise KeyError(f"{SECRET}: {given}")

    monkeypatch.setattr(Library, "search", breaks)
    with served(tiny_index) as client:
        answer = client.get(f"{address}?q={SECRET}")
    assert answer.status_code == 500
    (line,) = log
    assert line.startswith("KeyError in breaks (web/test_errors.py:") and SECRET not in line and "\n" not in line


def test_a_fault_that_the_server_itself_logs_is_without_its_message(log: list[str]) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (line,) = log
    assert "ValueError in test_a_fault" in line and SECRET not in line
