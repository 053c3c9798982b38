"""Parts of the episodes, for as many machines to index into one library at once."""

from __future__ import annotations

import hashlib
from typing import TypeAlias

Part: TypeAlias = tuple[int, int]
"""(k, n): the k-th of n parts of all episodes, from 1."""
WHOLE: Part = (1, 1)


def is_in_part(episode_id: str, part: Part) -> bool:
    """True for an episode that a part has, by a hash of its id."""
    number, count = part
    digest = hashlib.sha256(episode_id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count == number - 1
