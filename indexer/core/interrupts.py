"""Holds Ctrl-C back while something must not be cut in two, and lets other requests to end do what it does."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What a process is sent when it shall end, and when its terminal is gone."""
_SOON = 0.5
"""Seconds after which a signal to several processes has reached all of them."""


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

    def comes_soon(self) -> bool:
        """True when it is wanted now or within half a second: a worker that the same signal ended may be faster."""
        deadline = time.monotonic() + _SOON
        while not self.wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.wanted


@contextmanager
def hold_interrupts(terminate: bool = False) -> Iterator[Interrupt]:
    """Within it the first Ctrl-C is only noted, the second interrupts as usual. Held again inside, it is the same one.

    With `terminate` other requests to end the process count as well. Signals reach the main thread only; in any
    other this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Interrupt()
        return
    held = signal.getsignal(signal.SIGINT)
    interrupt = held if isinstance(held, Interrupt) else Interrupt()
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with ExitStack() as stack:
            if terminate:
                stack.enter_context(ends_interrupt())
            yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ends_interrupt() -> Iterator[None]:
    """Within it SIGTERM and SIGHUP do what Ctrl-C does at the time. A signal that is ignored, as under nohup, stays so.
    In any but the main thread this does nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [number for number in _ENDS if signal.getsignal(number) != signal.SIG_IGN]
    before = [signal.signal(number, _interrupt) for number in heard]
    try:
        yield
    finally:
        for number, handler in zip(heard, before, strict=True):
            signal.signal(number, handler)


def leave_to_parent() -> None:
    """In a worker process: Ctrl-C and the end of a terminal reach the whole process group, and the parent decides what
    happens then. SIGTERM ends it, for that is how a pool of workers is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _ENDS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        raise KeyboardInterrupt
    handler(signal.SIGINT, frame)
