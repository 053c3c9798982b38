"""Holds Ctrl-C back while something must not be cut in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """`wanted` becomes True when Ctrl-C was pressed."""

    def __init__(self) -> None:
        self.wanted = False


@contextmanager
def hold_interrupts() -> Iterator[Interrupt]:
    """Within it the first Ctrl-C is only noted, the second interrupts as usual.

    Signals reach the main thread only; in any other this does nothing.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def note(number: int, frame: FrameType | None) -> None:
        if interrupt.wanted:
            raise KeyboardInterrupt
        interrupt.wanted = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
