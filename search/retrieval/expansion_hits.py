"""Expansion hits: hits that are not exact, and where they count.

An expansion counts only where nothing better for the same term is nearby; a backed one also needs another term of the
query nearby, exact or expanded. So homophones of one word never add up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from search.retrieval.resolved import ResolvedTerm
from search.retrieval.windows import Hit


def counting(hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach_ms: int) -> list[int]:
    """The indexes of the hits that count towards a score. `at` are the times of the hits in milliseconds."""
    said = _by_term(hits, at, terms)
    return [
        index
        for index in allowed(hits, at, terms, reach_ms)
        if terms[hits[index][1]].is_exact or not _said_better(terms, hits[index][1], at[index], said, reach_ms)
    ]


def allowed(hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm], reach_ms: int) -> list[int]:
    """The indexes of all hits except backed ones without another term nearby."""
    meant = [number if term.stands_for is None else term.stands_for for number, term in enumerate(terms)]
    said: list[tuple[int, int]] | None = None
    kept = []
    for index, (_, number, _) in enumerate(hits):
        if terms[number].backed:
            if said is None:
                said = sorted((time, meant[hit[1]]) for time, hit in zip(at, hits, strict=True))
            begin = bisect_left(said, (at[index] - reach_ms, -1))
            end = bisect_right(said, (at[index] + reach_ms, len(terms)))
            if all(other == meant[number] for _, other in said[begin:end]):
                continue
        kept.append(index)
    return kept


def _by_term(hits: Sequence[Hit], at: Sequence[int], terms: Sequence[ResolvedTerm]) -> dict[int, list[tuple[int, int]]]:
    """exact term -> (time, term) of its hits and those of its expansions, in order."""
    said: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for (_, number, _), time in zip(hits, at, strict=True):
        stands_for = terms[number].stands_for
        said[number if stands_for is None else stands_for].append((time, number))
    for places in said.values():
        places.sort()
    return said


def _said_better(
    terms: Sequence[ResolvedTerm], number: int, time: int, said: dict[int, list[tuple[int, int]]], reach_ms: int
) -> bool:
    """True if the exact term or a better expansion is nearby; better ones have lower numbers."""
    stands_for = terms[number].stands_for
    assert stands_for is not None
    places = said[stands_for]
    at = bisect_left(places, (time - reach_ms, -1))
    while at < len(places) and places[at][0] <= time + reach_ms:
        if places[at][1] < number:
            return True
        at += 1
    return False
