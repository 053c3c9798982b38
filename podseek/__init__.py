"""podseek as a library: index transcripts, search what was said, get the second it was said.

>>> import podseek
>>> report = podseek.index_paths(["corpus"], "my-index")                   # doctest: +SKIP
>>> with podseek.open_library("my-index") as library:                      # doctest: +SKIP
...     for moment in library.search("强化学习", limit=3):
...         print(moment.episode.title, moment.start)

The names here are public and stable; other modules of `indexer` and `search` may change. Modules are loaded on first
use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.core.embedding.embedder import Embedder, NoMeaning
    from indexer.core.errors import IndexBusy, IndexProblem, PodseekProblem, QueryProblem
    from indexer.core.types import Complaint, Episode
    from indexer.forgetting import forget
    from indexer.update import Report, index_paths
    from search.api import CueLine, Margin, Match, Moment, Result, SearchRequest
    from search.library import Library, open_library
    from search.query.deadline import Deadline
    from search.query.syntax import Filter
    from search.results.counts import EpisodeCount

_HOME = {
    "Complaint": "indexer.core.types",
    "CueLine": "search.api",
    "Deadline": "search.query.deadline",
    "Embedder": "indexer.core.embedding.embedder",
    "Episode": "indexer.core.types",
    "EpisodeCount": "search.results.counts",
    "Filter": "search.query.syntax",
    "IndexBusy": "indexer.core.errors",
    "IndexProblem": "indexer.core.errors",
    "Library": "search.library",
    "Margin": "search.api",
    "Match": "search.api",
    "Moment": "search.api",
    "NoMeaning": "indexer.core.embedding.embedder",
    "PodseekProblem": "indexer.core.errors",
    "QueryProblem": "indexer.core.errors",
    "Report": "indexer.update",
    "Result": "search.api",
    "SearchRequest": "search.api",
    "forget": "indexer.forgetting",
    "index_paths": "indexer.update",
    "open_library": "search.library",
}
"""Public name -> the module it lives in."""

__all__ = [  # noqa: PLE0604, RUF100
    "Complaint",
    "CueLine",
    "Deadline",
    "Embedder",
    "Episode",
    "EpisodeCount",
    "Filter",
    "IndexBusy",
    "IndexProblem",
    "Library",
    "Margin",
    "Match",
    "Moment",
    "NoMeaning",
    "PodseekProblem",
    "QueryProblem",
    "Report",
    "Result",
    "SearchRequest",
    "forget",
    "index_paths",
    "open_library",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
