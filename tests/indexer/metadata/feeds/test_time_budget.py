"""Dead and slow servers cost a run little, and nobody waits for the lock of the index meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from support.transcripts.feeds import Site, answer, rss, srt

import indexer
from indexer.core.types import Complaint
from indexer.metadata.feeds import time_budget
from indexer.metadata.feeds.http_client import Fetcher, FetchProblem
from indexer.metadata.feeds.time_budget import NotTried, TimeBudget
from indexer.store.library.feeds import read_store
from indexer.store.writer import IndexWriter

pytestmark = pytest.mark.usefixtures("loaded_tools")


def item(number: int, url: str) -> str:
    return f"<title>第{number}期</title><guid>{number}</guid><podcast:transcript url='{url}' type='application/srt'/>"


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses of servers that take connections and never say anything."""
    monkeypatch.setattr(time_budget, "ANSWER_SECONDS", 0.2)
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(6)]
        yield [f"http://127.0.0.1:{server.getsockname()[1]}" for server in servers]


def test_a_server_that_did_not_answer_is_asked_no_more_in_a_run(tmp_path: Path, site: Site, silent: list[str]) -> None:
    dead = silent[0]
    items = [item(number, f"{dead}/{number}.srt") for number in range(20)] + [item(99, site.url("/99.srt"))]
    site.pages |= {"/feed": rss(*items), "/99.srt": srt("山高水长")}
    report = indexer.index_paths([], tmp_path / "index", feeds=[site.url("/feed")], jobs=1)
    assert (report.added, report.feeds[0].fetched) == (1, 1)
    told = [str(complaint).removeprefix("http://") for complaint in report.complaints]
    assert told == [
        f"{dead.removeprefix('http://')}/0.srt: cannot be fetched (no answer within 0.2 seconds): left out",
        f"{dead.removeprefix('http://')}: the server did not answer before: 19 more are not tried in this run",
    ]


def test_each_dead_server_costs_less_than_the_one_before() -> None:
    budget, waited = TimeBudget(), []
    for number in range(6):
        budget.left(str(number))
        waited.append(budget.answer())
        budget.give_up_on(str(number), waited[-1])
    assert waited == [15.0, 7.5, 3.75, 2.0, 2.0, 2.0]


def test_all_fetches_of_a_run_have_a_limit(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages |= {"/feed": rss(item(1, site.url("/1.srt")), item(2, site.url("/2.srt"))), "/1.srt": srt("山高水长")}
    monkeypatch.setattr(TimeBudget, "left", _once_more(2))
    report = indexer.index_paths([], tmp_path / "index", feeds=[site.url("/feed")], jobs=1)
    assert report.added == 1
    assert [complaint.what for complaint in report.complaints] == ["too long"]
    assert site.asked == ["/feed", "/1.srt"]


def _once_more(times: int) -> object:
    left = [0.0] * times

    def one(_: TimeBudget, __: str) -> float:
        if not left:
            raise NotTried("too long")
        left.pop()
        return 60.0

    return one


def test_a_run_that_took_long_enough_asks_nobody() -> None:
    budget = TimeBudget(run=0.0)
    with pytest.raises(NotTried, match="run the same command again to go on"):
        budget.left("a")


def test_a_closed_port_counts_as_silence_and_a_missing_page_does_not(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}/"
    fetcher = Fetcher()
    with pytest.raises(FetchProblem):
        fetcher.fetch(closed, 1000)
    with pytest.raises(NotTried, match="did not answer before"):
        fetcher.fetch(closed, 1000)
    for _ in range(2):
        with pytest.raises(FetchProblem, match="404"):
            fetcher.fetch(site.url("/none"), 1000)


def test_the_index_is_free_while_servers_are_asked(tmp_path: Path, site: Site) -> None:
    index, free = tmp_path / "index", []

    def page(request: BaseHTTPRequestHandler) -> None:
        with closing(IndexWriter(index)):  # or it raises that another podseek writes
            free.append(request.path)
        answer(request, srt("山高水长") if request.path.endswith("srt") else rss(item(1, site.url("/1.srt"))))

    site.pages |= {"/feed": page, "/1.srt": page}
    report = indexer.index_paths([], index, feeds=[site.url("/feed")], jobs=1)
    assert free == ["/feed", "/1.srt"]
    assert (report.added, report.complaints) == (1, [])


def test_what_had_come_before_an_interrupt_is_kept(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [item(number, site.url(f"/{number}.srt")) for number in (1, 2)]
    site.pages |= {"/feed": rss(*items), "/1.srt": srt("山高水长"), "/2.srt": srt("海底的光")}
    fetch = Fetcher.fetch

    def interrupted(self: Fetcher, url: str, *arguments: object) -> object:
        if url.endswith("/2.srt"):
            raise KeyboardInterrupt
        return fetch(self, url, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Fetcher, "fetch", interrupted)
        indexer.index_paths([], tmp_path / "index", feeds=[site.url("/feed")], jobs=1)
    (kept,) = read_store(tmp_path / "index").values()
    assert list(kept.files) == [site.url("/1.srt")]
    report = indexer.index_paths([], tmp_path / "index", feeds=[site.url("/feed")], jobs=1)
    assert (report.added, report.complaints) == (2, list[Complaint]())
    assert site.asked.count("/1.srt") == 1
