"""Remembers answers by question: up to a size, until the index changes, and no longer than some seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import ref

if TYPE_CHECKING:
    from search.library import Library

V = TypeVar("V")


class AnswerCache(Generic[V]):
    """The last used answers of one generation of an index. Threads may share it."""

    def __init__(self, room: int, seconds: float = math.inf, clock: Callable[[], float] = monotonic) -> None:
        """All answers together have at most the size `room`; each is kept for at most so many seconds."""
        self._room = room
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[Hashable, tuple[V, int, float]] = {}
        self._size = 0
        self._lock = Lock()

    def get(self, question: Hashable) -> V | None:
        """The answer to a question; None if it is not known any more."""
        with self._lock:
            known = self._kept.pop(question, None)
            if known is None:
                return None
            if self._clock() >= known[2]:
                self._size -= known[1]
                return None
            self._kept[question] = known  # the last used is the last to go
            return known[0]

    def keep(self, question: Hashable, answer: V, size: int) -> None:
        """Remembers an answer; forgets those that were not used for longest. One of more than a quarter of the room is
        not remembered."""
        if size > self._room // 4:
            return
        with self._lock:
            old = self._kept.pop(question, None)
            self._size += size - (old[1] if old else 0)
            self._kept[question] = answer, size, self._clock() + self._seconds
            while self._size > self._room:
                self._size -= self._kept.pop(next(iter(self._kept)))[1]


class OfGeneration(Generic[V]):
    """A value that is made anew for each generation of an index (`Library.generation`), such as an `AnswerCache`."""

    def __init__(self, library: Library, make: Callable[[], V]) -> None:
        self._library = library
        self._make = make
        self._known: tuple[ref[object], V] | None = None

    def current(self) -> V:
        """The value of the current generation. Take it before the question is answered, and put the answer into it: if
        the index changes meanwhile, nobody finds it there."""
        generation = self._library.generation
        known = self._known
        if known is None or known[0]() is not generation:
            known = self._known = ref(generation), self._make()
        return known[1]

    def latest(self) -> V | None:
        """`current`, but None instead of opening a later commit, which takes too long for an event loop."""
        known = self._known
        return known[1] if known is not None and self._library.is_latest(known[0]()) else None
