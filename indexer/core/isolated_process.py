"""Makes what takes much memory once in a process of its own, which gives the memory back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def made_apart(make: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """The result of `make`, which must be a function of a module.

    Workers forked later would otherwise inherit the tables of packages that are needed only once. Where
    processes are not forked they inherit nothing, and it is made right here.
    """
    if sys.platform != "linux":
        return make(*arguments, **named)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as executor:
        return executor.submit(make, *arguments, **named).result()
