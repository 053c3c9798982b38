"""Ends a worker process with the process that started it, which may be killed and then says nothing."""

from __future__ import annotations

import os
import threading
from multiprocessing import connection, parent_process

_LOOK = 1.0
"""Seconds between two looks at who the parent is."""


def end_with_parent() -> None:
    """From now on this process ends when its parent does. A worker waits for work at a pipe whose other end the workers
    themselves hold open as well, so it would wait for ever."""
    threading.Thread(target=_wait, args=(os.getppid(),), name="end-with-parent", daemon=True).start()


def _wait(parent: int) -> None:
    # The sentinel is there for every way of starting processes. That of a forked process is also held open by those
    # forked after it, by whomever: so the parent is looked at, too, where a system gives an orphan another one.
    process = parent_process()
    sentinels = [] if process is None else [process.sentinel]
    while not connection.wait(sentinels, _LOOK) and os.getppid() == parent:
        pass
    os._exit(1)
