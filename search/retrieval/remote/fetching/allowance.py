"""How much a question may fetch from a remote index. The request that is expected to be the last also fetches, as far
as the allowance goes, what another request might be needed for."""

from __future__ import annotations

from search.backends.remote import RemoteIndex

MOST_REQUESTS, MOST_BYTES = 5, 5_600_000
"""Of a question, if it can be; it takes more where its answer depends on more. The goal are 6 MB: what is fetched in
advance is estimated."""


class Allowance:
    """That of one question, which begins now in this thread."""

    def __init__(self, remote: RemoteIndex) -> None:
        self._remote = remote
        self._began = remote.cost()

    @property
    def is_last(self) -> bool:
        """Whether the next request should be the last one."""
        return self._remote.cost().requests - self._began.requests >= MOST_REQUESTS - 1

    def has_room(self, size: float) -> bool:
        """Whether so many bytes fit into the rest."""
        return size <= MOST_BYTES - (self._remote.cost().bytes - self._began.bytes)
