"""The network as one run of podseek sees it: with patience that ends, and asked before the index is locked.

`Network` asks and remembers; `answers` gives the same answers again, without asking, to whoever then holds the lock.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from indexer.errors import PodseekProblem
from indexer.values import Complaint

if TYPE_CHECKING:
    from indexer.feeds.fetch import Fetched, FetchProblem

RUN_SECONDS = 600.0
"""All fetches of a run together."""
ANSWER_SECONDS = 15.0
"""For a connection, and for each answer of a server that is slow."""
_LOST_SECONDS, _LEAST_SECONDS = 30.0, 2.0
"""What a run loses on servers that do not answer: each may take half of what is left, and a little when all is gone."""
MOST_BYTES = 256 << 20
"""All that is fetched in one run: it is in memory until the index is locked."""
_AGAIN = "run the same command again to go on"


class NotTried(PodseekProblem):
    """What was not asked for, in this run. The message is why."""


class Asks(Protocol):
    """What fetches for one feed."""

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        """What is at an address. Raises FetchProblem and NotTried."""


class Patience:
    """How long a run waits: for all fetches, and for a server that may be dead. One that did not answer once is asked
    no more."""

    def __init__(self, run: float = RUN_SECONDS) -> None:
        self._run, self._lost = run, 0.0
        self._begin: float | None = None
        self._silent: set[str] = set()

    def left(self, host: str) -> float:
        """The seconds a fetch from a server may take. Raises NotTried where there are none."""
        now = time.monotonic()
        self._begin = now if self._begin is None else self._begin
        if host in self._silent:
            raise NotTried("the server did not answer before")
        if now - self._begin >= self._run:
            raise NotTried(f"fetching took more than {self._run:g} s; {_AGAIN}")
        return self._run - (now - self._begin)

    def answer(self) -> float:
        """The seconds within which a server must answer."""
        return min(ANSWER_SECONDS, max(_LEAST_SECONDS, (_LOST_SECONDS - self._lost) / 2))

    def lose(self, host: str, seconds: float) -> None:
        """A server did not answer, and is asked no more."""
        self._silent.add(host)
        self._lost += seconds


class Network:
    """Asks for all feeds of a run."""

    keeps = True
    """Whether what is fetched is kept in the index folder."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()

    def asker(self, source: str) -> Asks:
        """What fetches for a feed."""
        from indexer.feeds.fetch import Fetcher  # late: without --feed nothing of the network is loaded

        return Fetcher(outside="://" not in source, patience=self.patience)  # a file may be from anywhere


class Gathering(Network):
    """Asks, keeps nothing, and remembers every answer. `interrupted` and `complaints` are for whoever has it ask."""

    keeps = False

    def __init__(self, patience: Patience | None = None) -> None:
        super().__init__(patience)
        self.interrupted = False
        self.complaints: list[Complaint] = []
        self._answers: dict[str, dict[str, Fetched | FetchProblem | NotTried]] = {}
        self._bytes = 0

    def asker(self, source: str) -> Asks:
        return _Remembering(super().asker(source), self, self._answers.setdefault(source, {}))

    def answers(self) -> Network:
        """The same answers for those who ask again."""
        return _Answers(self._answers)

    def count(self, fetched: Fetched) -> None:
        self._bytes += len(fetched.data or b"")

    def check(self) -> None:
        """Raises NotTried where memory holds enough."""
        if self._bytes >= MOST_BYTES:
            raise NotTried(f"more than {MOST_BYTES >> 20} MB are fetched by now; {_AGAIN}")


class _Remembering:
    def __init__(
        self, asker: Asks, gathering: Gathering, answers: dict[str, Fetched | FetchProblem | NotTried]
    ) -> None:
        self._asker, self._gathering, self._answers = asker, gathering, answers

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        from indexer.feeds.fetch import FetchProblem

        try:
            self._gathering.check()
            fetched = self._asker.fetch(url, largest, etag, modified)
        except (FetchProblem, NotTried) as problem:
            self._answers[url] = problem
            raise
        self._gathering.count(fetched)
        self._answers[url] = fetched
        return fetched


class _Answers(Network):
    """Asks nobody."""

    def __init__(self, answers: dict[str, dict[str, Fetched | FetchProblem | NotTried]]) -> None:
        super().__init__()
        self._answers = answers

    def asker(self, source: str) -> Asks:
        return _Remembered(self._answers.get(source, {}))


class _Remembered:
    def __init__(self, answers: dict[str, Fetched | FetchProblem | NotTried]) -> None:
        self._answers = answers

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        answer = self._answers.get(url)
        if answer is None:
            raise NotTried(f"what the index holds has changed meanwhile; {_AGAIN}")
        if isinstance(answer, Exception):
            raise answer
        return answer
