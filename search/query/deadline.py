"""When to stop looking: after so many seconds, or when nobody waits for the answer any more."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TypeAlias, TypeVar

T = TypeVar("T")

DEFAULT_TIMEOUT = 10.0
"""Seconds that commands and assistants wait for a search; programs say themselves how long they wait."""


class OutOfTime(Exception):
    """Raised where a deadline is looked at that is over."""


class Deadline:
    """How long an answer may take. Whoever looks through an index looks at it once an episode, or after as much work,
    and stops when it is over. What stopped a search is kept as the `reason`; None as long as nothing did.

    It may be cancelled from another thread.
    """

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = monotonic) -> None:
        """`seconds` from now; None: until it is cancelled."""
        self.seconds = seconds
        self.reason: str | None = None
        self._clock = clock
        self._end = math.inf if seconds is None else clock() + seconds
        self._is_cancelled = False

    def cancel(self) -> None:
        """It is over at once."""
        self._is_cancelled = True

    def again(self) -> Deadline:
        """As many seconds from now on."""
        return self if self._is_cancelled else Deadline(self.seconds, self._clock)

    def is_over(self) -> bool:
        """Asked where there is more to look at: True is the end of the search, and its reason."""
        if self._is_cancelled:
            self.reason = "cancelled"
        elif self._clock() >= self._end:
            self.reason = f"stopped after {self.seconds:g} s"
        else:
            return False
        return True

    def check(self) -> None:
        """Raises OutOfTime when it is over."""
        if self.is_over():
            raise OutOfTime(self.reason)

    def within(self, items: Iterable[T]) -> Iterator[T]:
        """The items, until it is over."""
        for item in items:
            if self.is_over():
                return
            yield item


Timeout: TypeAlias = "float | Deadline | None"
"""Seconds, a deadline that may also be cancelled, or None for as long as it takes."""


def as_deadline(timeout: Timeout) -> Deadline:
    return timeout if isinstance(timeout, Deadline) else Deadline(timeout)
