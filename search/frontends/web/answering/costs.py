"""Estimates the cost of a page before it is made, by which waiting requests are ordered, and limits its time."""

from __future__ import annotations

from collections.abc import Mapping

WHILE_TYPING = 3.0
"""Seconds for moments that are shown while someone types. What is typed next, or Enter, asks anew; with Enter all the
time is taken that there is."""
_PAGE, _WORD, _READER, _ALL = 0.01, 0.012, 0.02, 0.2
"""Seconds of processor time, as measured over a million cues: of a page, of each word of its query, of a transcript,
and of counting all moments."""


def cost_of(path: str, params: Mapping[str, str]) -> float:
    """Seconds of processor time that the page at a path, without the prefix of the index, with these parameters will
    take, roughly."""
    cost = _WORD * len(params.get("q", "")[:400].split())
    if "counts" in params:
        cost += _ALL
    if params.get("part") != "results":
        cost += _READER if "/episode/" in path else _PAGE
    return cost


def limit_of(params: Mapping[str, str]) -> float | None:
    """Seconds within which a page must be made; None for the usual time."""
    return WHILE_TYPING if params.get("part") == "results" and "counts" not in params else None
