"""Example queries: words frequent in a few episodes of an index, so that a first search has results."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import is_single

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_TRIED = 4000
"""Maximum number of words examined; the whole vocabulary would take seconds."""
_LEAST = 4
"""Occurrences of an example."""
_LONGEST = 12
"""Characters."""
_MUCH = 12.0
"""Occurrences in an episode; what is said more often is the refrain of a song, or the name in a story."""
_FEW = 3
"""Episodes that count fully for a word in a small library; in a large one it is a twentieth of all."""


def example_words(snapshot: Snapshot, amount: int = 8) -> Sequence[str]:
    """Words that are said often in some episodes: those of most occurrences an episode, among the words that are in at
    most a third of the episodes, but rather in several than in one. The same for the same commit."""
    words = [word for word in snapshot.words() if _is_topic(word)]
    chosen = random.Random(0).sample(words, min(_TRIED, len(words)))
    rated = []
    wide = max(_FEW, snapshot.episode_count // 20)
    for word in chosen:
        count = snapshot.word_count(word)
        if count < _LEAST:
            continue
        episodes = snapshot.word_spread(word)
        if episodes <= max(1, snapshot.episode_count // 3):
            rated.append((min(count / episodes, _MUCH) * min(episodes, wide), word))
    together = "\n".join(["", *words, ""])
    best = (word for _, word in sorted(rated, reverse=True))
    return list(islice((word for word in best if not _is_part(snapshot, word, together)), amount))


def _is_part(snapshot: Snapshot, word: str, words: str) -> bool:
    """True for a part of a longer word that is nowhere said outside it, such as 务器 of 服务器: a vocabulary also holds
    the parts of words. `words` are all words, one a line."""
    count = snapshot.word_count(word)
    at = words.find(word)
    while at >= 0:
        end = words.index("\n", at)
        longer = words[words.rindex("\n", 0, at) + 1 : end]
        if longer != word and snapshot.word_count(longer) >= count:
            return True
        at = words.find(word, end)
    return False


def _is_topic(word: str) -> bool:
    """True for a word of two characters or more, without digits."""
    return 2 <= len(word) <= _LONGEST and is_single(word[0]) and not any(map(str.isdigit, word))
