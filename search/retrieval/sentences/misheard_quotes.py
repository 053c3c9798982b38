"""Where a window quotes the query at length, but for characters that were misheard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.positions.token_stream import Region
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.sentences.ordered_pairs import in_order_pairs
from search.retrieval.windows import Hit, length_of
from search.scoring import SENTENCES

if TYPE_CHECKING:
    from indexer.core.positions.token_stream import Stream


def misheard_quote(
    text: Sequence[str], stream: Stream, region: Region, hits: Sequence[Hit], terms: Sequence[ResolvedTerm]
) -> int | None:
    """Returns the atom at which a text begins in a region of a stream: the first of the hits there that sounds like
    half of it or more, else where most of its bigrams are in order; None if fewer of them are than make a sentence a
    remembered one."""
    for hit in hits:
        if 2 * length_of(hit, terms) >= len(text) and not terms[hit[1]].is_exact:
            return hit[0]
    pairs, offset = in_order_pairs(stream.coded(text), stream.units(*region))
    return region[0] + max(0, offset) if pairs >= SENTENCES.remembered * (len(text) - 1) else None
