"""The hot loops in Python: the twins of the C functions, a file for each of theirs, and what each of them means.

A hit is (position, term, alternative); positions are indices of atoms, times milliseconds. Sequences of integers may be
lists, tuples, arrays or memoryviews.
"""

from __future__ import annotations

from typing import Any

from indexer.core.native.pure_bounds import episode_bounds, most_gains, terms_in
from indexer.core.native.pure_checksums import damaged_block
from indexer.core.native.pure_groups import (
    close_gains,
    group_bounds,
    group_mosts,
    grouped,
    most_closeness,
    shared_gains,
)
from indexer.core.native.pure_hits import PART, WHOLE, counted, hit_times, merged, outside_wholes, times_at, within
from indexer.core.native.pure_streams import dense_groups, find, find_in_all, least, looking_for, sign
from indexer.core.native.pure_text import find_each, unbroken
from indexer.core.native.pure_triples import mark_triples
from indexer.core.native.pure_windows import beside, block_totals, reaches, slide

__all__ = [
    "PART",
    "WHOLE",
    "beside",
    "best_means",
    "block_totals",
    "by_bit",
    "by_cut",
    "by_text",
    "close_gains",
    "competing_regions",
    "counted",
    "damaged_block",
    "dense_groups",
    "episode_bounds",
    "find",
    "find_each",
    "find_in_all",
    "group_bounds",
    "group_mosts",
    "grouped",
    "hit_times",
    "joined_extents",
    "largest",
    "least",
    "likely_pairs",
    "likely_regions",
    "looking_for",
    "mark_triples",
    "merged",
    "most_closeness",
    "most_gains",
    "outside_wholes",
    "products",
    "reaches",
    "shared_gains",
    "sign",
    "slide",
    "standardized",
    "tally",
    "tally_pairs",
    "terms_in",
    "times_at",
    "translated",
    "unbroken",
    "within",
    "word_numbers",
    "word_starts",
]


def joined_extents(*arguments: Any) -> tuple[list[int], list[int], list[int]]:
    """See `pure_extents`, which few searches need."""
    from indexer.core.native import pure_extents

    return pure_extents.joined_extents(*arguments)


def likely_regions(*arguments: Any) -> tuple[float, list[tuple[int, int]]]:
    """See `pure_regions`."""
    from indexer.core.native import pure_regions

    return pure_regions.likely_regions(*arguments)


def competing_regions(*arguments: Any) -> list[list[tuple[int, int]]]:
    """See `pure_regions`."""
    from indexer.core.native import pure_regions

    return pure_regions.competing_regions(*arguments)


def by_text(*arguments: Any) -> dict[bytes, list[int]]:
    """See `pure_shapes`."""
    from indexer.core.native import pure_shapes

    return pure_shapes.by_text(*arguments)


def by_cut(*arguments: Any) -> tuple[list[int], list[int], list[int]]:
    """See `pure_shapes`."""
    from indexer.core.native import pure_shapes

    return pure_shapes.by_cut(*arguments)


def by_bit(*arguments: Any) -> tuple[list[int], list[int]]:
    """See `pure_shapes`."""
    from indexer.core.native import pure_shapes

    return pure_shapes.by_bit(*arguments)


def products(*arguments: Any) -> bytes:
    """See `pure_nearness`."""
    from indexer.core.native import pure_nearness

    return pure_nearness.products(*arguments)


def standardized(*arguments: Any) -> bytes:
    """See `pure_nearness`."""
    from indexer.core.native import pure_nearness

    return pure_nearness.standardized(*arguments)


def best_means(*arguments: Any) -> bytes:
    """See `pure_nearness`."""
    from indexer.core.native import pure_nearness

    return pure_nearness.best_means(*arguments)


def largest(*arguments: Any) -> list[int]:
    """See `pure_nearness`."""
    from indexer.core.native import pure_nearness

    return pure_nearness.largest(*arguments)


def word_numbers(*arguments: Any) -> bytes:
    """See `pure_words`."""
    from indexer.core.native import pure_words

    return pure_words.word_numbers(*arguments)


def tally(*arguments: Any) -> int:
    """See `pure_words`."""
    from indexer.core.native import pure_words

    return pure_words.tally(*arguments)


def tally_pairs(*arguments: Any) -> None:
    """See `pure_pairs`."""
    from indexer.core.native import pure_pairs

    pure_pairs.tally_pairs(*arguments)


def likely_pairs(*arguments: Any) -> bytes:
    """See `pure_pairs`."""
    from indexer.core.native import pure_pairs

    return pure_pairs.likely_pairs(*arguments)


def translated(*arguments: Any) -> bytes:
    """See `pure_pairs`."""
    from indexer.core.native import pure_pairs

    return pure_pairs.translated(*arguments)


def word_starts(*arguments: Any) -> bytes:
    """See `pure_words`."""
    from indexer.core.native import pure_words

    return pure_words.word_starts(*arguments)
