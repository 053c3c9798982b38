"""Network access of one indexing run, within a time budget. Fetches happen before the index is locked.

`RecordingNetwork` fetches and records every response; its `replayed()` returns them again, without network access,
once the index is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.metadata.feeds.time_budget import AGAIN, NotTried, TimeBudget

if TYPE_CHECKING:
    from indexer.metadata.feeds.http_client import Fetched, FetchProblem

MOST_BYTES = 256 << 20
"""Maximum total size of the responses of one run, which are in memory until the index is locked."""


class FeedFetcher(Protocol):
    """Fetches for one feed."""

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        """Fetches a URL, at most `largest` bytes, conditionally on `etag` and `modified`. Raises FetchProblem or
        NotTried."""


class Network:
    """Makes the fetchers of one run."""

    keeps = True
    """True if fetched files are written to the index folder."""

    def __init__(self, budget: TimeBudget | None = None) -> None:
        self.budget = budget or TimeBudget()

    def fetcher(self, source: str) -> FeedFetcher:
        """Returns the fetcher for a feed."""
        from indexer.metadata.feeds.http_client import (
            Fetcher,  # late: without --feed the network modules are not loaded
        )

        return Fetcher(outside="://" not in source, budget=self.budget)  # the origin of a file is unknown


class RecordingNetwork(Network):
    """Fetches and records every response, and writes nothing. The caller sets `interrupted` and `complaints`.
    `watch(address)` is called before each fetch."""

    keeps = False

    def __init__(self, budget: TimeBudget | None = None, watch: Callable[[str], None] | None = None) -> None:
        super().__init__(budget)
        self.watch = watch
        self.interrupted = False
        self.complaints: list[Complaint] = []
        self._answers: dict[str, dict[str, Fetched | FetchProblem | NotTried]] = {}
        self._bytes = 0

    def fetcher(self, source: str) -> FeedFetcher:
        return _RecordingFetcher(super().fetcher(source), self, self._answers.setdefault(source, {}))

    def replayed(self) -> Network:
        """Returns a network that replays the recorded responses."""
        return _ReplayingNetwork(self._answers)

    def count(self, fetched: Fetched) -> None:
        self._bytes += len(fetched.data or b"")

    def check(self) -> None:
        """Raises NotTried once MOST_BYTES have been fetched."""
        if self._bytes >= MOST_BYTES:
            raise NotTried(
                _("more than {most} MB are fetched by now; {again}").format(most=MOST_BYTES >> 20, again=_(AGAIN))
            )


class _RecordingFetcher:
    def __init__(
        self, fetcher: FeedFetcher, network: RecordingNetwork, answers: dict[str, Fetched | FetchProblem | NotTried]
    ) -> None:
        self._fetcher, self._network, self._answers = fetcher, network, answers

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        from indexer.metadata.feeds.http_client import FetchProblem

        try:
            self._network.check()
            if self._network.watch is not None:
                self._network.watch(url)
            fetched = self._fetcher.fetch(url, largest, etag, modified)
        except (FetchProblem, NotTried) as problem:
            self._answers[url] = problem
            raise
        self._network.count(fetched)
        self._answers[url] = fetched
        return fetched


class _ReplayingNetwork(Network):
    """Replays recorded responses. Raises NotTried for anything that was not fetched."""

    def __init__(self, answers: dict[str, dict[str, Fetched | FetchProblem | NotTried]]) -> None:
        super().__init__()
        self._answers = answers

    def fetcher(self, source: str) -> FeedFetcher:
        return _ReplayingFetcher(self._answers.get(source, {}))


class _ReplayingFetcher:
    def __init__(self, answers: dict[str, Fetched | FetchProblem | NotTried]) -> None:
        self._answers = answers

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        answer = self._answers.get(url)
        if answer is None:
            raise NotTried(_("what the index holds has changed meanwhile; {again}").format(again=_(AGAIN)))
        if isinstance(answer, Exception):
            raise answer
        return answer
