"""How long one run waits for the network: for all fetches together, and for a server that may be dead."""

from __future__ import annotations

import time

from indexer.core.errors import PodseekProblem

RUN_SECONDS = 600.0
"""All fetches of a run together."""
ANSWER_SECONDS = 15.0
"""For a connection, and for each answer of a server that is slow."""
_LOST_SECONDS, _LEAST_SECONDS = 30.0, 2.0
"""What a run loses on servers that do not answer: each may take half of what is left, and a little when all is gone."""
AGAIN = "run the same command again to go on"


class NotTried(PodseekProblem):
    """What was not asked for, in this run. The message is why."""


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
            raise NotTried(f"fetching took more than {self._run:g} s; {AGAIN}")
        return self._run - (now - self._begin)

    def answer(self) -> float:
        """The seconds within which a server must answer."""
        return min(ANSWER_SECONDS, max(_LEAST_SECONDS, (_LOST_SECONDS - self._lost) / 2))

    def lose(self, host: str, seconds: float) -> None:
        """A server did not answer, and is asked no more."""
        self._silent.add(host)
        self._lost += seconds
