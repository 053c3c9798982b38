"""The network as one run of podseek sees it: with patience that ends, and asked before the index is locked.

`Network` asks and remembers; `answers` gives the same answers again, without asking, to whoever then holds the lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from indexer.core.types import Complaint
from indexer.metadata.feeds.patience import AGAIN, NotTried, Patience

if TYPE_CHECKING:
    from indexer.metadata.feeds.fetch import Fetched, FetchProblem

MOST_BYTES = 256 << 20
"""All that is fetched in one run: it is in memory until the index is locked."""


class Asks(Protocol):
    """What fetches for one feed."""

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        """What is at an address. Raises FetchProblem and NotTried."""


class Network:
    """Asks for all feeds of a run."""

    keeps = True
    """Whether what is fetched is kept in the index folder."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()

    def asker(self, source: str) -> Asks:
        """What fetches for a feed."""
        from indexer.metadata.feeds.fetch import Fetcher  # late: without --feed nothing of the network is loaded

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
            raise NotTried(f"more than {MOST_BYTES >> 20} MB are fetched by now; {AGAIN}")


class _Remembering:
    def __init__(
        self, asker: Asks, gathering: Gathering, answers: dict[str, Fetched | FetchProblem | NotTried]
    ) -> None:
        self._asker, self._gathering, self._answers = asker, gathering, answers

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        from indexer.metadata.feeds.fetch import FetchProblem

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
            raise NotTried(f"what the index holds has changed meanwhile; {AGAIN}")
        if isinstance(answer, Exception):
            raise answer
        return answer
