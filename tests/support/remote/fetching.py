"""How much of a remote index a search fetches at once, and how many windows it looks at: with smaller numbers, few
episodes do for a test."""

from __future__ import annotations

import pytest

from indexer.store.cluster.documents import text_parts
from search.retrieval import moments
from search.retrieval.pruning import regions, top_k, untimed_episodes
from search.retrieval.remote import next_fetch
from search.retrieval.remote.fetching import (
    allowance,
    episodes_meeting,
    fetched_episodes,
    likeliest_episodes,
    listed_episodes,
)
from search.retrieval.remote.held import episode_body, held_episodes, parted_text
from search.retrieval.remote.projection import wanted_decks
from search.retrieval.remote.selection import heard_episodes, needed_episodes
from search.retrieval.remote.snapshots import whole_snapshot

_REMOTE = episodes_meeting, fetched_episodes, held_episodes, likeliest_episodes, listed_episodes, needed_episodes
_HOMES = (
    *_REMOTE,
    allowance,
    episode_body,
    parted_text,
    heard_episodes,
    next_fetch,
    wanted_decks,
    whole_snapshot,
    moments,
    regions,
    top_k,
    untimed_episodes,
    text_parts,
)

ONLY_SHOWN_WHOLE = {"FEW": 0, "ALL_AT_ONCE": 0, "MOST_REQUESTS": 100}
"""What is not shown is fetched in part, and never all of it because the index is small, nor whole because a request
should be the last."""


def set_sizes(monkeypatch: pytest.MonkeyPatch, **sizes: int) -> None:
    """Sets constants by their names, wherever fetching and ranking use them."""
    for name, size in sizes.items():
        homes = [module for module in _HOMES if hasattr(module, name)]
        assert homes, name
        for module in homes:
            monkeypatch.setattr(module, name, size)
