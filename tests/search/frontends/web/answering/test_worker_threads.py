"""Questions run in a bounded number of threads; what does not fit is refused, and who goes away ends their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from support.library import PATIENCE

from search.frontends.web.answering.costs import WHILE_TYPING, cost_of, limit_of
from search.frontends.web.answering.worker_threads import Overloaded, Workers
from search.query.deadline import DEFAULT_TIMEOUT, Deadline


class Client:
    """A client that waits for its answer until it `leave`s."""

    def __init__(self) -> None:
        self._left = asyncio.Event()
        self.request = Request({"type": "http", "headers": []}, self._receive)
        self._is_asked = False

    async def _receive(self) -> dict[str, Any]:
        if not self._is_asked:
            self._is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    def leave(self) -> None:
        self._left.set()


def run(talk: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(talk(), PATIENCE))


async def begun(question: threading.Event) -> None:
    """Returns once a thread has begun with the question, however long that takes."""
    while not question.is_set():
        await asyncio.sleep(0.005)


def until_over(deadline: Deadline, begins: threading.Event | None = None) -> str | None:
    """A question without end, but for its deadline."""
    if begins is not None:
        begins.set()
    while not deadline.is_over():
        threading.Event().wait(0.005)
    return deadline.reason


def test_an_answer_and_an_error_are_passed_on() -> None:
    async def talk() -> None:
        workers = Workers(2, 2)
        assert await workers.answer(Client().request, lambda deadline: 42) == 42
        with pytest.raises(ZeroDivisionError):
            await workers.answer(Client().request, lambda deadline: 1 // 0)
        workers.stop()

    run(talk)


def test_what_does_not_fit_is_refused_and_has_room_later() -> None:
    async def talk() -> None:
        workers, gate, ran = Workers(1, 1), threading.Event(), []

        def held(deadline: Deadline) -> int:
            gate.wait(PATIENCE)
            ran.append(1)
            return len(ran)

        waiting = [asyncio.ensure_future(workers.answer(Client().request, held)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await workers.answer(Client().request, held)
        gate.set()
        assert sorted([await one for one in waiting]) == [1, 2]
        while True:  # the thread tells the loop that it has room a moment after the answer
            try:
                assert await workers.answer(Client().request, held) == 3
                break
            except Overloaded:
                await asyncio.sleep(0.01)
        workers.stop()

    run(talk)


def test_a_client_that_goes_away_ends_its_search() -> None:
    async def talk() -> None:
        workers, client, ended, begins = Workers(1, 1), Client(), list[str | None](), threading.Event()
        question = asyncio.ensure_future(workers.answer(client.request, lambda d: ended.append(until_over(d, begins))))
        await begun(begins)
        client.leave()
        with pytest.raises(Overloaded):
            await question
        while not ended:
            await asyncio.sleep(0.005)
        assert ended == ["cancelled"]
        workers.stop()

    run(talk)


def test_a_client_that_goes_away_while_waiting_is_not_answered() -> None:
    async def talk() -> None:
        workers, gate, ran = Workers(1, 5), threading.Event(), list[str]()
        first = asyncio.ensure_future(workers.answer(Client().request, lambda d: gate.wait(PATIENCE)))
        client = Client()
        second = asyncio.ensure_future(workers.answer(client.request, lambda d: ran.append("second")))
        await asyncio.sleep(0.05)
        client.leave()
        with pytest.raises(Overloaded):
            await second
        gate.set()
        await first
        assert await workers.answer(Client().request, lambda d: list(ran)) == []
        workers.stop()

    run(talk)


def test_a_question_has_its_time_and_no_more() -> None:
    async def talk() -> None:
        workers = Workers(1, 1, seconds=0.05, patience=PATIENCE)
        assert await workers.answer(Client().request, until_over) == "stopped after 0.05 s"
        workers.stop()
        workers, gate = Workers(1, 1, patience=0.05), threading.Event()
        with pytest.raises(Overloaded) as refused:  # one that does not look at its deadline
            await workers.answer(Client().request, lambda d: gate.wait(PATIENCE))
        assert refused.value.is_late
        gate.set()
        workers.stop()

    run(talk)


def test_stopping_ends_all_and_refuses_more() -> None:
    async def talk() -> None:
        workers, begins = Workers(2, 2), threading.Event()
        question = asyncio.ensure_future(workers.answer(Client().request, lambda d: until_over(d, begins)))
        await begun(begins)
        workers.stop()
        assert await question == "cancelled"
        with pytest.raises(Overloaded):
            await workers.answer(Client().request, lambda d: 1)

    run(talk)


def test_a_quick_question_overtakes_but_not_for_ever() -> None:
    async def talk() -> None:
        workers, gate, order = Workers(1, 9), threading.Event(), list[str]()
        first = asyncio.ensure_future(workers.answer(Client().request, lambda d: gate.wait(PATIENCE)))
        waiting = [
            asyncio.ensure_future(workers.answer(Client().request, lambda d, name=name: order.append(name), cost))
            for name, cost in (("whole index", 1e9), ("two words", 2e6), ("page", 2e6), ("a word", 1e6))
        ]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, *waiting)
        assert order == ["a word", "two words", "page", "whole index"]
        workers.stop()

    run(talk)
    assert cost_of("/search", {"q": "水"}) < cost_of("/search", {"q": "水 开"})
    assert cost_of("/search", {"q": "水 开", "part": "results"}) < cost_of("/search", {"q": "水", "counts": "all"})
    assert cost_of("/", {}) < cost_of("/episode/tea/one", {})


def test_what_is_shown_while_typing_has_less_time() -> None:
    assert limit_of({"q": "水", "part": "results"}) == WHILE_TYPING < DEFAULT_TIMEOUT
    assert limit_of({"q": "水"}) is limit_of({"q": "水", "part": "results", "counts": "all"}) is None

    async def talk() -> None:
        workers = Workers(1, 1, seconds=PATIENCE)
        assert await workers.answer(Client().request, until_over, 0, 0.05) == "stopped after 0.05 s"
        workers.stop()

    run(talk)
