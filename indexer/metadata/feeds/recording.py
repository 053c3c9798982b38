"""Network access of one indexing run, within a time budget. Fetches happen before the index is locked.

`Gathering` fetches and records every response; its `answers()` replays them, without network access, once the index
is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.metadata.feeds.patience import AGAIN, NotTried, Patience

if TYPE_CHECKING:
    from indexer.metadata.feeds.http_client import Fetched, FetchProblem

MOST_BYTES = 256 << 20
"""Maximum total size of the responses of one run, which are in memory until the index is locked."""


class Asks(Protocol):
    """Fetches for one feed."""

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        """Fetches a URL, at most `largest` bytes, conditionally on `etag` and `modified`. Raises FetchProblem or
        NotTried."""


class Network:
    """Makes the fetchers of one run."""

    keeps = True
    """True if fetched files are written to the index folder."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()

    def asker(self, source: str) -> Asks:
        """Returns the fetcher for a feed."""
        from indexer.metadata.feeds.http_client import (
            Fetcher,  # late: without --feed the network modules are not loaded
        )

        return Fetcher(outside="://" not in source, patience=self.patience)  # the origin of a file is unknown


class Gathering(Network):
    """Fetches and records every response, and writes nothing. The caller sets `interrupted` and `complaints`.
    `watch(address)` is called before each fetch."""

    keeps = False

    def __init__(self, patience: Patience | None = None, watch: Callable[[str], None] | None = None) -> None:
        super().__init__(patience)
        self.watch = watch
        self.interrupted = False
        self.complaints: list[Complaint] = []
        self._answers: dict[str, dict[str, Fetched | FetchProblem | NotTried]] = {}
        self._bytes = 0

    def asker(self, source: str) -> Asks:
        return _Remembering(super().asker(source), self, self._answers.setdefault(source, {}))

    def answers(self) -> Network:
        """Returns a network that replays the recorded responses."""
        return _Answers(self._answers)

    def count(self, fetched: Fetched) -> None:
        self._bytes += len(fetched.data or b"")

    def check(self) -> None:
        """Raises NotTried once MOST_BYTES have been fetched."""
        if self._bytes >= MOST_BYTES:
            raise NotTried(
                _("more than {most} MB are fetched by now; {again}").format(most=MOST_BYTES >> 20, again=_(AGAIN))
            )


class _Remembering:
    def __init__(
        self, asker: Asks, gathering: Gathering, answers: dict[str, Fetched | FetchProblem | NotTried]
    ) -> None:
        self._asker, self._gathering, self._answers = asker, gathering, answers

    def fetch(self, url: str, largest: int, etag: str = "", modified: str = "") -> Fetched:
        from indexer.metadata.feeds.http_client import FetchProblem

        try:
            self._gathering.check()
            if self._gathering.watch is not None:
                self._gathering.watch(url)
            fetched = self._asker.fetch(url, largest, etag, modified)
        except (FetchProblem, NotTried) as problem:
            self._answers[url] = problem
            raise
        self._gathering.count(fetched)
        self._answers[url] = fetched
        return fetched


class _Answers(Network):
    """Replays recorded responses. Raises NotTried for anything that was not fetched."""

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
            raise NotTried(_("what the index holds has changed meanwhile; {again}").format(again=_(AGAIN)))
        if isinstance(answer, Exception):
            raise answer
        return answer
