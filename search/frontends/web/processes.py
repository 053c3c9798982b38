"""Runs several server processes on one address, since a Python process uses one core at a time."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.processes.parent_process import end_with_parent


def run_several(servers: Sequence[Callable[[], None]]) -> None:
    """Runs each of `servers` in a process of its own until SIGINT or SIGTERM, which ends them all. They also end,
    within about a second, when this process is killed.

    Raises PodseekProblem if one of them ends by itself, once all others have ended.
    """
    stopped: list[int] = []
    children: set[int] = set()

    def stop(*_: object) -> None:
        stopped.append(1)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    for serve in servers:
        child = os.fork()
        if child == 0:
            _serve_and_end(serve)
        children.add(child)
    ended = _wait()
    children.discard(ended)
    is_wanted = bool(stopped)
    stop()
    while children:
        children.discard(_wait())
    if not is_wanted:
        raise PodseekProblem(
            _("podseek serve: one of its processes ended by itself, perhaps for lack of memory: start again")
        )


def _serve_and_end(serve: Callable[[], None]) -> None:
    """Runs `serve` in this child process, then exits, so that no cleanup of the parent's frames runs there."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
        signal.signal(number, handler)
    end_with_parent()
    try:
        serve()
    finally:
        os._exit(0)


def _wait() -> int:
    """Waits for a child to end; returns its process id."""
    return os.wait()[0]
