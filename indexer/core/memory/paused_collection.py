"""Pauses the garbage collector while a long answer is built.

Of hundreds of thousands of tuples none is in a cycle, but named ones are looked at in every collection.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Runs its block without collections, unless the caller has them off already. Threads may use it at once: the first
    to leave it ends the pause."""
    if not gc.isenabled():
        yield
        return
    try:
        gc.disable()  # here: Ctrl-C may arrive at once
        yield
    finally:
        gc.enable()
