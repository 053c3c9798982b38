"""Caches: the last results of a function of one argument, and mappings of a bounded size.

A cache is a private attribute behind a named method, so that the method has a type, a docstring and a definition to go
to. Functions of a module are decorated with `functools.lru_cache` directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_KEPT = 4
"""Values that `with_last` keeps: as many as threads ask at a time."""


def cached(find: Callable[[K], V], most: int | None) -> Callable[[K], V]:
    """Returns `find` with a memory of its last `most` results; None for all of them.

    Threads may share it if the results are immutable: at worst two of them compute the same one. `find` must not be a
    method of the object that keeps the cache: that would be a reference cycle, which outlives the last reference to
    the object until the garbage collector runs.
    """
    return lru_cache(most)(find)


class MadeOnce(dict[K, V]):
    """Key -> `make(key)`, computed at its first lookup; a hit runs no Python code."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        value = self[key] = self._make(key)
        return value


class Memo(dict[str, V]):
    """Maps key -> `make(key)`, computed on first use.

    A dict subclass, so that a hit runs no Python code: `map(memo.__getitem__, keys)` stays in C. On reaching `most`
    keys it starts a new generation but still finds values of the previous one, so frequent values are not recomputed.
    Threads may share it: two at worst make the same answer twice.
    """

    def __init__(self, make: Callable[[str], V], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most
        self._before: dict[str, V] = {}

    def __missing__(self, key: str) -> V:
        if len(self) >= self._most:
            self._before = dict(self)
            self.clear()
        before = self._before  # another thread may put others in their place
        value = before[key] if key in before else self._make(key)
        self[key] = value
        return value

    def forget(self) -> None:
        """Empties the cache; call when the values have changed."""
        self._before = {}
        self.clear()


class BoundedDict(dict[K, V]):
    """A cache of at most `most` entries. When it is full, `add` drops all earlier entries at once, not the oldest: a
    query asks for everything that it needs at its beginning, which fills the cache again."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def add(self, found: Mapping[K, V]) -> None:
        """Adds entries, dropping all others if there are too many; all of `found` are kept, even if they are more than
        `most`."""
        if len(self) + len(found) > self._most:
            self.clear()
        self.update(found)


def with_last(kept: dict[K, V], key: K, value: V) -> dict[K, V]:
    """A copy with one more value, without the oldest if there are too many. Threads that read `kept` meanwhile see it
    unchanged."""
    last = [(name, one) for name, one in kept.items() if name != key][1 - _KEPT :]
    return {**dict(last), key: value}
