"""Holds Ctrl-C back while something must not be cut in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """The handler of Ctrl-C: `wanted` becomes True when it was pressed."""

    def __init__(self) -> None:
        self.wanted = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True

    def is_set(self) -> bool:
        """As of a `threading.Event`."""
        return self.wanted


@contextmanager
def hold_interrupts(terminate: bool = False) -> Iterator[Interrupt]:
    """Within it the first Ctrl-C is only noted, the second interrupts as usual. Held again inside, it is the same one.

    With `terminate` a request to end the process (SIGTERM) counts as well. Signals reach the main thread only; in any
    other this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Interrupt()
        return
    held = signal.getsignal(signal.SIGINT)
    interrupt = held if isinstance(held, Interrupt) else Interrupt()
    numbers = (signal.SIGINT, signal.SIGTERM) if terminate else (signal.SIGINT,)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield interrupt
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
