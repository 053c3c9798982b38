"""Runs a memory-hungry function once in a child process, whose exit returns the memory."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def run_in_child(make: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Returns `make(*arguments, **named)`; `make` must be a module-level function.

    Otherwise workers forked later would inherit tables that are needed only once. Off Linux processes are not forked
    and inherit nothing, so `make` runs in this process.
    """
    if sys.platform != "linux":
        return make(*arguments, **named)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from indexer.core.processes.parent_process import end_with_parent

    with ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=end_with_parent) as executor:
        return executor.submit(make, *arguments, **named).result()
