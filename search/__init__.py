"""Searches an index and returns moments.

>>> import search
>>> with search.open_library("my-index") as library:          # doctest: +SKIP
...     for moment in library.search("强化学习", limit=3):
...         print(moment.episode.title, moment.start)
"""

from __future__ import annotations

from search.context import Margin
from search.library import Library, open_library
from search.query.tree import Filter
from search.results import CueLine, EpisodeCount, Match, Moment, Result

__all__ = ["CueLine", "EpisodeCount", "Filter", "Library", "Margin", "Match", "Moment", "Result", "open_library"]
