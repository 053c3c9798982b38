"""Remote indexes without a network that something happens to while a search asks them: its time is over, episodes
change or are deleted. And one in which an earlier podseek wrote some episodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from indexer.store.cluster.documents.decks import NAMES
from indexer.store.cluster.documents.layout import CLOCK, FORMAT
from indexer.store.cluster.documents.text_parts import NAMES as TEXT_PARTS
from search.query.deadline import Deadline
from support.remote.remote_index import ASKED, StandIn

SECONDS = 10.0
ENDS = {"cancelled": 0.0, "reading is over": 8.6, "all is over": 10.0}
"""How late it is after the last answer that comes in time; the first is told to stop."""


class TimedRequests:
    """A remote index of which each request has what time there is within the innermost limit."""

    def __init__(self, remote: StandIn) -> None:
        self._remote = remote
        self._limits: list[Callable[[], float]] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._remote, name)
        return partial(self._asked, found) if name in ASKED else found

    @contextmanager
    def within(self, left: Callable[[], float]) -> Iterator[None]:
        self._limits.append(left)
        try:
            yield
        finally:
            self._limits.pop()

    def _left(self) -> float:
        """Seconds that a request has. Raises OutOfTime."""
        return self._limits[-1]() if self._limits else math.inf

    def _asked(self, answer: Callable[..., Any], *given: object, **named: object) -> object:
        raise NotImplementedError


class Late(TimedRequests):
    """One that answers so many questions in time."""

    def __init__(self, remote: StandIn, left: int, end: str) -> None:
        super().__init__(remote)
        self._end = end
        self._now = 0.0
        self.left = left
        self.deadline = Deadline(SECONDS, lambda: self._now)

    @property
    def has_titles(self) -> bool:
        """Asks, too, like that of OpenSearch before it knows."""
        return bool(self._asked(lambda: self._remote.has_titles))

    def _asked(self, answer: Callable[..., Any], *given: object, **named: object) -> object:
        self.left -= 1
        if self.left < 0:
            self._now = ENDS[self._end]
            if self._end == "cancelled":
                self.deadline.cancel()
        self._left()
        return answer(*given, **named)


class Changing(StandIn):
    """The states of an index before and after a change: the second from a request on."""

    def __init__(self, before: Path, after: Path, at: int, format: int = FORMAT) -> None:
        super().__init__(before, format)
        self._after = StandIn(after, format)
        self._left = at

    def __getattribute__(self, name: str) -> Any:
        if name not in ASKED:
            return super().__getattribute__(name)
        self._left -= 1
        return getattr(self._after, name) if self._left < 0 else super().__getattribute__(name)


class Mixed(StandIn):
    """Some of its episodes were written by an earlier podseek: without decks, clock and text parts."""

    def _column(self, name: str, number: int) -> bytes:
        is_later = name == CLOCK or name in NAMES or name in TEXT_PARTS
        return b"" if number % 3 == 1 and is_later else super()._column(name, number)
