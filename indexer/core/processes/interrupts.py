"""Defers Ctrl-C during work that must not be cut short, and maps other termination signals to it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""The signals for termination and for loss of the terminal."""
_SOON = 0.5
"""Seconds within which a signal sent to several processes has reached all of them."""


class Interrupt:
    """A handler for SIGINT that records the first signal in `wanted` and raises KeyboardInterrupt on the second."""

    def __init__(self) -> None:
        self.wanted = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True

    def is_set(self) -> bool:
        """Same interface as `threading.Event`."""
        return self.wanted

    def comes_soon(self) -> bool:
        """True if the signal is pending or arrives within half a second: a worker ended by the same signal may be
        noticed first."""
        deadline = time.monotonic() + _SOON
        while not self.wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.wanted


@contextmanager
def hold_interrupts(terminate: bool = False) -> Iterator[Interrupt]:
    """Defers the first Ctrl-C within the block; the second interrupts as usual. Nested blocks share one Interrupt.

    With `terminate`, SIGTERM and SIGHUP are deferred as well. A no-op outside the main thread, which alone receives
    signals.
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
    """Within the block SIGTERM and SIGHUP act like Ctrl-C. Ignored signals stay ignored, as under nohup. A no-op
    outside the main thread."""
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
    """Call in a worker process: ignores Ctrl-C and SIGHUP, which reach the whole process group and are handled by the
    parent. SIGTERM keeps its default action, because that is how a pool ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _ENDS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        raise KeyboardInterrupt
    handler(signal.SIGINT, frame)
