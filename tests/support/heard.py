"""What a search finds in a few cues that are far apart, and how it was matched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search import Moment
from support.library import Tools, spaced

APART = 40.0
"""Seconds of a cue: each is a moment of its own."""


def hits(moments: Iterable[Moment]) -> list[str]:
    """What is matched in each moment and how, best moment first."""
    return [" ".join(f"{match.text}/{match.how}" for match in moment.matches) for moment in moments]


def heard(tools: Tools, texts: Sequence[str], query: str, exact: bool = False) -> list[str]:
    with tools.library({"a": spaced(texts, APART)}) as library:
        return hits(library.search(query, limit=None, exact=exact))
