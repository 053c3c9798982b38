"""A memory for answers that are asked for again and again, of bounded size."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Memo(dict[str, T]):
    """key -> `make(key)`, worked out when a key is first asked for.

    A plain dictionary, so a known key costs no call of ours: `map(memo.__getitem__, keys)` runs in C. When it
    holds `most` keys it starts anew, but still finds those of before, so what is common is never made again.
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
        value = self._before[key] if key in self._before else self._make(key)
        self[key] = value
        return value

    def forget(self) -> None:
        """Empties the memory, when the answers have changed."""
        self._before = {}
        self.clear()
