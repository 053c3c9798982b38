"""The hot loops of a search: compiled where they could be (`*.c`), else the same functions in Python (`pure`).

Each function has a docstring in `pure`; both give equal results. The environment variable PODSEEK_PURE chooses the
Python ones, as does an extension that was built from another version of the source.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

VERSION = 10
"""That of the functions' arguments and results, also in module.c."""

if TYPE_CHECKING:
    from types import ModuleType

    from indexer.core.native.pure_extents import joined_extents
    from indexer.core.native.pure_groups import close_gains, group_bounds, grouped, shared_gains
    from indexer.core.native.pure_hits import counted, hit_times, merged, outside_wholes, times_at, within
    from indexer.core.native.pure_nearness import best_means, largest, products, standardized
    from indexer.core.native.pure_regions import competing_regions, likely_regions
    from indexer.core.native.pure_shapes import by_bit, by_cut, by_text
    from indexer.core.native.pure_streams import dense_groups, find, find_in_all, least, mark_triples, sign
    from indexer.core.native.pure_text import find_each, unbroken
    from indexer.core.native.pure_windows import beside, block_totals, reaches, slide

__all__ = [
    "beside",
    "best_means",
    "block_totals",
    "by_bit",
    "by_cut",
    "by_text",
    "close_gains",
    "competing_regions",
    "counted",
    "dense_groups",
    "find",
    "find_each",
    "find_in_all",
    "group_bounds",
    "grouped",
    "hit_times",
    "is_compiled",
    "joined_extents",
    "largest",
    "least",
    "likely_regions",
    "mark_triples",
    "merged",
    "outside_wholes",
    "products",
    "reaches",
    "shared_gains",
    "sign",
    "slide",
    "standardized",
    "times_at",
    "unbroken",
    "within",
]


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
    globals().update({name: getattr(_functions, name) for name in __all__ if name != "is_compiled"})
