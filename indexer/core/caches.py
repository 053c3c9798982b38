"""Caches: the last results of a function of one argument.

A cache is a private attribute behind a named method, so that the method has a type, a docstring and a definition to go
to. Functions of a module are decorated with `functools.lru_cache` directly.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing import Protocol

    K_contra = TypeVar("K_contra", contravariant=True)
    V_co = TypeVar("V_co", covariant=True)

    class Cache(Protocol[K_contra, V_co]):
        """A function that remembers its last results."""

        def __call__(self, key: K_contra, /) -> V_co: ...

        def cache_clear(self) -> None:
            """Forgets all results."""


K = TypeVar("K")
V = TypeVar("V")


def cached(find: Callable[[K], V], most: int | None) -> Cache[K, V]:
    """Returns `find` with a memory of its last `most` results; None for all of them.

    Threads may share it if the results are immutable: at worst two of them compute the same one. `find` must not be a
    method of the object that keeps the cache: that would be a reference cycle, which outlives the last reference to
    the object until the garbage collector runs.
    """
    return lru_cache(most)(find)
