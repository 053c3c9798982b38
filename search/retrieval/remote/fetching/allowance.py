"""What a question may take of a remote index. The last request that it should need brings in advance, as far as that
fits, what else another request might be needed for."""

from __future__ import annotations

from search.backends.remote import RemoteIndex

MOST_REQUESTS, MOST_BYTES = 5, 6_000_000
"""Of a question, if it can be; it takes more where its answer depends on more."""
_COMPRESSED = 0.8
"""The part of stored bytes that is transferred, at most: in a million real cues .68 of whole episodes, .79 of partial
ones with 28 decks."""


class Allowance:
    """That of one question, which begins now in this thread."""

    def __init__(self, remote: RemoteIndex) -> None:
        self._remote = remote
        self._began = remote.cost()

    @property
    def is_last(self) -> bool:
        """Whether the next request should be the last one."""
        return self._remote.cost().requests - self._began.requests >= MOST_REQUESTS - 1

    def has_room(self, stored: float) -> bool:
        """Whether so many stored bytes fit into the rest."""
        left = MOST_BYTES - (self._remote.cost().bytes - self._began.bytes)
        return stored * _COMPRESSED <= left
