"""The stored fields of the episodes of a remote index that earlier questions read, kept in memory for the next one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from threading import Lock

from indexer.store import schema
from search.backends.remote import Stored

_KEPT_BYTES = 128 << 20


class KeptEpisodes:
    """The stored fields of the episodes read last, for the next question; threads may share them. Each question decodes
    them anew: decoded, they take several times the memory."""

    def __init__(self, most: int = _KEPT_BYTES) -> None:
        """At most so many bytes of columns are kept."""
        self._most = most
        self._size = 0
        self._stored: OrderedDict[str, Stored] = OrderedDict()
        self._changing = Lock()

    def get(self, key: str) -> Stored | None:
        with self._changing:
            stored = self._stored.get(key)
            if stored is not None:
                self._stored.move_to_end(key)
            return stored

    def newest(self, most: int) -> dict[str, Stored]:
        """The episodes that were read last, by key, at most so many."""
        with self._changing:
            return dict(islice(reversed(self._stored.items()), most))

    def keep(self, episodes: Iterable[Stored]) -> None:
        """Keeps episodes, whole or partial, but no other columns: an episode whose sounds, decks or clock were fetched
        because it was kept may have been pushed out meanwhile."""
        with self._changing:
            for stored in episodes:
                if schema.STREAM not in stored.columns and schema.TITLES not in stored.columns:
                    continue
                before = self._stored.pop(stored.key, None)
                self._size += size_of(stored) - (size_of(before) if before else 0)
                self._stored[stored.key] = stored
            while self._size > self._most and self._stored:
                self._size -= size_of(self._stored.popitem(last=False)[1])

    def drop(self, key: str) -> None:
        """Forgets an episode, which has changed or is no longer there."""
        with self._changing:
            stored = self._stored.pop(key, None)
            self._size -= size_of(stored) if stored else 0


def size_of(stored: Stored) -> int:
    """The bytes of the columns of an episode."""
    return sum(map(len, stored.columns.values()))
