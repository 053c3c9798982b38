"""Reads transcripts and maintains the index.

>>> import indexer
>>> report = indexer.index_paths(["corpus"], "my-index")      # doctest: +SKIP
>>> report.added                                              # doctest: +SKIP
14
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.forgetting import forget
    from indexer.update import Report, index_paths

__all__ = ["Report", "forget", "index_paths"]


def __getattr__(name: str) -> Any:
    # A search imports this package for its shared core only; the indexing side is loaded on first use.
    if name in __all__:
        from indexer import forgetting, update

        return getattr(forgetting if name == "forget" else update, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
