"""Remote indexes without a network that something happens to while a search asks them: its time is over, episodes
change or are deleted. And one in which an earlier podseek wrote some episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexer.store.cluster.layout import CLOCK, FORMAT
from indexer.store.decks import NAMES
from search.query.deadline import Deadline
from support.remote_index import ASKED, StandIn

SECONDS = 10.0
ENDS = {"cancelled": 0.0, "reading is over": 8.6, "all is over": 10.0}
"""How late it is after the last answer that comes in time; the first is told to stop."""


class Late:
    """A remote index that answers so many questions in time."""

    def __init__(self, remote: StandIn, left: int, end: str) -> None:
        self._remote = remote
        self._end = end
        self._limits: list[Callable[[], float]] = []
        self._now = 0.0
        self.left = left
        self.deadline = Deadline(SECONDS, lambda: self._now)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._remote, name)
        return self._in_time(found) if name in ASKED else found

    @property
    def has_titles(self) -> bool:
        """Asks, too, like that of OpenSearch before it knows."""
        return bool(self._in_time(lambda: self._remote.has_titles)())

    @contextmanager
    def within(self, left: Callable[[], float]) -> Iterator[None]:
        self._limits.append(left)
        try:
            yield
        finally:
            self._limits.pop()

    def _in_time(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*given: object, **named: object) -> object:
            self.left -= 1
            if self.left < 0:
                self._now = ENDS[self._end]
                if self._end == "cancelled":
                    self.deadline.cancel()
            if self._limits:
                self._limits[-1]()
            return answer(*given, **named)

        return ask


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
    """Some of its episodes were written by an earlier podseek: without decks and clock."""

    def _column(self, name: str, number: int) -> bytes:
        return b"" if number % 3 == 1 and (name == CLOCK or name in NAMES) else super()._column(name, number)
