"""The hot loops of a search: compiled where they could be (`*.c`), else the same functions in Python (`pure`).

Each function has a docstring in `pure`; both give equal results. The environment variable PODSEEK_PURE chooses the
Python ones, as does an extension that was built from another version of the source.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

VERSION = 15
"""That of the functions' arguments and results, also in module.c."""

if TYPE_CHECKING:
    from types import ModuleType

    from indexer.core.native.pure_bounds import episode_bounds as episode_bounds
    from indexer.core.native.pure_bounds import most_gains as most_gains
    from indexer.core.native.pure_bounds import terms_in as terms_in
    from indexer.core.native.pure_checksums import damaged_block as damaged_block
    from indexer.core.native.pure_extents import joined_extents as joined_extents
    from indexer.core.native.pure_groups import close_gains as close_gains
    from indexer.core.native.pure_groups import group_bounds as group_bounds
    from indexer.core.native.pure_groups import group_mosts as group_mosts
    from indexer.core.native.pure_groups import grouped as grouped
    from indexer.core.native.pure_groups import shared_gains as shared_gains
    from indexer.core.native.pure_hits import counted as counted
    from indexer.core.native.pure_hits import hit_times as hit_times
    from indexer.core.native.pure_hits import merged as merged
    from indexer.core.native.pure_hits import outside_wholes as outside_wholes
    from indexer.core.native.pure_hits import times_at as times_at
    from indexer.core.native.pure_hits import within as within
    from indexer.core.native.pure_nearness import best_means as best_means
    from indexer.core.native.pure_nearness import largest as largest
    from indexer.core.native.pure_nearness import products as products
    from indexer.core.native.pure_nearness import standardized as standardized
    from indexer.core.native.pure_pairs import likely_pairs as likely_pairs
    from indexer.core.native.pure_pairs import tally_pairs as tally_pairs
    from indexer.core.native.pure_pairs import translated as translated
    from indexer.core.native.pure_regions import competing_regions as competing_regions
    from indexer.core.native.pure_regions import likely_regions as likely_regions
    from indexer.core.native.pure_shapes import by_bit as by_bit
    from indexer.core.native.pure_shapes import by_cut as by_cut
    from indexer.core.native.pure_shapes import by_text as by_text
    from indexer.core.native.pure_streams import dense_groups as dense_groups
    from indexer.core.native.pure_streams import find as find
    from indexer.core.native.pure_streams import find_in_all as find_in_all
    from indexer.core.native.pure_streams import least as least
    from indexer.core.native.pure_streams import sign as sign
    from indexer.core.native.pure_text import find_each as find_each
    from indexer.core.native.pure_text import unbroken as unbroken
    from indexer.core.native.pure_triples import mark_triples as mark_triples
    from indexer.core.native.pure_windows import beside as beside
    from indexer.core.native.pure_windows import block_totals as block_totals
    from indexer.core.native.pure_windows import reaches as reaches
    from indexer.core.native.pure_windows import slide as slide
    from indexer.core.native.pure_words import tally as tally
    from indexer.core.native.pure_words import word_numbers as word_numbers
    from indexer.core.native.pure_words import word_starts as word_starts


def _compiled() -> ModuleType | None:
    if os.environ.get("PODSEEK_PURE"):
        return None
    try:
        from indexer.core.native import compiled
    except ImportError:
        return None
    return compiled if getattr(compiled, "VERSION", None) == VERSION else None


_functions = _compiled()
is_compiled = _functions is not None

if not TYPE_CHECKING:
    if _functions is None:
        from indexer.core.native import pure as _functions
    globals().update({name: one for name, one in vars(_functions).items() if callable(one) and name[0] != "_"})
