"""The time budget of one run for the network: for all fetches together, and for servers that do not answer."""

from __future__ import annotations

import time

from indexer.core.errors import PodseekProblem
from indexer.core.messages import N_, _

RUN_SECONDS = 600.0
"""Budget of all fetches of a run, in seconds."""
ANSWER_SECONDS = 15.0
"""Longest timeout of a connection and of each read, in seconds."""
_LOST_SECONDS, _LEAST_SECONDS = 30.0, 2.0
"""Budget for servers that do not answer, in seconds, and the shortest timeout: each server may take half of what is
left."""
AGAIN = N_("run the same command again to go on")


class NotTried(PodseekProblem):
    """A fetch was skipped in this run. The message is the reason."""


class TimeBudget:
    """The time left for fetches, and the servers that did not answer, which are not contacted again."""

    def __init__(self, run: float = RUN_SECONDS) -> None:
        self._run, self._lost = run, 0.0
        self._begin: float | None = None
        self._silent: set[str] = set()

    def left(self, host: str) -> float:
        """Returns the seconds a fetch from this host may take. Raises NotTried if the budget is spent or the host did
        not answer before. The first call starts the clock."""
        now = time.monotonic()
        self._begin = now if self._begin is None else self._begin
        if host in self._silent:
            raise NotTried(_("the server did not answer before"))
        if now - self._begin >= self._run:
            raise NotTried(_("fetching took more than {run:g} s; {again}").format(run=self._run, again=_(AGAIN)))
        return self._run - (now - self._begin)

    def answer(self) -> float:
        """Returns the timeout for the next answer, in seconds."""
        return min(ANSWER_SECONDS, max(_LEAST_SECONDS, (_LOST_SECONDS - self._lost) / 2))

    def give_up_on(self, host: str, seconds: float) -> None:
        """Records that a host did not answer for this many seconds; it is not contacted again."""
        self._silent.add(host)
        self._lost += seconds
