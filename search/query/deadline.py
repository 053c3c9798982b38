"""Time limits and cancellation of a search."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from time import monotonic
from typing import TypeAlias, TypeVar

from indexer.core.messages import _

T = TypeVar("T")

DEFAULT_TIMEOUT = 10.0
"""Seconds that commands and assistants allow for a search; callers of the API choose their own limit."""


class OutOfTime(Exception):
    """Raised by `Deadline.check` once the deadline has passed."""


class Deadline:
    """The time limit of one answer. Code that scans the index checks it about once per episode and stops once it has
    passed.

    `reason` says what stopped the search; None if nothing did. `progress` is how many episodes had been read by then,
    and of how many, where that is known; `all_read` how many there are, if all were read in time, but what they contain
    may not have been counted. Any thread may call `cancel`.
    """

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = monotonic) -> None:
        """`seconds` from now, or None for no limit; `cancel` works either way."""
        self.seconds = seconds
        self.reason: str | None = None
        self.progress: tuple[int, int] | None = None
        self.all_read: int | None = None
        self._clock = clock
        self._end = math.inf if seconds is None else clock() + seconds
        self._is_cancelled = False

    def cancel(self) -> None:
        """Ends the deadline at once; any thread may call it."""
        self._is_cancelled = True

    def _was_cancelled(self) -> bool:
        return self._is_cancelled

    def again(self) -> Deadline:
        """Returns a deadline of the same length that starts now; a cancelled one stays cancelled."""
        return self if self._is_cancelled else Deadline(self.seconds, self._clock)

    def share(self, part: float) -> Deadline:
        """Returns a deadline after this part (0 to 1) of the time left, for a stage whose result must still be worked
        up. `cancel` ends it as well, and once it has passed, this deadline has a `reason`, too."""
        return _Share(self, part)

    def is_over(self) -> bool:
        """Returns whether to stop, and then sets `reason`. Call it only where work remains."""
        if self._is_cancelled:
            self.reason = "cancelled"
        elif self._clock() >= self._end:
            self.reason = _("stopped after {seconds:g} s").format(seconds=self.seconds)
        else:
            return False
        return True

    def note_progress(self, done: int, of: int) -> None:
        """Sets `progress` if the deadline has passed and something is left, `all_read` if nothing is left. Of several
        stages that were stopped, the one that got least far counts."""
        if done >= of:
            self.all_read = of
        elif self.reason is not None:
            least, most = self.progress or (done, of)
            self.progress = min(done, least), max(of, most)

    def left(self) -> float:
        """The seconds until it has passed, infinite without a limit. Raises OutOfTime once it has."""
        self.check()
        return self._end - self._clock()

    def check(self) -> None:
        """Raises OutOfTime once the deadline has passed."""
        if self.is_over():
            raise OutOfTime(self.reason)

    def within(self, items: Iterable[T]) -> Iterator[T]:
        """Yields the items until the deadline passes."""
        for item in items:
            if self.is_over():
                return
            yield item

    def surely(self, items: Iterable[T], least: int) -> Iterator[T]:
        """Yields the items until the deadline passes, but at least the first `least` of them."""
        rest = iter(items)
        yield from islice(rest, least)
        yield from self.within(rest)

    def waiting(self, items: Iterable[T]) -> Iterator[T]:
        """Yields the items; the time until the next one is requested does not count. For a stream that is read as it is
        made, possibly by a person."""
        for item in items:
            before = self._clock()
            yield item
            self._end += self._clock() - before


class _Share(Deadline):
    """The deadline of a stage."""

    def __init__(self, whole: Deadline, part: float) -> None:
        super().__init__(whole.seconds, whole._clock)
        now = self._clock()
        self._end = now + part * (whole._end - now)
        self._whole = whole

    def is_over(self) -> bool:
        self._is_cancelled = self._was_cancelled()
        if not super().is_over():
            return False
        if not self._is_cancelled:
            self.reason = _("stopped to keep within {seconds:g} s").format(seconds=self.seconds)
        self._whole.reason = self.reason
        return True

    def _was_cancelled(self) -> bool:
        return self._whole._was_cancelled()

    def note_progress(self, done: int, of: int) -> None:
        self._whole.note_progress(done, of)


class TwoStages:
    """The time left for the requests of an answer, in two stages: reading ends after a share of the time limit, and the
    requests that are needed to present what was read may use the rest."""

    def __init__(self, deadline: Deadline, part: float) -> None:
        """Reading may take this part (0 to 1) of the time left now."""
        self._stages = [deadline.share(part), deadline]

    def left(self) -> float:
        """The seconds until the current stage ends, infinite without a limit. Raises OutOfTime once it has ended; after
        the first stage, the next call returns the time left for the second."""
        try:
            return self._stages[0].left()
        except OutOfTime:
            if len(self._stages) > 1:
                del self._stages[0]
            raise


def made_in_time(items: Iterable[T]) -> list[T]:
    """The items that an iterator yields before it raises OutOfTime."""
    made: list[T] = []
    with suppress(OutOfTime):
        for item in items:
            made.append(item)
    return made


Timeout: TypeAlias = "float | Deadline | None"
"""Seconds, a Deadline that can also be cancelled, or None for no limit."""


def as_deadline(timeout: Timeout) -> Deadline:
    return timeout if isinstance(timeout, Deadline) else Deadline(timeout)
