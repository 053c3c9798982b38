"""Windows over the matched positions of one episode: pure functions on plain lists."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from indexer.timeline import Times
from search.scoring import Weights, saturated
from search.terms import Term

Hit: TypeAlias = tuple[int, int, int]
"""One occurrence: (atom position, term number, number of the alternative). A bare tuple: there are many."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hits of one episode that belong together, in order, and the score of its best stretch."""

    episode: int
    hits: tuple[Hit, ...]
    score: float


def gather_hits(terms: Sequence[Term], numbers: Iterable[int], episode: int) -> list[Hit]:
    """All occurrences of the numbered terms in an episode, in order."""
    hits = [
        (position, number, alternative)
        for number in numbers
        for alternative, how in enumerate(terms[number].alternatives)
        for position in how.source.positions(episode)
    ]
    hits.sort()
    return hits


def hit_times(hits: Iterable[Hit], times: Times) -> list[int]:
    """The start of the cue of each hit, in milliseconds; `hits` are in order."""
    first, starts, cue, at = times.first, times.starts, 0, []
    for position, _, _ in hits:
        if position >= first[cue + 1]:
            cue = bisect_right(first, position, cue + 1) - 1
        at.append(starts[cue])
    return at


def count_gains(weights: Weights) -> list[float]:
    """What each further occurrence of a term adds, for as many as a window can hold."""
    most = 2 * weights.window_atoms
    return [saturated(count + 1, weights) - saturated(count, weights) for count in range(most)]


def slide(
    hits: Sequence[Hit],
    at: Sequence[int],
    span_ms: int,
    term_weights: Sequence[float],
    gains: Sequence[float],
    weights: Weights,
) -> list[tuple[float, int, int]]:
    """(score, begin, end) of the window that begins at each hit: hits[begin:end] lie within `span_ms`.

    `at` are the times of the hits, `gains` come from `count_gains`. The scores are those of
    `search.scoring.window_score`, kept up as hits come and go. Where times go backwards or stand still,
    the atoms bound the window.
    """
    counts = [0] * len(term_weights)
    total = sum(term_weights)
    spans = []
    end, score, covered = 0, 0.0, 0.0
    for begin, hit in enumerate(hits):
        last_atom, last_time = hit[0] + weights.window_atoms, at[begin] + span_ms
        # Every hit is taken in, its own at least: where times go backwards it stands alone.
        while end < len(hits) and (end == begin or (hits[end][0] <= last_atom and at[end] <= last_time)):
            term = hits[end][1]
            weight, count = term_weights[term], counts[term]
            score += weight * gains[count]
            covered += 0.0 if count else weight
            counts[term] = count + 1
            end += 1
        spans.append((score * covered / total if total else 0.0, begin, end))
        term = hit[1]
        weight, count = term_weights[term], counts[term] - 1
        score -= weight * gains[count]
        covered -= 0.0 if count else weight
        counts[term] = count
    return spans


def keep_apart(candidates: Iterable[tuple[int, Window]], apart_ms: int, most: int | None = None) -> list[Window]:
    """Of (start, window) pairs, best first, those that begin far enough from every better one, `most` of them."""
    kept: list[Window] = []
    taken: list[int] = []
    for start, window in candidates:
        place = bisect_left(taken, start)
        near = taken[max(0, place - 1) : place + 1]
        if all(abs(start - other) >= apart_ms for other in near):
            taken.insert(place, start)
            kept.append(window)
            if len(kept) == most:
                break
    return kept


def group(hits: Sequence[Hit], at: Sequence[int], apart_ms: int) -> list[tuple[int, int]]:
    """(begin, end) of groups that hold every hit once; each begins at least `apart_ms` after the one before."""
    groups: list[tuple[int, int]] = []
    begin = 0
    for end in range(1, len(hits) + 1):
        if end == len(hits) or abs(at[end] - at[begin]) >= apart_ms:
            groups.append((begin, end))
            begin = end
    return groups
