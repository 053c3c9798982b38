"""When to stop looking: after so many seconds, or when nobody waits for the answer any more."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic


class OutOfTime(Exception):
    """Raised where somebody looks at a deadline that is over."""


class Deadline:
    """How long an answer may take. Whoever looks through an index calls `check` now and then: once an episode, or after
    as much work. What stops him is kept as the `reason`, None as long as nothing has: then the answer is whole.

    One may be cancelled from another thread.
    """

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = monotonic) -> None:
        """`seconds` None: until it is cancelled."""
        self.reason: str | None = None
        self._clock = clock
        self._seconds = seconds
        self._end = math.inf if seconds is None else clock() + seconds
        self._is_cancelled = False

    def cancel(self) -> None:
        """Whoever looks stops at the next check."""
        self._is_cancelled = True

    def check(self) -> None:
        """Raises OutOfTime when it is over."""
        if self._is_cancelled:
            self.reason = "cancelled"
        elif self._clock() >= self._end:
            self.reason = f"stopped after {self._seconds:g} seconds"
        else:
            return
        raise OutOfTime(self.reason)
