"""Ends a worker process when its parent dies without notice, for example by SIGKILL."""

from __future__ import annotations

import os
import threading
from multiprocessing import connection, parent_process

_LOOK = 1.0
"""Seconds between checks of the parent process id."""


def end_with_parent() -> None:
    """Ends this process when its parent does. Without it an orphaned worker would block for ever on its work pipe,
    whose other end the workers themselves hold open."""
    threading.Thread(target=_wait, args=(os.getppid(),), name="end-with-parent", daemon=True).start()


def _wait(parent: int) -> None:
    # The sentinel exists for every start method. After a fork, later children also inherit its other end, so the parent
    # id is checked too, on systems that reparent orphans.
    process = parent_process()
    sentinels = [] if process is None else [process.sentinel]
    while not connection.wait(sentinels, _LOOK) and os.getppid() == parent:
        pass
    os._exit(1)
