"""Answers questions in a bounded number of threads, with a time limit each; a client that goes away ends its own.

Those that probably take less time overtake others, within limits. Excess requests are refused at once (503 with
Retry-After), since a fast refusal is better than a long queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from threading import Lock
from typing import Any, Generic, TypeVar

from starlette.requests import Request

from search.query.deadline import DEFAULT_TIMEOUT, Deadline

T = TypeVar("T")

SEARCHING, COUNTING, FILES = "searching", "counting", "files"
"""The kinds of questions, which do not wait for each other: searches and pages, explorations that may count a whole
index, and where the audio is."""
OVERTAKING = 10.0
"""A question that takes a second can be overtaken by quick ones that come within so many seconds after it."""
RETRY_AFTER = 2
"""Seconds that a refused client is asked to wait."""


class Overloaded(Exception):
    """The request was refused: the queue is full or, if it `is_late`, it took too long."""

    def __init__(self, is_late: bool = False) -> None:
        super().__init__()
        self.is_late = is_late


class _Question(Generic[T]):
    """A question that may be cancelled before or while it runs."""

    def __init__(self, ask: Callable[[Deadline], T], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self.answer = Future[T]()
        self._deadline: Deadline | None = None
        self._is_cancelled = False

    def run(self) -> None:
        """Answers in the current thread; one that was cancelled before is dropped."""
        if self._is_cancelled or not self.answer.set_running_or_notify_cancel():
            self.answer.cancel()
            return
        self._deadline = deadline = Deadline(self._seconds)
        if self._is_cancelled:  # meanwhile
            deadline.cancel()
        try:
            answer = self._ask(deadline)
        except BaseException as error:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(answer)

    def cancel(self) -> None:
        self._is_cancelled = True
        if self._deadline is not None:
            self._deadline.cancel()


class Workers:
    """Threads for questions. `at_once` run, `waiting` more wait; each has `seconds` from when it starts. An answer is
    awaited for `patience` seconds from when it was asked for."""

    def __init__(
        self, at_once: int, waiting: int, seconds: float = DEFAULT_TIMEOUT, patience: float = 3 * DEFAULT_TIMEOUT
    ) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="podseek-question")
        self._most = at_once + waiting
        self._seconds = seconds
        self._patience = patience
        self._open: set[_Question[Any]] = set()
        self._queue: list[tuple[float, int, _Question[Any]]] = []
        self._numbers = count()
        self._lock = Lock()

    async def answer(
        self, request: Request, ask: Callable[[Deadline], T], cost: float = 0.0, seconds: float | None = None
    ) -> T:
        """Runs `ask` in a thread, and returns what it returns or raises. Raises Overloaded. `cost` is how many seconds
        it will probably take, `seconds` a shorter limit than usual.

        A question that does not look at its deadline may run on after this has raised; it keeps its place until it
        ends.
        """
        if self._is_full:
            raise Overloaded
        question = _Question(ask, min(self._seconds, self._seconds if seconds is None else seconds))
        self._open.add(question)
        loop = asyncio.get_running_loop()
        question.answer.add_done_callback(lambda _: _soon(loop, lambda: self._open.discard(question)))
        with self._lock:
            heappush(self._queue, (loop.time() + OVERTAKING * cost, next(self._numbers), question))
        self._threads.submit(self._run_next)
        return await self._awaited(request, question)

    @property
    def _is_full(self) -> bool:
        return len(self._open) >= self._most

    def _run_next(self) -> None:
        with self._lock:
            question = heappop(self._queue)[2]
        question.run()

    async def _awaited(self, request: Request, question: _Question[T]) -> T:
        answer = asyncio.wrap_future(question.answer)
        gone = asyncio.ensure_future(_gone(request))
        try:
            both: set[asyncio.Future[Any]] = {answer, gone}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED, timeout=self._patience)
            if answer.done():
                return answer.result()
            raise Overloaded(is_late=not gone.done())
        finally:
            question.cancel()
            answer.cancel()  # has no effect on one that runs or is done
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone

    def stop(self) -> None:
        """Ends all questions; later ones are refused."""
        self._most = 0
        for question in tuple(self._open):
            question.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)


def make_pools(
    at_once: int, waiting: int, seconds: float = DEFAULT_TIMEOUT, patience: float = 3 * DEFAULT_TIMEOUT
) -> dict[str, Workers]:
    """The threads for each kind of question."""
    return {
        SEARCHING: Workers(at_once, waiting, seconds, patience),
        COUNTING: Workers(1, 8, seconds, patience),
        FILES: Workers(2, waiting, seconds, patience),
    }


def _soon(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(act)


async def _gone(request: Request) -> None:
    """Returns once the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
