"""How close the terms of a group are, and what text shares with the query."""

from __future__ import annotations

from collections.abc import Sequence

_FAR = 1 << 62


def close_gains(places: Sequence[int], ranks: Sequence[int], weights: Sequence[float], half: float) -> list[float]:
    """Returns what each pair of different terms adds to the closeness of hits at ascending positions: the lesser
    weight, halved at a distance of `half` atoms. The lesser weight is that of the higher rank.

    >>> close_gains([0, 8, 30], [1, 0, 0], [2.0, 1.0], 8.0)
    [0.5]
    """
    size = len(weights)
    last: dict[int, int] = {}  # rank -> its last position; the term that came last is last
    nearest: dict[int, int] = {}
    known = nearest.get
    for place, rank in zip(places, ranks, strict=True):
        before, row = last.pop(rank, -1), rank * size
        for other, at in reversed(last.items()):
            if at <= before:
                break  # this term was closer to all that remain where it occurred before
            pair = row + other if rank > other else other * size + rank
            if place - at < known(pair, _FAR):
                nearest[pair] = place - at
        last[rank] = place
    return [weights[pair // size] / (1.0 + distance / half) for pair, distance in nearest.items()]


def shared_gains(said: str, grams: Sequence[tuple[str, float]]) -> list[float]:
    """Returns the gains of those grams (text, gain) that are in what was said."""
    return [gain for gram, gain in grams if gram in said]
