"""A bounded cache of computed values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Memo(dict[str, T]):
    """Maps key -> `make(key)`, computed on first use.

    A dict subclass, so that a hit runs no Python code: `map(memo.__getitem__, keys)` stays in C. On reaching `most`
    keys it starts a new generation but still finds values of the previous one, so frequent values are not recomputed.
    Threads may share it: two at worst make the same answer twice.
    """

    def __init__(self, make: Callable[[str], T], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most
        self._before: dict[str, T] = {}

    def __missing__(self, key: str) -> T:
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
