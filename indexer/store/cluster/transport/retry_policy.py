"""How long a client waits for a cluster."""

from __future__ import annotations

from indexer.core.named_tuples import NamedTuple


class RetryPolicy(NamedTuple):
    """How long to try: how often each node is asked, the seconds of one request, and those before all nodes are asked
    again, doubled each time. After `longest` seconds no further try begins: nodes that take requests and never answer
    would otherwise cost `seconds` each time."""

    tries: int = 8
    seconds: float = 60.0
    first_wait: float = 0.25
    longest: float = 180.0


WHILE_WAITING = RetryPolicy(tries=3, seconds=30.0, first_wait=0.1, longest=45.0)
"""A person waits for the answer."""
