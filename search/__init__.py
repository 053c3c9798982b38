"""Searches an index and returns moments.

>>> import search
>>> with search.open_library("my-index") as library:          # doctest: +SKIP
...     for moment in library.search("强化学习", limit=3):
...         print(moment.episode.title, moment.start)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.api import CueLine, Margin, Match, Moment, Result, SearchRequest
    from search.library import Library, open_library
    from search.query.deadline import Deadline
    from search.query.syntax import Filter
    from search.results.counts import EpisodeCount

_HOME = {
    "results.counts": ("EpisodeCount",),
    "query.deadline": ("Deadline",),
    "library": ("Library", "open_library"),
    "query.syntax": ("Filter",),
    "api": ("CueLine", "Margin", "Match", "Moment", "Result", "SearchRequest"),
}

__all__ = [
    "CueLine",
    "Deadline",
    "EpisodeCount",
    "Filter",
    "Library",
    "Margin",
    "Match",
    "Moment",
    "Result",
    "SearchRequest",
    "open_library",
]


def __getattr__(name: str) -> Any:
    # The command line imports this package for its printers; names are therefore loaded only on first use.
    for module, names in _HOME.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"search.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
