"""Where a window quotes the query at length, but for characters that were misheard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.token_stream import Region
from search.retrieval.running_text import in_order_pairs
from search.scoring import SENTENCES

if TYPE_CHECKING:
    from indexer.core.token_stream import Stream


def misheard_quote(text: Sequence[str], stream: Stream, region: Region) -> int | None:
    """Returns the atom at which a text begins in a region of a stream, by most of its bigrams that are in order there;
    None if fewer of them are than make a sentence a remembered one."""
    pairs, offset = in_order_pairs(stream.coded(text), stream.units(*region))
    return region[0] + max(0, offset) if pairs >= SENTENCES.remembered * (len(text) - 1) else None
